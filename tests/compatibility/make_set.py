"""Make a compatibility set: real runs at every status, their files, recipes, links, and what they mean.

    python -m tests.compatibility.make_set FOLDER

`set/` was made by this script, with the Unroll of that day, and must never be made anew: what is tested by it
is that later versions open what earlier ones wrote. Run this by hand for a further set beside it, should a
format get new content, such as another task; the folder must not exist yet.
"""

import json
import os
import sqlite3
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any, get_args

import curl_cffi  # noqa: F401 - after TensorFlow it would take that one's curl for its own
import numpy as np
import pandas as pd

from components import data
from components.data.cleaning.doctor import propose
from components.data.sources import upload, yahoo
from components.data.sources.synthetic import GENERATORS
from components.engine.extra_trainings import train_fold, train_seed
from components.engine.train_job import job_portions
from components.errors import UnrollError
from components.recipe import (
    AddMissingTimes,
    AsPairs,
    AsSequences,
    AsTexts,
    Chat,
    ClassifySequences,
    ClassifyTexts,
    Clipping,
    DropColumns,
    DropRepeats,
    DropUntimed,
    FillMissing,
    Forecast,
    Generated,
    ModelLanguage,
    Optimizer,
    Preparation,
    Quotes,
    ReadNumbers,
    Recipe,
    Recurrent,
    RegressSequences,
    Resample,
    RoundTimes,
    Sample,
    SetTime,
    SortRows,
    SpreadColumn,
    StandardTime,
    StaticFeature,
    Training,
    Transformer,
    Translate,
    TreatAsMissing,
    Upload,
)
from components.recipe.cleaning import CleaningStep, TimePart, TimeUnit
from components.runs.store import RunStore
from components.settings import settings
from components.training.control import CommandQueue
from components.training.events import (
    Command,
    Event,
    Pause,
    Rewind,
    SetClip,
    SetLearningRate,
    SingleStep,
    Status,
    Stop,
)
from components.training.limits import Budget, Limits
from components.ui.experiments import CARDS
from tests.compatibility import archive

OWNER = "a" * 32
AT_ONCE = Limits(600, 2**40, 0)  # who pauses makes room at once
BRIEF = Training(batch=16, epochs=3, patience=None)

# --- Files that a visitor could have brought ---------------------------------------------------------


def _till() -> str:
    """Return an hourly table as an old till writes it: German numbers, gaps, repeats, −999, out of order."""
    chance, lines = np.random.default_rng(1), []
    for hour in range(170):
        moment = datetime(2024, 1, 8) + pd.Timedelta(hours=hour, seconds=(0, 0, 2, -1)[hour % 4])
        sold = 1500 + 700 * np.sin(hour / 24 * 2 * np.pi) + 40 * chance.normal()
        cell = "-999" if hour % 41 == 7 else f"{sold:,.2f} €".translate(str.maketrans(",.", ".,"))
        line = f"{moment:%d.%m.%Y;%H:%M:%S};{cell};{chance.poisson(30)};n{hour}"
        lines += [] if hour % 29 == 11 else [line] * (1 + (hour % 37 == 5))
    lines[3], lines[4] = lines[4], lines[3]
    return "\n".join(["Datum;Zeit;Umsatz;Kunden;Notiz", *lines, ";;;;"]) + "\n"


def _shops() -> str:
    """Return a table of three shops under each other, month by month, with what never changes in each."""
    chance, lines = np.random.default_rng(2), ["month,shop,country,area,sales"]
    for shop, country, area in (("Ada", "NL", 120), ("Bob", "DE", 80), ("Cem", "NL", 200)):
        for month, start in enumerate(pd.date_range("2018-01-01", periods=66, freq="MS")):
            sales = area * (2 + np.sin(month / 12 * 2 * np.pi) + 0.01 * month) + chance.normal()
            lines.append(f"{start:%Y-%m-%d},{shop},{country},{area},{sales:.2f}")
    return "\n".join(lines) + "\n"


