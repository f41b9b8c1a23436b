"""The figures that come with sortie, as frames: those of the pages, and errors that say what there is."""

from __future__ import annotations

import pandas as pd
import pytest

import sortie
from sim.library.read import open_reference, reference_folder
from sim.presentation.question.change import change_of
from sim.presentation.question.finding import DRY, finding, settled
from sim.presentation.texts import Texts


@pytest.fixture(scope="module")
def figures():
    return sortie.figures()


def test_differences_are_those_of_the_pages(figures):
    told = open_reference(reference_folder()).figures
    frame = figures.differences("dry_releases")
    assert frame["difference"].is_monotonic_increasing
    assert set(frame.index) == set(told.scenarios[1:]) == set(figures.policies().index)
    for name, row in frame.iterrows():
        change = change_of(told, name, DRY, settled(told))
        assert (row["difference"], row["low"], row["sign_holds"]) == (change.difference, change.low, change.sure)


def test_causes_add_up_to_the_dry_releases(figures):
    causes = figures.causes("fill_vacant_posts")
    whole = figures.differences("dry_releases").loc["fill_vacant_posts"]
    assert causes["difference"].sum() == pytest.approx(whole["difference"], abs=1)
    assert causes["base"].sum() == pytest.approx(whole["base"], abs=1)


def test_years_end_on_the_settled_one(figures):
    years = figures.over_time("fill_vacant_posts", "dry_releases")
    assert years.index[-1] == figures.years[-1]
    assert years.iloc[-1]["difference"] == figures.differences("dry_releases").loc["fill_vacant_posts", "difference"]


def test_levels_and_months(figures):
    waits = figures.levels("hearing_wait_mean").loc["2022":"2030"]
    assert waits.index[0] == "2022"
    assert (waits["low"] <= waits["high"]).all()
    months = figures.since_base()
    assert {"published", "model", "low", "high", "inside", "source"} <= set(months)
    assert isinstance(figures.policies("fr"), pd.DataFrame)


def test_the_sentence_is_that_of_the_page(figures):
    told = open_reference(reference_folder()).figures
    found = finding(Texts("fr"), told, "fill_vacant_posts")
    assert figures.finding("fill_vacant_posts", "fr") == f"{found.head} {found.body}"


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (lambda figures: figures.causes("fill_vacent_posts"), "fill_vacant_posts"),
        (lambda figures: figures.differences("dry_rate_exit"), "dry_rate_exits"),
        (lambda figures: figures.differences("stock", "status=detaind"), "status=detained"),
        (lambda figures: figures.differences("dry_releases", period="2050"), "Ask for one of: "),
        (lambda figures: figures.levels("stock", scenario="nobody"), "is not in the library"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(figures, asked, said):
    with pytest.raises(sortie.RequestError, match=said):
        asked(figures)


def test_another_answer_takes_less_than_ten_lines():
    """What a reader who changes one number of a notebook writes."""
    figures = sortie.figures()
    wait = figures.differences("hearing_wait_mean")
    longer = wait[wait["sign_holds"] & (wait["difference"] > 30)]
    assert "fill_vacant_posts" in longer.index
