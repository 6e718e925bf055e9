"""Writes the benchmark of training down: a table and a chart in the README beside this file."""

import statistics
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

from playwright.sync_api import sync_playwright
from plotly.subplots import make_subplots

from tests.benchmarks import readme_sections
from tests.benchmarks.rivals.network import Cell
from tests.benchmarks.step_times import SpeedRatios, StepTimes, speed_ratios
from tests.chromium import launch_options

HERE = Path(__file__).resolve().parent
CHART = HERE / "training.png"
SYMBOLS = {"keras.fit": "circle", "PyTorch": "triangle-up"}
KINDS = {"lstm": "LSTM", "gru": "GRU", "simple_rnn": "SimpleRNN"}
COLOURS = {"keras.fit": "#0072B2", "PyTorch": "#D55E00"}  # of Okabe and Ito (2008), told apart by all


def write(races: Sequence[StepTimes], rate: float) -> None:
    """Put the table and the chart in their place."""
    _chart(races)
    readme_sections.write_section("training", _section(races, rate))


def _section(races: Sequence[StepTimes], rate: float) -> str:
    return "\n".join(
        [
            "",
            _machine(rate),
            "",
            "Every figure of a ratio says how many times as quick Unroll is, with all its gradient norms "
            "measured: above 1 it is quicker.",
            "",
            "| | geometric mean | lowest | highest | aimed at | networks |",
            "| --- | --- | --- | --- | --- | --- |",
            *map(_standing, speed_ratios(races)),
            "",
            f"![Ratios by the size of the training step]({CHART.name})",
            "",
            "<details><summary>Every network</summary>",
            "",
            "U units, T time steps, B examples of a batch, × layers; milliseconds of a training step "
            "(forward, backward, all norms, clipping, Adam), medians.",
            "",
            "| network | Unroll | keras.fit | its setting | PyTorch | limit | × keras.fit | × PyTorch |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
            *map(_row, races),
            "",
            "</details>",
            "",
        ]
    )


def _machine(rate: float) -> str:
    versions = ", ".join(f"{name} {version(name)}" for name in ("tensorflow", "keras"))
    return (
        f"{readme_sections.machine_sentence()}, {versions}, PyTorch 2.13.0 for processors. Large matrix "
        "products reach "
        f"{rate:.0f} GFLOP/s here."
    )


def _standing(standing: SpeedRatios) -> str:
    mean, least = standing.wanted
    aim = f"{mean:g}" + (f", nowhere below {least:g}" if least is not None else "")
    spread = f"{min(standing.ratios):.2f} | {max(standing.ratios):.2f}"
    return f"| {standing.name} | **{standing.mean:.2f}** | {spread} | {aim} | {len(standing.ratios)} |"


def _row(race: StepTimes) -> str:
    ours, keras_fit, pytorch = (
        statistics.median(times) for times in (race.ours, race.keras_fit, race.pytorch)
    )
    limit = f"{race.limit:.3g}" if isinstance(race.network, Cell) else ""
    return (
        f"| {race.network} | {ours:.3g} | {keras_fit:.3g} | {race.keras_setting} | {pytorch:.3g} | {limit} "
        f"| {race.against_keras:.2f} | {race.against_pytorch:.2f} |"
    )


def _chart(races: Sequence[StepTimes]) -> None:
    cells = [race for race in races if isinstance(race.network, Cell)]
    figure = make_subplots(
        1, len(KINDS), shared_yaxes=True, subplot_titles=list(KINDS.values()), horizontal_spacing=0.02
    )
    for column, kind in enumerate(KINDS, 1):
        own = [race for race in cells if race.network.kind == kind]
        for rival, ratio in (("keras.fit", "against_keras"), ("PyTorch", "against_pytorch")):
            figure.add_scatter(
                x=[race.network.operations / 1e6 for race in own],
                y=[getattr(race, ratio) for race in own],
                mode="markers",
                marker={"color": COLOURS[rival], "symbol": SYMBOLS[rival], "size": 7},
                name=f"against {rival}",
                legendgroup=rival,
                showlegend=column == 1,
                row=1,
                col=column,
            )
    figure.add_hline(1, line={"color": "#767676", "width": 1})
    figure.update_xaxes(type="log", title="million operations of a training step")
    figure.update_yaxes(type="log", dtick="D2").update_yaxes(title="times as quick", col=1)
    figure.update_layout(
        template="plotly_white",
        width=1100,
        height=420,
        margin={"t": 70, "b": 60, "l": 60, "r": 20},
        legend={"orientation": "h", "y": 1.2},
    )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(**launch_options())
        page = browser.new_page(viewport={"width": 1100, "height": 420}, device_scale_factor=1.5)
        page.set_content(figure.to_html(config={"displayModeBar": False}))
        page.locator(".main-svg").first.wait_for()
        page.screenshot(path=CHART)
        browser.close()