def _opinions() -> str:
    things, words = (
        ("the soup", "this book", "the film", "our hotel", "the bus"),
        ("great", "fine", "awful", "bad"),
    )
    rows = [
        f"{thing} was {how} {word},{'good' if word in ('great', 'fine') else 'poor'}"
        for thing in things
        for word in words
        for how in ("really", "quite", "a bit", "so")
    ]
    return "\n".join(["opinion,sounds", *rows]) + "\n"


def _talk() -> str:
    names = ("ann", "ben", "cleo", "dan", "eve", "finn", "gus", "hal", "ida", "jon", "kim", "leo")
    rows = [f"hi i am {name},hello {name}" for name in names]
    rows += [f"what does {name} do,{name} sings and {name} reads" for name in names]
    rows += [f"where is {name},{name} is at home" for name in names]
    return "\n".join(["said,reply", *rows]) + "\n"


def _prose() -> str:
    return "\n".join(
        f"The {kind} {does} over the {where} and the {other} looks up."
        for kind in ("fox", "hen", "dog", "cat")
        for does in ("leaps", "runs", "flies")
        for where in ("wall", "brook", "hill")
        for other in ("cow", "ewe")
    )


def _gestures() -> str:
    lines = ["who,step,x,y,what"]
    for who in range(30):
        turn = 1 if who % 2 else -1
        steps = range(6 + who % 3)
        lines += [f"g{who},{n},{np.cos(n / 2):.3f},{turn * np.sin(n / 2):.3f},turn {turn}" for n in steps]
    return "\n".join(lines) + "\n"


def _upload(content: str | bytes, name: str) -> Upload:
    given = content.encode() if isinstance(content, str) else content
    return upload.accept(upload.store(BytesIO(given), name))[0]


def _workbook() -> bytes:
    from tests.data.readers.workbooks import Sheet, xlsx

    days = [date(2024, 1, 1 + n) for n in range(30)]
    rows = [["day", "visits"], *([day, 10.0 + n % 7] for n, day in enumerate(days))]
    return xlsx(Sheet([["nothing"]], name="About"), Sheet(rows, name="Visits"))


def _quotes() -> Quotes:
    """Return quotes that are kept as if they had been fetched."""
    reference = Quotes(
        id="5e7" + "0" * 29, tickers=("UNRL",), period="6mo", fetched=date(2026, 3, 2), interval="1d"
    )
    chance, days = np.random.default_rng(3), pd.bdate_range("2025-09-01", periods=125, name="date")
    close = 100 * np.exp(np.cumsum(0.01 * chance.normal(size=len(days))))
    table = pd.DataFrame(
        {"close": close, "volume": chance.integers(1000, 9000, len(days)).astype(float)}, days
    )
    label = yahoo._Metadata(
        title="Unroll (UNRL)", unit="USD", notes=("Made up.",), fetched=datetime(2026, 3, 2, 12, tzinfo=UTC)
    )
    yahoo._store(reference, label, table)
    return reference


# --- Recipes -----------------------------------------------------------------------------------------

TILL_MENDS = (
    ReadNumbers(columns=("Umsatz",), decimal=",", thousands=".", units=("€",)),
    ReadNumbers(columns=("Kunden",)),
    TreatAsMissing(columns=("Umsatz",), values=(-999.0,)),
    DropColumns(columns=("Notiz",)),
    SetTime(columns=("Datum", "Zeit"), parts=("date", "time")),
    DropUntimed(),
    SortRows(),
    RoundTimes(unit="minute"),
    StandardTime(zone="Europe/Berlin"),
    DropRepeats(how="mean"),
    AddMissingTimes(unit="hour"),
    FillMissing(),
)


