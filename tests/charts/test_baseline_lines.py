"""Of many baselines the strongest are drawn, and one entry of the legend shows the others."""

import plotly.graph_objects as go

from components.charts.baseline_lines import add_baselines


def drawn(*shown: str) -> list[tuple[str, str, bool]]:
    """Draw three baselines, and return name, group and whether it has an entry of each trace in its turn."""
    figure = go.Figure()
    add_baselines(figure, {name: go.Scatter(y=[1], name=name) for name in ("Mean", "Drift", "ETS")}, shown)
    return [(one.name, one.legendgroup, one.showlegend is not False) for one in figure.data]


def test_all_others_are_shown_by_one_entry_of_the_legend() -> None:
    group = "other baselines"
    assert drawn("Drift") == [
        ("Mean", group, False),
        ("Drift", None, True),
        ("ETS", group, False),
        (group, group, True),
    ]


def test_where_all_are_drawn_there_are_no_others() -> None:
    assert [name for name, *_ in drawn("Mean", "Drift", "ETS")] == ["Mean", "Drift", "ETS"]
