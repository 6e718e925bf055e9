"""The colours of every chart, still or live: Okabe and Ito (2008), told apart by colour-blind people too."""

BLUE = "#0072B2"
VERMILLION = "#D55E00"
GREEN = "#009E73"
PURPLE = "#CC79A7"
ORANGE = "#E69F00"
SKY = "#56B4E9"
# Okabe and Ito's black is lost on a dark page and their yellow on a white one; this grey is seen on both.
GREY = "#7F7F7F"

SERIES = (BLUE, VERMILLION, GREEN, PURPLE, ORANGE, SKY)
"""for lines that are merely different, in this order"""


def series_line(place: int) -> dict[str, str]:
    """Return colour and dashes of the line at a place, where there may be more lines than colours."""
    dash = ("solid", "dash", "dot")[place // len(SERIES) % 3]
    return {"colour": SERIES[place % len(SERIES)], "dash": dash}


# What means the same has the same colour wherever it is drawn.
TRUTH = GREY
MODEL = BLUE
BAND = SKY  # of the model: its own blue, let through, is lost on a dark page
BASELINES = (ORANGE, GREEN, PURPLE, SKY, VERMILLION)
TRAINING = BLUE
VALIDATION = VERMILLION
BEFORE = PURPLE
AFTER = GREEN


def baseline_line(place: int) -> dict[str, object]:
    """Return colour and dashes of the baseline at a place: each has its own, however many there are."""
    dash = ("dot", "dash", "dashdot")[place // len(BASELINES) % 3]
    return {"color": BASELINES[place % len(BASELINES)], "width": 1.5, "dash": dash}


def with_opacity(colour: str, opacity: float) -> str:
    """Return a colour of this palette, let through: `rgba(0,114,178,0.3)`."""
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity})"