def _recipes_to_train() -> dict[str, Recipe]:
    """Return the recipes that are trained: of each task one, and of each way to forecast."""
    shops = _upload(_shops(), "shops.csv")
    raw = upload.read_table(shops)
    return {
        "forecast": Recipe(
            dataset=Generated(name="sine", length=120, seed=1),
            task=Forecast(target="value", window=12, horizon=3, season=24, passes=5),
            model=Recurrent(kind="lstm", units=6, dropout=0.2),
            training=BRIEF,
            seed=3,
        ),
        "forecast a panel": Recipe(
            dataset=shops,
            preparation=Preparation(mends=propose(raw.frame, Preparation()), validation=0.2, test=0.2),
            task=Forecast(
                target="Ada",
                together=("Bob", "Cem"),
                static=("country", "area"),
                calendar=True,
                holidays="NL",
                window=12,
                horizon=2,
                season=12,
                base="season",
                window_scaling="standard",
                loss="quantile",
                level=0.9,
            ),
            model=Recurrent(kind="gru", units=4, dropout=0.1),
            training=BRIEF,
        ),
        "forecast prices": Recipe(
            dataset=_quotes(),
            task=Forecast(
                target="close",
                known=("volume",),
                window=8,
                horizon=2,
                transform="log",
                scaling="minmax",
                window_scaling="affine",
                base="last",
                strategy="decoder",
                loss="gaussian",
            ),
            model=Recurrent(kind="gru", units=4, layers=2, attention="dot"),
            optimizer=Optimizer(kind="adamw", schedule="cosine"),
            clipping=Clipping(mode="norm"),
            training=BRIEF,
        ),
        "forecast a mended file": Recipe(
            dataset=_upload(_till(), "till.csv"),
            preparation=Preparation(mends=TILL_MENDS),
            task=Forecast(
                target="Umsatz",
                covariates=("Kunden",),
                window=8,
                horizon=2,
                transform="difference",
                strategy="recursive",
                loss="huber",
            ),
            model=Recurrent(kind="simple_rnn", units=4, bidirectional=False),
            optimizer=Optimizer(kind="rmsprop", schedule="exponential"),
            clipping=Clipping(mode="value", threshold=0.5),
            training=BRIEF.model_copy(update={"weights": "last"}),
        ),
        "classify_sequences": Recipe(
            dataset=Generated(name="control_charts", length=90, parameters={"steps": 30.0}),
            task=ClassifySequences(longest=24, cut="right", balanced=True),
            model=Transformer(units=8, layers=1, heads=2, dropout=0.2),
            training=BRIEF,
            seed=5,
        ),
        "measure_sequences": Recipe(
            dataset=Generated(name="adding", length=90, parameters={"steps": 12.0}),
            task=RegressSequences(longest=12, scaling="minmax"),
            model=Recurrent(kind="gru", units=4, bidirectional=True, attention="additive"),
            optimizer=Optimizer(kind="sgd", learning_rate=0.05),
            training=BRIEF,
        ),
        "classify_texts": Recipe(
            dataset=_upload(_opinions(), "opinions.csv").model_copy(
                update={"shape": AsTexts(text="opinion", label="sounds")}
            ),
            task=ClassifyTexts(vocabulary=60, embedding=4, longest=8, pad="left"),
            model=Recurrent(kind="lstm", units=4, bidirectional=True, attention="dot"),
            training=BRIEF,
        ),
        "model_language": Recipe(
            dataset=_upload(_prose(), "prose.txt"),
            task=ModelLanguage(embedding=8, window=20),
            model=Recurrent(kind="lstm", units=8),
            training=BRIEF,
        ),
        "model_language of byte pairs": Recipe(
            dataset=_upload(_prose(), "prose.txt"),
            task=ModelLanguage(level="byte_pair", vocabulary=60, embedding=8, window=12),
            model=Transformer(units=8, layers=1, heads=2),
            training=BRIEF,
        ),
        "translate": Recipe(
            dataset=Generated(name="french", length=120),
            task=Translate(longest=20, beams=2),
            model=Recurrent(kind="gru", units=6, bidirectional=True, attention="additive"),
            training=BRIEF,
        ),
        "chat": Recipe(
            dataset=_upload(_talk(), "talk.csv").model_copy(
                update={"shape": AsPairs(source="said", target="reply")}
            ),
            task=Chat(longest=12),
            model=Transformer(units=8, layers=1, heads=2),
            training=BRIEF,
        ),
    }


