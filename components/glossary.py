"""The glossary: the field's terms that the app uses, each explained in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Term:
    """A term of the field.

    Attributes:
        name: the term as a label writes it.
        explanation: what it means, in one sentence.
    """

    name: str
    explanation: str


_TERMS = (
    # Data
    Term("Training set", "The examples that the model learns from."),
    Term("Validation set", "Examples kept aside to watch the training and to decide when to stop it."),
    Term("Test set", "Examples that nothing looks at until the results, so that they show real performance."),
    Term("Split", "How the data is divided into training, validation and test sets."),
    Term("Class", "One of the categories that an example can belong to."),
    Term("Label", "The correct answer that comes with an example."),
    Term("Feature", "One of the values measured at each step of a sequence."),
    Term("Channel", "One of the quantities recorded side by side in a sequence, such as one sensor."),
    Term("Standardise", "Subtracts the mean and divides by the standard deviation of the training set."),
    Term("Normalise", "Rescales values so that the training set lies between 0 and 1."),
    Term("Differencing", "Replaces each value by its change from the previous one, which removes a trend."),
    Term(
        "Padding", "Fills short sequences up to the length of the longest in a batch; the model ignores it."
    ),
    Term("Cleaning step", "A fix that is applied to the data in the same way every time the recipe runs."),
    Term("Missing values", "Cells of a table that hold no value."),
    Term("Outlier", "A value far outside the range of all others."),
    Term(
        "Data leakage", "Information from the test set reaches the training and makes results look too good."
    ),
    Term("Spectrogram", "Shows how strong each frequency of a sound is at each moment."),
    Term("Mel scale", "Spaces frequencies the way people hear differences in pitch."),
    # Time series
    Term("Time series", "Values measured one after the other, usually at equal intervals."),
    Term("Forecast", "The values that the model predicts for the time after the data ends."),
    Term("Horizon", "How many steps ahead the model forecasts."),
    Term("Window", "How many past steps the model sees when it makes a prediction."),
    Term("Segment", "Neighbouring steps that the model reads as one, which makes a long window short."),
    Term("Patch", "A segment of a series that is one token of a Transformer."),
    Term("Fourier features", "Sines and cosines that tell how far each step has come in a season."),
    Term("Trend", "The long-term rise or fall of a series."),
    Term("Seasonality", "A pattern that repeats with a fixed period, such as a day, a week or a year."),
    Term("Autocorrelation", "How strongly a series resembles itself a given number of steps earlier."),
    Term(
        "STL decomposition", "Splits a series into a trend, a seasonal pattern and a remainder, using LOESS."
    ),
    Term("Stationarity", "The mean and the variation of a series stay the same over time."),
    Term("AR(p)", "A series in which each value depends linearly on the previous p values, plus noise."),
    Term(
        "Regime switching", "A series that alternates between states, for example calm and volatile periods."
    ),
    Term("Covariates", "Other columns that the model may use to forecast the target."),
    Term(
        "Future covariates", "Columns whose values are known in advance, such as holidays or planned prices."
    ),
    Term("Panel", "Several related series that are observed over the same time."),
    Term("Global model", "One model that is trained on several series at once."),
    Term("RevIN", "Scales each window by its own mean and spread and undoes this after the forecast."),
    Term("Residuals", "The differences between the actual values and the predictions."),
    Term("Anomaly", "A value that lies outside what the model had forecast for it."),
    Term("Prediction interval", "A range that should contain the actual value with a stated probability."),
    Term("Coverage", "The share of actual values that fall inside the prediction interval."),
    Term("Quantile", "The value below which a stated share of all outcomes lies."),
    Term("Conformal prediction", "Sets the width of intervals by the errors made on data kept aside."),
    Term("Backtest", "Forecasts several stretches of the past as if they were the future, and scores each."),
    Term("Diebold–Mariano test", "Tests whether one forecast beats another by more than chance explains."),
    Term("Naive forecast", "Repeats the last value for every future step."),
    Term("Seasonal naive forecast", "Repeats the values of the last season."),
    Term("ETS", "Forecasts by exponential smoothing: recent values of level, trend and season weigh most."),
    Term("ARIMA", "Forecasts a differenced series from its own past values and past errors."),
    Term("Theta method", "Forecasts by exponential smoothing, plus half the slope of a straight line."),
    Term("Pretrained network", "A network that was trained on other data before it sees yours."),
    Term("Transfer learning", "Starts from what a network has learnt elsewhere instead of from nothing."),
    Term("Fine-tuning", "Trains a network that was trained elsewhere further on your data, in small steps."),
    Term("Zero-shot forecast", "Forecasts a series that the network wasn't trained on."),
    # Tasks
    Term("Regression", "Predicts a number."),
    Term("Classification", "Predicts which class an example belongs to."),
    Term("Classify sequences", "Predicts the class of a whole sequence, such as a recording of a word."),
    Term("Classify texts", "Predicts the class of a text, such as whether it's positive or negative."),
    Term("Language model", "Predicts the next token of a text, and writes by doing so repeatedly."),
    Term("Negation", "Words such as “not” that reverse the meaning of a sentence."),
    Term("Baseline", "A simple rule that a model has to beat to be worth its effort."),
    Term(
        "Constant baseline",
        "Predicts the same value for every example, such as the mean or the most frequent class.",
    ),
    # Texts
    Term("Token", "The unit that a model reads and writes: a character, a word or a piece of a word."),
    Term("Tokenizer", "Cuts a text into tokens and numbers them."),
    Term(
        "Subword",
        "A frequent piece of words: common words are one, rare ones are made of several.",
    ),
    Term("Byte-pair encoding", "Builds tokens by merging the neighbouring pieces that occur together most."),
    Term("Vocabulary", "All the tokens that the model knows."),
    Term("Shared vocabulary", "One vocabulary for the text that is read and the text that is written."),
    Term("Embedding", "A vector of learnt numbers that stands for each token."),
    Term(
        "Convolution filters",
        "How many short patterns a small convolutional network beside the model looks for, wherever in the "
        "sequence they stand; 0 means none.",
    ),
    Term(
        "Convolution in front",
        "Over how many neighbouring steps a convolutional layer looks for short patterns before the model "
        "reads; 0 means none, or as many as the stride.",
    ),
    Term(
        "Stride",
        "How many steps a convolution in front moves on by: with a stride of 4 the model reads one step "
        "where the sequence has four, which makes a long sequence short.",
    ),
    Term(
        "Pooling",
        "Sums a whole sequence up in one vector: the state after its last step, or the mean and the maximum "
        "over the states of all steps.",
    ),
    Term(
        "Word dropout",
        "Leaves out whole tokens at random while the model learns, so that it trusts none alone.",
    ),
    Term("TF-IDF", "Weighs a word by how often a text uses it and how few other texts do."),
    Term("n-gram", "A run of n neighbouring tokens."),
    Term(
        "Temperature", "Scales randomness: 0 always picks the likeliest token, above 1 favours unlikely ones."
    ),
    Term("Top-k", "Samples only from the k likeliest tokens."),
    Term("Top-p", "Samples only from the likeliest tokens whose probabilities add up to p."),
    Term("Greedy decoding", "Always picks the likeliest next token."),
    Term(
        "Connectionist temporal classification",
        "Learns words from recordings without being told when each is said: it adds up all ways in which "
        "they may lie in time.",
    ),
    Term("Beam search", "Follows several likely answers at once and keeps the likeliest as a whole."),
    Term(
        "Length normalisation",
        "Divides an answer's log probability by its length, so that beam search doesn't favour short ones.",
    ),
    Term(
        "Tied embeddings",
        "The weights that stand for a token also score whether it comes next: fewer parameters, and often "
        "better on little data.",
    ),
    Term(
        "Input feeding",
        "Tells the decoder at each step what attention found at the step before: what is done already.",
    ),
    Term(
        "Copying of unknown words",
        "Puts the token of the text that got most attention where the model would write an unknown word.",
    ),
    Term("Teacher forcing", "Trains the decoder on the correct previous token instead of its own guess."),
    # Models
    Term("Simple RNN", "Reads step by step and keeps one state without gates, so it forgets quickly."),
    Term("LSTM", "Reads step by step; three gates decide what its memory keeps, adds and reveals."),
    Term("GRU", "Reads step by step with two gates: smaller than an LSTM and often as good."),
    Term("Transformer", "Reads all steps at once and uses attention to decide which of them matter."),
    Term(
        "Units", "How many numbers each layer computes at each step: more can learn more, but also overfit."
    ),
    Term("Layers", "How many layers are stacked: each one reads the output of the one below."),
    Term("Ensemble", "Several networks that differ only in their seeds; combined, they usually err less."),
    Term("Parameters", "The numbers that the model adjusts while it learns."),
    Term("Weights", "The learnt numbers that multiply the inputs of a layer."),
    Term("Bias", "A learnt number that is added to a unit's weighted inputs."),
    Term("Hidden state", "The numbers that a recurrent layer passes from one step to the next."),
    Term("Cell state", "The long-term memory of an LSTM, changed only through its gates."),
    Term("Gate", "A value between 0 and 1 that decides how much of a signal passes."),
    Term("Bidirectional", "Adds a second copy of the layer that reads the sequence from end to start."),
    Term("Attention", "Lets the model look at all steps and weigh how much each matters for its output."),
    Term("Additive attention", "Scores each step with a small network; also called Bahdanau attention."),
    Term("Dot-product attention", "Scores each step by the dot product of two vectors; used by Luong."),
    Term("Heads", "How many attention patterns work side by side; they share the units evenly."),
    Term("Query", "The vector that says what an attention layer is looking for."),
    Term("Key", "The vector that says what a step has to offer to attention."),
    Term("Positional encoding", "Tells a Transformer where in the sequence each step stands."),
    Term("Encoder", "Reads the input and turns it into vectors."),
    Term("Decoder", "Writes the output token by token, using what the encoder read."),
    Term("Seq2seq", "A model that turns one sequence into another, with an encoder and a decoder."),
    Term("Softmax", "Turns scores into probabilities that add up to 1."),
    Term("Logits", "The scores of all classes or tokens before softmax turns them into probabilities."),
    # Training
    Term(
        "Label smoothing",
        "Asks the model to be a little less than certain of each label, which reduces overfitting.",
    ),
    Term("Epoch", "One pass through the whole training set."),
    Term(
        "Epochs", "How many times training goes through the training set; early stopping may end it sooner."
    ),
    Term("Step", "One update of the weights, computed from one batch."),
    Term("Batch size", "How many examples are used for each update of the weights."),
    Term("Loss", "The number that training makes smaller: how far predictions are from the right answers."),
    Term(
        "Training loss",
        "The loss on the training set; a fall in it alone doesn't prove that the model is good.",
    ),
    Term("Validation loss", "The loss on examples that the model doesn't learn from."),
    Term("Optimiser", "The rule that turns gradients into updates of the weights; Adam is a safe choice."),
    Term("SGD", "Moves each weight against its gradient, optionally with momentum."),
    Term("Adam", "Adapts the step size of each weight to the size of its recent gradients."),
    Term("AdamW", "Adam with weight decay applied separately from the gradients."),
    Term("RMSprop", "Divides each gradient by the recent average of its size."),
    Term(
        "Learning rate", "How big each update is: too big and the loss jumps about, too small and it crawls."
    ),
    Term("Learning rate schedule", "How the learning rate changes during training."),
    Term("Cosine decay", "Lowers the learning rate to zero along half a cosine wave."),
    Term("Exponential decay", "Multiplies the learning rate by the same factor at every step."),
    Term("Momentum", "How much of the last update carries over into the next."),
    Term("Weight decay", "Pulls every weight a little towards zero at each update."),
    Term(
        "Dropout", "Switches off this share of the signals at random in training, which reduces overfitting."
    ),
    Term(
        "MC samples", "Repeated predictions with dropout left on, whose spread shows the model's uncertainty."
    ),
    Term("Early stopping", "Ends training when the validation loss hasn't improved for a number of epochs."),
    Term("Patience", "How many epochs to wait for a better validation loss before stopping."),
    Term("Checkpoint", "The weights at one moment of the training, saved so that they can be used again."),
    Term("Seed", "The start of the random numbers: the same seed gives the same run."),
    Term(
        "Time budget",
        "Chooses epochs, batch size and units so that a training and its evaluation end in that time.",
    ),
    Term(
        "Learning rate range test",
        "Makes a few updates at ever larger learning rates and shows where the loss falls fastest.",
    ),
    Term(
        "Hyperparameter search",
        "Tries settings one after the other, each chosen by the results of those before, and keeps the best.",
    ),
    Term("Sweep", "Trains the same recipe with several values of one setting, from several seeds each."),
    Term("Seed variability", "How much results change when only the seed does."),
    Term("Initialisation", "How the weights are set at random before training begins."),
    Term("Overfitting", "The model memorises the training set and does worse on data that it hasn't seen."),
    Term("Underfitting", "The model is too small or too briefly trained to learn even the training set."),
    Term("Generalisation", "How well a model does on data that it hasn't seen."),
    # Gradients
    Term("Gradient", "How the loss changes when each weight changes a little."),
    Term("Gradient norm", "The length of the gradient: one number for how strongly the weights are pushed."),
    Term("Gradient clipping", "Limits the size of gradients, so that one bad batch can't ruin the weights."),
    Term(
        "Clipping threshold",
        "The largest size that a gradient may have; larger ones are scaled or cut to it.",
    ),
    Term("Clip by value", "Cuts each single number of the gradient to the threshold."),
    Term("Clip by norm", "Shortens the gradient of each weight tensor to the threshold."),
    Term("Clip by global norm", "Shortens all gradients by the same factor, which keeps their direction."),
    Term(
        "Vanishing gradients", "Gradients shrink on the way back through time, so early steps teach nothing."
    ),
    Term(
        "Exploding gradients", "Gradients grow on the way back through time until updates ruin the weights."
    ),
    Term("Backpropagation through time", "Computes gradients from the last step back to the first."),
    Term(
        "Spectral radius", "The factor by which repeated multiplication stretches a vector in the long run."
    ),
    Term("Saturation", "A gate or unit is stuck near its limit, where hardly any gradient passes."),
    Term("Divergence", "The loss grows or becomes not-a-number instead of falling."),
    Term("Influence", "How much the output changes when one input step changes a little."),
    # Metrics
    Term("MAE", "Mean absolute error: the average size of the errors, in the unit of the data."),
    Term("RMSE", "Root mean squared error, in the unit of the data; large errors weigh more than in MAE."),
    Term("MSE", "Mean squared error: the average of the squared errors; RMSE is its root."),
    Term(
        "MAPE",
        "Mean absolute percentage error: the average error in percent of the true value, undefined where "
        "that is zero.",
    ),
    Term(
        "sMAPE",
        "Symmetric mean absolute percentage error: the average error in percent of the mean of true value "
        "and forecast, from 0 to 200.",
    ),
    Term(
        "MASE",
        "MAE divided by the error of a seasonal naive forecast on the training set; below 1 is better than "
        "that.",
    ),
    Term("RMSSE", "Root mean squared scaled error: like MASE, but large errors weigh more."),
    Term("Word error rate", "Wrong, missing and extra words, divided by the number of words that were said."),
    Term(
        "Character error rate",
        "Wrong, missing and extra characters, divided by the number of characters that were said.",
    ),
    Term("R²", "The share of the variation explained: 1 is perfect, 0 is no better than the mean."),
    Term("Accuracy", "The share of predictions that are right."),
    Term("Precision", "Of everything predicted as a class, the share that really belongs to it."),
    Term("Recall", "Of everything that belongs to a class, the share that the model finds."),
    Term("F1", "The harmonic mean of precision and recall."),
    Term("Macro F1", "The harmonic mean of precision and recall of each class, averaged over the classes."),
    Term(
        "Balanced accuracy",
        "The recall of each class, averaged over the classes: rare classes count as much as frequent ones.",
    ),
    Term("Log loss", "The mean negative log-probability of the true class; confident errors cost the most."),
    Term("Confusion matrix", "Counts for each true class how often each class was predicted."),
    Term("Calibration", "Compares how confident the model is with how often it's right."),
    Term("Cross-entropy", "The average negative log-probability that the model gave to the right answer."),
    Term("Quantile loss", "Scores a predicted quantile: errors above and below it weigh differently."),
    Term("Huber loss", "Squares small errors but not large ones, so that outliers weigh less."),
    Term("Nats per token", "The cross-entropy of a text: the mean of −ln of the probability of each token."),
    Term("Perplexity", "How many equally likely tokens the model hesitates between, on average."),
    Term("Bits per character", "How many bits the model needs to encode a character, on average."),
    Term("Exact match", "The share of answers that are right from beginning to end."),
    Term(
        "Token accuracy",
        "The share of the reference answers' tokens that the model writes in the same places.",
    ),
    Term(
        "BLEU", "Compares an answer with a reference by the n-grams of tokens that they share, from 0 to 100."
    ),
    Term(
        "chrF",
        "Compares an answer with a reference by the n-grams of characters that they share, from 0 to 100.",
    ),
)

TERMS: Mapping[str, Term] = {term.name.casefold(): term for term in _TERMS}
"""Every term, by its name in lower case."""


def explain(name: str) -> str:
    """Return the explanation of a term, for the help of a label.

    Args:
        name: the term's name, in any case, e.g. `explain("overfitting")`.

    Raises:
        KeyError: if the glossary doesn't have the term.

    Example:
        >>> explain("seasonal naive forecast")
        'Repeats the values of the last season.'
    """
    return TERMS[name.casefold()].explanation
