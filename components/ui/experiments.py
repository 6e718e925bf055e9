"""The experiments that Home offers, everything about them set."""

from dataclasses import dataclass

from components.recipe import (
    Chat,
    ClassifySequences,
    ClassifyTexts,
    DatasetReference,
    Forecast,
    Generated,
    ModelLanguage,
    Optimizer,
    Preparation,
    Recipe,
    Recurrent,
    RegressSequences,
    Sample,
    Training,
    Transcribe,
    Translate,
)


@dataclass(frozen=True)
class Card:
    """An experiment with everything set."""

    key: str
    title: str
    sentence: str
    recipe: Recipe


CARDS: tuple[Card, ...] = (
    Card(
        "sunspots",
        "Forecast sunspots",
        "Sunspots rise and fall in cycles of about eleven years. Forecast the next eleven years.",
        Recipe(
            dataset=Sample(name="sunspots"),
            task=Forecast(
                target="sunspots",
                window=22,
                horizon=11,
                season=11,
                base="pretrained",
                loss="quantile",
                lower_bound=0,
            ),
            model=Recurrent(kind="gru", units=24, dropout=0.2),
            optimizer=Optimizer(learning_rate=0.001),
            training=Training(batch=16, epochs=100, patience=25),
        ),
    ),
    Card(
        "co2",
        "CO₂ over Mauna Loa",
        "CO₂ rises every year and swings with the seasons. Can a network learn both?",
        Recipe(
            dataset=Sample(name="co2"),
            task=Forecast(target="co2", window=104, horizon=52, season=52, transform="seasonal_difference"),
            model=Recurrent(kind="lstm", units=32),
            optimizer=Optimizer(learning_rate=0.001),
            training=Training(batch=64, epochs=20, patience=6),
        ),
    ),
    Card(
        "seattle_weather",
        "Forecast Seattle's temperature",
        "Learn from four years of daily weather. How warm will the next week be?",
        Recipe(
            dataset=Sample(name="seattle_weather"),
            task=Forecast(
                target="temp_max",
                covariates=("temp_min", "precipitation", "wind"),
                window=30,
                horizon=7,
                season=365,
                transform="difference",
            ),
            model=Recurrent(kind="gru", units=24, dropout=0.2),
            training=Training(epochs=30, patience=10),
        ),
    ),
    Card(
        "share_prices",
        "Why share prices are hard to forecast",
        "Yesterday's price is a very good forecast. See how hard it is to beat.",
        Recipe(
            dataset=Sample(name="share_prices"),
            task=Forecast(target="close", window=30, horizon=5, transform="difference"),
            model=Recurrent(kind="lstm", units=32, dropout=0.2),
            training=Training(batch=64, epochs=15, patience=8),
        ),
    ),
    Card(
        "el_nino",
        "Forecast El Niño",
        "Every few years the Pacific warms up and changes weather around the world. When will it do so next?",
        Recipe(
            dataset=Sample(name="el_nino"),
            task=Forecast(target="temperature", window=36, horizon=12, season=12),
            model=Recurrent(kind="gru", units=32, attention="additive", dropout=0.1),
            training=Training(epochs=60, patience=15),
        ),
    ),
    Card(
        "electrical_equipment",
        "Forecast factory sales",
        "Summer breaks, growth and a crisis, in a series so short that big models overfit.",
        Recipe(
            dataset=Sample(name="electrical_equipment"),
            task=Forecast(
                target="turnover",
                window=24,
                horizon=12,
                season=12,
                base="pretrained",
                loss="quantile",
                lower_bound=0,
            ),
            model=Recurrent(kind="lstm", units=16, dropout=0.2),
            optimizer=Optimizer(learning_rate=0.001),
            training=Training(batch=16, epochs=60, patience=20),
        ),
    ),
    Card(
        "pretrained",
        "A network that has seen a million series",
        "It learnt from generated series only and forecasts this one at once. Then see what your data add.",
        Recipe(
            dataset=Sample(name="us_macro"),
            task=Forecast(target="gdp", window=16, horizon=8, season=4, base="pretrained", loss="quantile"),
            model=Recurrent(kind="gru", units=16, dropout=0.2),
            optimizer=Optimizer(learning_rate=0.001),
            training=Training(batch=16, epochs=60, patience=20),
        ),
    ),
    Card(
        "us_jobs",
        "Fifteen industries, one model",
        "One global model learns the employment of fifteen industries and forecasts half a year of each.",
        Recipe(
            dataset=Sample(name="us_jobs"),
            task=Forecast(
                target="education and health",
                together=(
                    *("mining and logging", "construction", "durable goods", "nondurable goods"),
                    *("wholesale trade", "retail trade", "transport and warehouses", "utilities"),
                    *("information", "finance", "professional and business services"),
                    *("leisure and hospitality", "other services", "government"),
                ),
                window=36,
                horizon=6,
                season=12,
                base="classical",
                window_scaling="standard",
                loss="mae",
                lower_bound=0,
            ),
            model=Recurrent(kind="gru", units=16, dropout=0.5),
            optimizer=Optimizer(learning_rate=0.001),
            training=Training(batch=16, epochs=60, patience=None, weights="last"),
        ),
    ),
    Card(
        "sine",
        "Learn a sine wave in seconds",
        "The simplest series there is, with a little noise. Watch the forecast take shape.",
        Recipe(
            dataset=Generated(name="sine", length=600),
            task=Forecast(target="value", window=48, horizon=24, season=24),
            model=Recurrent(kind="lstm", units=16),
            preparation=Preparation(validation=0.15, test=0.15),
            training=Training(epochs=15),
        ),
    ),
    Card(
        "sentiment",
        "Positive or negative?",
        "Classify the sentiment of 4,000 posts, then try the model on a sentence of your own.",
        Recipe(
            dataset=Sample(name="tweets"),
            task=ClassifyTexts(longest=40, vocabulary=8000, embedding=48, balanced=True),
            model=Recurrent(kind="lstm", units=24, bidirectional=True, attention="dot", dropout=0.7),
            optimizer=Optimizer(learning_rate=0.002, schedule="cosine"),
            training=Training(batch=64, epochs=12, patience=4),
        ),
    ),
    Card(
        "control_charts",
        "Spot a machine's faults",
        "Normal, cyclic, trending or shifted: classify control charts into six patterns.",
        Recipe(
            dataset=Generated(name="control_charts", length=600),
            task=ClassifySequences(longest=60),
            model=Recurrent(kind="gru", units=32),
            optimizer=Optimizer(learning_rate=0.01),
            training=Training(epochs=40, patience=12),
        ),
    ),
    Card(
        "spoken_digits",
        "Recognise spoken digits",
        "Train on seventy synthetic voices that say zero to nine, then speak a digit yourself.",
        Recipe(
            dataset=Sample(name="spoken_digits"),
            task=ClassifySequences(longest=80),
            model=Recurrent(kind="gru", units=48, bidirectional=True, attention="additive", dropout=0.5),
            optimizer=Optimizer(learning_rate=0.002, schedule="cosine"),
            training=Training(batch=64, epochs=14, patience=5),
        ),
    ),
    Card(
        "digit_strings",
        "Say a number",
        "“Four two seven”, said in one go by voices that it has never heard. Then say your own digits.",
        Recipe(
            dataset=Generated(name="digit_strings", length=2000),
            task=Transcribe(segment=3),
            model=Recurrent(kind="gru", units=48, layers=2, bidirectional=True, dropout=0.3),
            optimizer=Optimizer(learning_rate=0.003, schedule="cosine"),
            training=Training(batch=32, epochs=20, patience=None),
        ),
    ),
    Card(
        "adding",
        "The adding problem",
        "Two of a hundred numbers are marked. Adding them up is the classic test of long memory.",
        Recipe(
            dataset=Generated(name="adding", length=10_000),
            preparation=Preparation(validation=0.05, test=0.05),
            task=RegressSequences(longest=100, scaling="none", answer="none"),
            model=Recurrent(kind="lstm", units=32),
            training=Training(batch=64, epochs=22, patience=None),
        ),
    ),
    Card(
        "random_labels",
        "Overfit random labels",
        "An LSTM memorises 100 sequences whose labels are random. What does it predict for new ones?",
        Recipe(
            dataset=Generated(name="random_labels", length=100),
            preparation=Preparation(validation=0.2, test=0.3),
            task=ClassifySequences(longest=10),
            model=Recurrent(kind="lstm", units=50),
            training=Training(batch=16, epochs=60, patience=None),
        ),
    ),
    Card(
        "moby_dick",
        "Write like Moby Dick",
        "A character-level language model starts from nothing and writes a sample after every epoch.",
        Recipe(
            dataset=Sample(name="moby_dick"),
            task=ModelLanguage(level="character", window=50),
            model=Recurrent(kind="lstm", units=128),
            optimizer=Optimizer(learning_rate=0.002),
            training=Training(batch=50, epochs=8, patience=3),
        ),
    ),
    Card(
        "sonnets",
        "Write like Shakespeare",
        "154 sonnets aren't much to learn from: line breaks and rhythm appear long before sense.",
        Recipe(
            dataset=Sample(name="sonnets"),
            task=ModelLanguage(level="character", window=60, embedding=32),
            model=Recurrent(kind="gru", units=128, dropout=0.3),
            optimizer=Optimizer(learning_rate=0.003),
            training=Training(batch=32, epochs=30, patience=5),
        ),
    ),
    Card(
        "first_names",
        "Invent first names",
        "From 8,800 names a language model learns what names sound like and makes up new ones.",
        Recipe(
            dataset=Sample(name="first_names"),
            task=ModelLanguage(level="character", window=16, embedding=32),
            model=Recurrent(kind="gru", units=96),
            optimizer=Optimizer(learning_rate=0.004),
            training=Training(batch=32, epochs=20, patience=4),
        ),
    ),
    Card(
        "dates",
        "Read dates in eight languages",
        "“3 marzo 2031” becomes 2031-03-03. Watch attention find the day, the month and the year.",
        Recipe(
            dataset=Generated(name="dates", length=12_000),
            preparation=Preparation(validation=0.05, test=0.1),
            task=Translate(level="character", longest=60),
            model=Recurrent(units=32, bidirectional=True, attention="additive"),
            optimizer=Optimizer(learning_rate=0.005),
            training=Training(batch=100, epochs=6, patience=None),
        ),
    ),
    Card(
        "sums",
        "Learn addition digit by digit",
        "Sums as text, each number written backwards: the model has to discover carrying by itself.",
        Recipe(
            dataset=Generated(name="sums", length=50_000, parameters={"digits": 3, "backwards": 1}),
            preparation=Preparation(validation=0.05, test=0.05),
            task=Translate(level="character", longest=20),
            model=Recurrent(units=128),
            training=Training(batch=128, epochs=10, patience=None),
        ),
    ),
    Card(
        "french",
        "Translate English into French",
        "“A red house” is “une maison rouge”: watch attention cross where the word order changes.",
        Recipe(
            dataset=Generated(name="french", length=12_000),
            preparation=Preparation(validation=0.05, test=0.1),
            task=Translate(level="word", longest=40),
            model=Recurrent(units=64, bidirectional=True, attention="additive"),
            training=Training(batch=64, epochs=6, patience=None),
        ),
    ),
    Card(
        "small_talk",
        "A tiny chatbot and its limits",
        "It learns from 445 conversations. Chat with it, and see what it memorised and what it makes up.",
        Recipe(
            dataset=Sample(name="small_talk"),
            preparation=Preparation(validation=0.05, test=0.05),
            task=Chat(level="word", longest=30),
            model=Recurrent(units=64, bidirectional=True, attention="additive", dropout=0.2),
            training=Training(batch=32, epochs=40, patience=None, weights="last"),
        ),
    ),
)


def cards_on(reference: DatasetReference) -> tuple[Card, ...]:
    """Return the experiments on a dataset."""
    return tuple(card for card in CARDS if card.recipe.dataset == reference)