def _generated(name: str) -> Recipe:
    """Return a recipe for what a formula makes, every parameter of it named."""
    parameters = {parameter.name: float(parameter.default) for parameter in GENERATORS[name].parameters}
    reference = Generated(name=name, length=80, parameters=parameters, seed=4)
    dataset = data.load(reference)
    match dataset.kind:
        case "series":
            return Recipe(dataset=reference, task=Forecast(target=dataset.table.columns[0]))
        case "pairs":
            return Recipe(dataset=reference, task=Translate(level="character", lower=True))
    if hasattr(dataset.answer, "names"):
        return Recipe(dataset=reference, task=ClassifySequences(scaling="none"))
    return Recipe(dataset=reference, task=RegressSequences(answer="minmax", scaling="none"))


def _more() -> dict[str, Recipe]:
    """Return recipes that aren't trained, so that each choice of a recipe stands in one at least."""
    sine = Generated(name="sine")
    series = {
        "log": Forecast(target="value", transform="log", loss="mae", scaling="none"),
        "seasonal difference": Forecast(target="value", season=24, transform="seasonal_difference"),
        "student t": Forecast(target="value", loss="student_t", calendar=True),
        "counts": Forecast(target="value", loss="negative_binomial", scaling="none"),
    }
    found = {f"forecast, {name}": Recipe(dataset=sine, task=task) for name, task in series.items()}
    found["resampled"] = Recipe(
        dataset=Sample(name="seattle_weather"),
        preparation=Preparation(
            mends=(Resample(unit="month", how="max"), FillMissing(how="forward", begins="own")), unasked=False
        ),
        task=Forecast(target="temp_max", window=12, horizon=3, season=12),
    )
    found["a workbook"] = Recipe(
        dataset=_upload(_workbook(), "visits.xlsx").model_copy(
            update={"sheet": "Visits", "keep": ("above",)}
        ),
        task=Forecast(target="visits", window=7, horizon=2),
        training=Training(patience=None),
    )
    found["gestures"] = Recipe(
        dataset=_upload(_gestures(), "gestures.csv").model_copy(
            update={"shape": AsSequences(id="who", time="step", label="what", columns=("x", "y"))}
        ),
        task=ClassifySequences(longest=6),
        model=Transformer(),
    )
    spread = SpreadColumn(
        column="shop", values=("Ada", "Bob"), traits=(StaticFeature(column="country", of=("NL", "DE")),)
    )
    found["two shops"] = Recipe(
        dataset=_upload(_shops(), "shops.csv"),
        preparation=Preparation(
            mends=(
                SetTime(columns=("month",), order="year_first", zone="clock"),
                ReadNumbers(columns=("sales", "area"), magnitudes=True),
                DropColumns(columns=("area",)),
                spread,
                SortRows(),
                FillMissing(columns=("Ada", "Bob"), how="drop"),
            )
        ),
        task=Forecast(target="Ada", together=("Bob",), static=("country",), window=12, horizon=2),
        clipping=Clipping(mode="none"),
        seed=2**31 - 1,
    )
    found["letters"] = Recipe(
        dataset=Sample(name="tweets"),
        task=ClassifyTexts(level="character", lower=False, cut="left", pad="left", balanced=True),
        model=Recurrent(kind="simple_rnn"),
    )
    found["words"] = Recipe(dataset=Sample(name="sonnets"), task=ModelLanguage(level="word"))
    return found


