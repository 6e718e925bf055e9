"""What a difference did is said with its uncertainty, and never across test sets."""

from dataclasses import replace

from components.recipe import Forecast, Recipe, Sample
from components.ui.compare.effect import (
    ComparedRun,
    effect_sentence,
    one_seed_sentence,
    seed_sentence,
    spread_sentence,
)
from tests.charts import forecast_result as made

RECIPE = Recipe(dataset=Sample(name="sunspots"), task=Forecast(target="level"))


def run(name, result):
    return ComparedRun(name, "", RECIPE, result)


def varied(error):
    """A result whose errors vary round `error`, as those of a model do."""
    result = made.result(error)
    wave = 0.1 * (result.origins % 3)[:, None]
    return replace(result, forecasts=result.forecasts - wave)


def test_one_difference_is_said_with_its_uncertainty():
    words = effect_sentence("2 layers instead of 1", run("A", made.result(2.0)), run("B", varied(0.5)))
    assert words.startswith(
        "With 2 layers instead of 1, the mean absolute error on the same test set is 0.5000 instead of "
        "2.000, 75% lower. The mean error changes by −1.4"
    )
    assert "Diebold–Mariano test, p < 0.001" in words and "hardly explains" in words


def test_results_of_different_test_sets_are_not_ranked():
    other = replace(made.result(), target="something else")
    words = effect_sentence("x", run("A", made.result()), run("B", other))
    assert words.endswith("can't be ranked against each other.") and "instead of" not in words


def test_what_was_not_measured_or_not_tested_is_said():
    assert "B hasn't been measured" in effect_sentence("x", run("A", made.result()), run("B", None))
    same = effect_sentence("x", run("A", made.result()), run("B", made.result()))
    assert "One run of each can't show whether that is chance" in same


def test_several_seeds_speak_for_their_recipes():
    base = [run("A", made.result(error)) for error in (2.0, 2.1, 2.2)]
    other = [run("B", made.result(error)) for error in (0.5, 0.6)]
    words = seed_sentence("dropout 20% instead of 0%", base, other)
    assert words.startswith("Over 3 and 2 seeds, dropout 20% instead of 0% takes the mean absolute error")
    assert "from a mean of 2.100 to one of 0.5500" in words and "Welch" in words
    assert seed_sentence("x", base, [run("B", None), other[0]]) == ""


def test_the_spread_of_seeds_is_said():
    words = spread_sentence([run("A", made.result(1.0)), run("B", made.result(1.5))])
    assert "between 1.000 and 1.500" in words
    assert spread_sentence([run("A", None), run("B", made.result())]) == ""


def test_one_run_beside_several_seeds_is_told_from_chance_by_nobody():
    base = [run("A", made.result(error)) for error in (2.0, 2.2)]
    inside = one_seed_sentence("2 layers instead of 1", base, [run("C", made.result(2.1))])
    assert "of C, 2.100, lies within the range" in inside
    assert inside.endswith("2.000 to 2.200. Train more seeds of C.")
    assert "lies outside" in one_seed_sentence("x", [run("C", made.result(0.5))], base)
    assert one_seed_sentence("x", base, [run("C", None)]) == ""
    other = replace(made.result(), target="something else")
    assert one_seed_sentence("x", base, [run("C", other)]) == ""
