"""The law from Python: rules in force, and one sentence worked out by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import sim as sortie
from sim.errors import LawError, RequestError


@pytest.fixture
def law():
    return sortie.Law(at="2026-01-01")


def test_rules_are_a_frame_with_paths_that_can_be_changed(law):
    rules = law.rules("LSC")
    assert "law.release_under_constraint.fraction_served" in set(rules["path"])
    assert rules["since"].dtype == "datetime64[s]"
    assert set(rules["path"]) <= set(sortie.Scenario("baseline").parameters("law.")["path"])
    assert len(law.rules()) > 300
    assert law.rules("LSC", lang="fr")["label"].tolist() != rules["label"].tolist()


def test_changes_between_two_days(law):
    changes = law.changes(since="2022-12-31")
    assert (changes["on"] > pd.Timestamp("2022-12-31")).all()
    assert law.changes(since="2025-12-31").columns.tolist() == changes.columns.tolist()


def test_the_life_of_a_sentence_of_twelve_months(law):
    sentence = law.sentence("12 months", committed="2025-03-01")
    told = sentence.timeline()
    assert told.columns.tolist() == ["date", "event", "label", "article", "decider", "operation", "note"]
    assert told["date"].dtype == "datetime64[s]"
    # 118 of 181 days granted: the end moves from 2026-03-01 to 2025-11-03; three months before it, the LSC as of right.
    assert told.set_index("event").loc["released", "date"] == pd.Timestamp("2025-11-03")
    assert sentence.eligible("LSC-PD") == pd.Timestamp("2025-08-03")
    assert sentence.eligible("lsc") is pd.NaT
    assert repr(sentence) == f"<Sentence 12 months, committed 2025-03-01: {len(told)} dates>"


def test_a_reform_moves_the_life_of_a_sentence(law):
    base = sortie.Scenario("baseline")
    half = base.change("law.release_under_constraint.fraction_served", to=0.5, on="2026-02-01", applies_to="everyone")
    before = law.sentence("4 years", committed="2026-03-01").eligible("LSC")
    after = sortie.Law(at="2026-01-01", scenario=half).sentence("4 years", committed="2026-03-01").eligible("LSC")
    assert after < before
    assert repr(sortie.Law("2026-01-01", "end_of_mandatory_adjustment")).startswith("<Law on 2026-01-01 under end_of")


@pytest.mark.parametrize(
    ("ask", "kind", "words"),
    [
        (lambda law: law.rules("LSX"), RequestError, "no such notion"),
        (lambda law: law.sentence("a while"), RequestError, r"^quantum: cannot read 'a while'"),
        (lambda law: law.sentence("12 months", committed="March"), RequestError, "^committed: met 'March'"),
        (lambda law: law.sentence("12 months", remand=-1), RequestError, "^remand: met -1"),
        (lambda law: law.sentence("12 months", share_granted=2), LawError, "share granted: 2"),
        (lambda law: law.sentence("12 months").eligible("LSX"), RequestError, "Did you mean 'LSC'"),
        (lambda law: law.rules(lang="de"), RequestError, "expected 'en' or 'fr'"),
        (lambda _: sortie.Law(at="then"), RequestError, "^at: met 'then'"),
    ],
)
def test_what_makes_no_sense_is_refused(law, ask, kind, words):
    with pytest.raises(kind, match=words):
        ask(law)


def test_a_harsher_law_binds_later_facts_only(law):
    """Life: fifteen years of trial for facts before 13 December 2005, eighteen since."""
    old, new = (
        law.sentence("life", committed="2006-05-01", facts=facts, share_granted=0).timeline().set_index("event").loc["trial"]
        for facts in ("2005-12-12", "2005-12-13")
    )

    assert [told["date"] for told in (old, new)] == [pd.Timestamp("2021-05-01"), pd.Timestamp("2024-05-01")]