def _every_choice() -> dict[str, Recipe]:
    """Return recipes that are only read: what they name needs not be there."""
    first = get_args(TimePart)
    whole = ("digits", "decimal_month", "decimal_year", *(part for part in first if part.startswith("unix_")))
    mends: list[CleaningStep] = [SetTime(columns=("t",), parts=(part,)) for part in (*whole, "serial_days")]
    fine = ("year", "quarter", "month", "day", "hour", "minute", "second")
    mends.append(SetTime(columns=fine, parts=fine, order="month_first"))
    mends += [
        ReadNumbers(columns=("n", ""), decimal="." if mark != "." else ",", thousands=mark, units=("%", "km"))
        for mark in (",", " ", "'")
    ]
    mends += [Resample(unit=unit, count=2) for unit in get_args(TimeUnit)]
    mends += [RoundTimes(unit=unit) for unit in ("millisecond", "second", "day")]
    mends += [Resample(unit="day", how=how) for how in ("sum", "first", "last", "min", "max")]
    mends += [DropRepeats(how=how) for how in ("first", "last", "sum")]
    found = {
        "every mend": Recipe(
            dataset=Upload(id="0f" * 16, name="Ünïcode “name”.csv", keep=("above", "below")),
            preparation=Preparation(mends=tuple(mends), validation=0.05, test=0.4),
            task=Forecast(target="n"),
        )
    }
    for interval, spacing in yahoo.INTERVALS.items():
        for period in spacing.periods:
            reference = Quotes(
                id="ab" * 16,
                tickers=("^GSPC", "BRK-B", "EURUSD=X", "0700.HK"),
                period=period,
                interval=interval,
                adjusted=period != "max",
                fetched=date(2026, 1, 31),
            )
            found[f"quotes, {period} by {interval}"] = Recipe(
                dataset=reference, task=Forecast(target="^GSPC close", covariates=("BRK-B close",))
            )
    return found


# --- Runs --------------------------------------------------------------------------------------------


class _Maker:
    """Trains, and writes down what was said, as a server does."""

    def __init__(self, store: RunStore):
        self.store, self.server = store, store.register_server()

    def add(self, name: str, recipe: Recipe) -> tuple[str, str]:
        run = self.store.add(recipe, OWNER, name)
        return run.id, self.store.begin(run.id, self.server)

    def train(
        self,
        name: str,
        recipe: Recipe,
        said: Sequence[Command] = (),
        limits: Limits = archive.LIMITS,
        most: int | None = None,
    ) -> str:
        """Train a recipe, at most so many turns, and return the run's id."""
        run_id, attempt = self.add(name, recipe)
        heard: list[Event] = [Status(status="running")]
        control = CommandQueue()
        for command in said:
            control.put(command)
        try:
            for number, _ in enumerate(
                job_portions(recipe, heard.append, control, archive.run_folder(run_id), Budget(limits))
            ):
                if number == most:
                    break
        except UnrollError as error:
            heard.append(Status(status="failed", reason=str(error)))
        self.store.write([(run_id, attempt, message) for message in heard])
        return run_id


def _runs(maker: _Maker, trained: dict[str, Recipe]) -> tuple[dict[str, str], dict[str, str]]:
    """Return the finished runs by the names of their recipes, and runs at other statuses by what they are."""
    finished = {name: maker.train(name, recipe) for name, recipe in trained.items()}
    for name, run_id in finished.items():
        run = maker.store.run(run_id)
        if run.status != "finished":
            raise RuntimeError(f"{name}: {run.status}, {run.reason}")
    lstm, transformer = trained["forecast"], trained["classify_sequences"]
    by_hand = (
        SetLearningRate(value=0.01),
        *[SingleStep()] * 6,
        Rewind(step=0),
        *[SingleStep()] * 8,
        SetClip(value=0.5),
    )
    wild = lstm.model_copy(
        update={
            "optimizer": Optimizer(kind="sgd", learning_rate=10),
            "clipping": Clipping(mode="none"),
            "model": Recurrent(kind="simple_rnn", units=4),
            "training": Training(batch=16, epochs=12, patience=None),
        }
    )
    return finished, {
        "stopped": maker.train("stopped by hand", lstm, (*by_hand, SingleStep(), Stop())),
        "failed": maker.train("blown up", wild),
        "interrupted lstm": maker.train("forecast", lstm, [SingleStep()] * 7, AT_ONCE),
        "interrupted transformer": maker.train(
            "classify_sequences", transformer, [SingleStep()] * 5, AT_ONCE
        ),
        "paused": maker.train("paused", lstm, (SingleStep(), SingleStep(), Pause()), most=3),
        "running": maker.train("running", transformer, most=3),
        "waiting": maker.add("waiting", lstm)[0],
    }


