"""Where was looked, what the beams followed, and how right answers grew: each in its true place and words."""

import numpy as np

from components.charts.alignment import alignment, crossings
from components.charts.answer_accuracy import answer_accuracy
from components.charts.beam_tree import beam_tree, greedy_divergence_step
from components.charts.thumbnails.text_pair import pair_thumbnail
from components.tasks.seq2seq.translate import Branch

CROSSED = np.array([[0.9, 0.05, 0.05], [0.05, 0.05, 0.9], [0.05, 0.9, 0.05], [0.4, 0.3, 0.3]])
TREE = (
    Branch(1, "a", -1, np.log(0.6), False),
    Branch(1, "b", -1, np.log(0.4), True),
    Branch(2, "<end>", 1, np.log(0.39), True),
    Branch(2, "c", 0, np.log(0.2), False),
)


def test_a_heatmap_has_the_text_across_and_the_answer_downwards_and_names_where_they_cross():
    chart = alignment(("a", "black", "cat"), ("un", "chat", "noir", "<end>"), CROSSED)
    assert chart.figure.data[0].z.shape == (4, 3)
    assert list(chart.figure.layout.xaxis.ticktext) == ["a", "black", "cat"]
    assert list(chart.figure.layout.yaxis.ticktext) == ["un", "chat", "noir", "end"]
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert "“noir” attends to “black”" in chart.sentence
    assert chart.table.loc["2 chat", "3 cat"] == 0.9
    assert crossings(CROSSED[:3]) == [2]


def test_an_answer_in_order_and_one_that_looks_everywhere_are_told_apart():
    assert (
        "in order" in alignment(("a", "b", "c"), ("x", "y"), np.array([[0.9, 0.1, 0], [0, 1.0, 0]])).sentence
    )
    assert "nearly even" in alignment(("a", "b", "c"), ("x",), np.full((1, 3), 1 / 3)).sentence


def test_tokens_cannot_draw_on_the_page():
    chart = alignment(("<b>", " "), ("<i>x</i>",), np.array([[0.5, 0.5]]))
    assert list(chart.figure.layout.xaxis.ticktext) == ["&lt;b&gt;", "␣"]
    assert (
        "<b>" not in pair_thumbnail("<b>", "x")
        and "<b>" not in beam_tree((Branch(1, "<b>", -1, -1.0, True),)).figure.data[3].text
    )


def test_a_tree_grows_downwards_and_says_what_greed_would_have_missed():
    chart = beam_tree(TREE)
    assert greedy_divergence_step(TREE) == 1
    assert "missed the best answer: at token 1" in chart.sentence
    best = chart.figure.data[3]
    assert list(best.text) == ["b", "end"]
    assert list(best.y) == [1, 2]
    assert list(best.x) == [0, 0]
    assert list(chart.table["parent branch"].fillna(0)) == [0, 0, 2, 1]


def test_a_tree_whose_best_path_is_the_greedy_one_says_so():
    tree = (
        Branch(1, "a", -1, -0.1, True),
        Branch(1, "b", -1, -2.0, False),
        Branch(2, "<end>", 0, -0.2, True),
    )
    assert greedy_divergence_step(tree) == 0
    assert "greedy decoding finds the same" in beam_tree(tree).sentence


def test_branches_side_by_side_never_stand_on_each_other():
    rng = np.random.default_rng(0)
    branches = [Branch(1, "x", -1, -1.0, n == 0) for n in range(3)]
    for step in range(2, 6):
        last = [n for n, branch in enumerate(branches) if branch.step == step - 1]
        branches += [Branch(step, "x", int(rng.choice(last)), -step, False) for _ in range(3)]
    across = {}
    for trace in beam_tree(branches).figure.data[1::2]:
        for x, y in zip(trace.x, trace.y, strict=True):
            assert abs(across.setdefault((round(x, 6), y), 1) - 1) < 1e-9
    assert len(across) == len(branches)


def test_progress_names_the_best_epoch_and_its_table_shows_every_answer():
    chart = answer_accuracy([1, 2, 3], [0.1, 0.8, 0.8], ["a"], [["x"], ["y"], ["z"]])
    assert "after epoch 2: 80.0%" in chart.sentence
    assert chart.table["1 a"].tolist() == ["x", "y", "z"]