# --- Meanings ----------------------------------------------------------------------------------------


def _given(model: Any, recipe: Recipe) -> dict[str, Any]:
    """Return inputs for a Keras model, by name: numbers from 1 to 2, or texts of the recipe's own data."""
    chance, found = np.random.default_rng(0), {}
    for one in model.inputs:
        if one.dtype != "string":
            shape = [2, *(size or 9 for size in one.shape[1:])]
            found[one.name] = chance.uniform(1, 2, shape).astype(np.float32).round(4).tolist()
        elif len(one.shape) == 2:
            found[one.name] = [["▁The", "▁", "f"], ["▁over", "", ""]]
        else:
            words = archive.words(recipe)
            found[one.name] = ["", ""] if one.name == "answer_so_far" else [words, words[:11].strip()]
    return found


def _of_model(recipe: Recipe, run_id: str) -> dict[str, Any]:
    import keras

    with archive.run_folder(run_id).local_file(archive.MODEL) as path:
        model = keras.models.load_model(path, safe_mode=True)
    given = _given(model, recipe)
    return {"given": given, "outputs": archive.outputs(model, given)}


def _is_small(recipe: Recipe) -> bool:
    """Return whether a recipe's data is loaded at once: it isn't one of the large samples."""
    return not isinstance(recipe.dataset, Sample) or isinstance(recipe.task, Forecast)


def _meanings(
    store: RunStore, recipes: dict[str, Recipe], finished: dict[str, str], others: dict[str, str]
) -> dict[str, Any]:
    measured = {**{run_id: recipes[name] for name, run_id in finished.items()}}
    measured[others["stopped"]] = recipes["forecast"]
    results = {run_id: archive.read_result(recipe, run_id) for run_id, recipe in measured.items()}
    return {
        "owner": OWNER,
        "runs": {
            run_id: archive.run_facts(store, run_id) for run_id in (*finished.values(), *others.values())
        },
        "measures": {run_id: archive.measures(result) for run_id, result in results.items()},
        "verdicts": {run_id: result.verdict for run_id, result in results.items()},
        "models": {run_id: _of_model(recipe, run_id) for run_id, recipe in measured.items()},
        "answers": {run_id: archive.answer(recipe, run_id) for run_id, recipe in measured.items()},
        "further": {finished["forecast"]: archive.extra_errors(finished["forecast"])},
        "continued": {
            others["interrupted lstm"]: finished["forecast"],
            others["interrupted transformer"]: finished["classify_sequences"],
        },
        "data": {name: archive.data_facts(recipe) for name, recipe in recipes.items() if _is_small(recipe)},
    }


def _links(
    recipes: dict[str, Recipe], finished: dict[str, str], others: dict[str, str]
) -> list[dict[str, Any]]:
    """Return addresses as pages write them: the page, what stands after “?”, and the recipe that it means."""
    links: list[dict[str, Any]] = [
        {"page": "train", "query": {"recipe": recipe.to_url()}, "recipe": name}
        for name, recipe in recipes.items()
    ]
    for name in ("forecast a mended file", "forecast prices", "gestures", "a workbook"):
        recipe = recipes[name]
        query = {"dataset": recipe.dataset.model_dump_json()}
        if recipe.preparation.by_hand:
            query["preparation"] = recipe.preparation.model_dump_json()
        links.append({"page": "data", "query": query, "recipe": name})
    links += [{"page": "results", "query": {"run": run}, "recipe": name} for name, run in finished.items()]
    links += [{"page": "train", "query": {"run": run}, "recipe": None} for run in others.values()]
    one, other = finished["forecast"], others["stopped"]
    links += [
        {"page": "results", "query": {"run": one, "backtest": archive.BACKTEST.name}, "recipe": "forecast"},
        {"page": "gradients", "query": {"view": "through", "run": one}, "recipe": None},
        {"page": "gradients", "query": {"view": "race", "runs": f"{one},{other}"}, "recipe": None},
        {"page": "gradients", "query": {"view": "twins", "runs": f"{one},{other}"}, "recipe": None},
        {"page": "gradients", "query": {"view": "beginning"}, "recipe": None},
    ]
    return links


def _choices(schema: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every choice that a schema allows, with the field that offers it."""
    if isinstance(schema, dict):
        for field, inner in schema.get("properties", {}).items():
            yield from _choices(inner, field)
        yield from ((name, choice) for choice in schema.get("enum", ()))
        yield from ((name, schema["const"]) for _ in range("const" in schema))
        rest = {key: value for key, value in schema.items() if key not in {"properties", "enum", "const"}}
        for key, inner in rest.items():
            yield from _choices(inner, name if key in {"anyOf", "items", "oneOf"} else "")
    elif isinstance(schema, list):
        for inner in schema:
            yield from _choices(inner, name)


def _values(tree: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(tree, dict):
        for field, inner in tree.items():
            yield from _values(inner, field)
    elif isinstance(tree, list):
        for inner in tree:
            yield from _values(inner, name)
    else:
        yield name, tree


# --- The set -----------------------------------------------------------------------------------------


def _write(folder: Path, name: str, content: Any) -> None:
    text = json.dumps(content, ensure_ascii=False, indent=None, separators=(",", ":"))
    (folder / f"{name}.json").write_text(text.replace('},"', '},\n"') + "\n", encoding="utf-8")


def _close(database: Path) -> None:
    """Make the database one file, and its server one that is long gone."""
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE servers SET host = 'gone', process = 1, process_began = 0, seen = 0")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.execute("PRAGMA journal_mode=DELETE")
    connection.execute("VACUUM")
    connection.close()


def _plain(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    return member


def main(target: Path) -> None:
    """Make a set in a folder that isn't there yet."""
    target.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        os.environ["UNROLL_ARTIFACTS"] = str(place / archive.ARTIFACTS)
        store = RunStore(f"sqlite:///{place / archive.DATABASE}")
        trained = _recipes_to_train()
        loaded = trained | {f"made: {name}": _generated(name) for name in GENERATORS} | _more()
        recipes = loaded | _every_choice() | {card.key: card.recipe for card in CARDS}
        held = {choice for recipe in recipes.values() for choice in _values(json.loads(recipe.to_json()))}
        missing = {choice for choice in _choices(Recipe.model_json_schema()) if choice not in held}
        print("Choices that no recipe makes:", sorted(missing, key=str))  # noqa: T201
        finished, others = _runs(_Maker(store), trained)
        first, artifacts = trained["forecast"].to_json(), settings().artifacts
        train_fold(finished["forecast"], first, artifacts, archive.BACKTEST, 0, archive.LIMITS)
        train_seed(finished["forecast"], first, artifacts, archive.OTHER_SEED, archive.LIMITS)
        _write(target, "recipes", {name: recipe.to_json() for name, recipe in recipes.items()})
        _write(target, "links", _links(recipes, finished, others))
        _write(target, "meanings", _meanings(store, loaded, finished, others))
        store.close()
        _close(place / archive.DATABASE)
        with tarfile.open(target / "files.tar.xz", "w:xz") as bundle:
            for part in (archive.DATABASE, archive.ARTIFACTS):
                bundle.add(place / part, part, filter=_plain)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
