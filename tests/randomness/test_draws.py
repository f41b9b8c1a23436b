"""Luck by name: both forms equal, uniform, independent, the same everywhere."""

from __future__ import annotations

import itertools
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.randomness import Draws

MILLION = np.arange(1_000_000, dtype=np.int64)
# Every statistical test below is a fixed computation: it passes or fails for ever. A level of one in ten thousand
# leaves a sound generator little chance of failing one of some fifty, and a broken one fails by many orders.
LEVEL = 1e-4
FIRST_RELEASE = [0.07573093130066799, 0.9522629999220958, 0.30652969110943906]

whole = st.integers(0, 2**40)
seeds = st.integers(-(2**63), 2**63)


@given(seeds, st.integers(0, 10_000), st.text(max_size=30), st.lists(whole, min_size=1, max_size=20), whole)
def test_one_person_or_a_whole_cohort_have_the_same_luck(seed, replication, decision, persons, occurrence):
    draws = Draws(seed, replication)
    cohort = draws.uniform(decision, np.array(persons, dtype=np.int64), occurrence)
    assert cohort.tolist() == [draws.one(decision, person, occurrence) for person in persons]


@given(seeds, st.text(max_size=30), st.lists(whole, min_size=1, max_size=20), whole)
def test_luck_that_travels_with_the_person_gives_the_same_numbers(seed, decision, persons, occurrence):
    draws = Draws(seed, 0)
    luck = draws.luck(np.array(persons, dtype=np.int64))
    expected = [draws.one(decision, person, occurrence) for person in persons]
    assert [draws.of(decision, half, occurrence) for half in luck.tolist()] == expected
    assert draws.column(decision, luck, occurrence).tolist() == expected


@given(st.lists(st.tuples(whole, whole), min_size=1, max_size=20))
def test_each_person_may_have_an_occurrence_of_their_own(pairs):
    draws = Draws(3, 1)
    persons, occurrences = np.array(pairs, dtype=np.int64).T
    assert draws.uniform("return", persons, occurrences).tolist() == [draws.one("return", p, o) for p, o in pairs]


def test_as_many_occurrences_as_persons_or_one_for_all():
    with pytest.raises(ValueError, match="occurrences"):
        Draws(3, 1).uniform("return", np.arange(5), np.arange(4))


def test_neither_company_nor_order_changes_anybodys_luck():
    draws = Draws(1, 0)
    together = draws.uniform("hearing.grant", MILLION[:1000])
    assert np.array_equal(draws.uniform("hearing.grant", MILLION[:1000][::-1])[::-1], together)
    assert np.array_equal(draws.uniform("hearing.grant", MILLION[:1000:7]), together[::7])
    draws.uniform("another.decision", MILLION[:50])
    assert np.array_equal(draws.uniform("hearing.grant", MILLION[:1000]), together)


def test_the_numbers_are_those_of_the_first_release():
    """A change here changes every result ever published: it is a **model** change, to be said in CHANGELOG.md."""
    draws = Draws(2025, 3)
    assert [draws.one("hearing.grant", person, 2) for person in (0, 1, 421)] == FIRST_RELEASE


def test_numbers_stay_in_their_interval_and_fill_it():
    numbers = Draws(1, 0).uniform("x", MILLION)
    assert numbers.dtype == np.float64
    assert numbers.shape == MILLION.shape
    assert 0.0 <= numbers.min() < 1e-5
    assert 1.0 - 1e-5 < numbers.max() < 1.0
    assert np.unique(numbers).size == numbers.size


@pytest.mark.parametrize("seed", [0, 1, 2**63])
@pytest.mark.parametrize("occurrence", [0, 1])
def test_uniform_over_a_million_persons(seed, occurrence):
    numbers = Draws(seed, 0).uniform("x", MILLION, occurrence)
    assert stats.kstest(numbers, "uniform").pvalue > LEVEL
    assert chi_square(np.floor(numbers * 1000).astype(int), 1000) > LEVEL
    low_bits = (numbers * 2.0**53).astype(np.uint64) & np.uint64(255)
    assert chi_square(low_bits.astype(int), 256) > LEVEL


def test_uniform_over_a_million_occurrences():
    numbers = Draws(5, 0).uniform("x", np.zeros(1_000_000, dtype=np.int64), MILLION)
    assert stats.kstest(numbers, "uniform").pvalue > LEVEL


def test_uniform_over_sparse_persons():
    """Person numbers are not always 0, 1, 2…: candidates are numbered by stream and month."""
    for spread in (2**20, 10**7, 2**32):
        numbers = Draws(5, 0).uniform("x", MILLION[:100_000] * spread)
        assert stats.kstest(numbers, "uniform").pvalue > LEVEL


def variants():
    """One series of luck and those that differ from it by one part of the name only."""
    other = MILLION + 1
    return {
        "base": Draws(1, 0).uniform("grant", MILLION),
        "decision": Draws(1, 0).uniform("grant2", MILLION),
        "unlike decision": Draws(1, 0).uniform("withdrawal.day", MILLION),
        "next person": Draws(1, 0).uniform("grant", other),
        "occurrence": Draws(1, 0).uniform("grant", MILLION, 1),
        "next occurrence": Draws(1, 0).uniform("grant", MILLION, 2),
        "replication": Draws(1, 1).uniform("grant", MILLION),
        "seed": Draws(2, 0).uniform("grant", MILLION),
        # 1, 10 and 11, 0 must not run into one another.
        "tenth replication": Draws(1, 10).uniform("grant", MILLION),
        "eleventh seed": Draws(11, 0).uniform("grant", MILLION),
    }


def test_independent_across_decisions_persons_occurrences_replications_and_seeds():
    series = variants()
    for (one, a), (two, b) in itertools.combinations(series.items(), 2):
        # A correlation of a million independent pairs has a standard deviation of 0.001.
        assert abs(np.corrcoef(a, b)[0, 1]) < 0.0045, (one, two)
        cells = (a * 16).astype(int) * 16 + (b * 16).astype(int)
        assert chi_square(cells, 256) > LEVEL, (one, two)


def test_triples_fill_the_cube():
    draws = Draws(9, 4)
    across_occurrences = [draws.uniform("x", MILLION, occurrence) for occurrence in range(3)]
    across_decisions = [draws.uniform(name, MILLION) for name in ("a", "b", "c")]
    neighbours = [draws.uniform("x", MILLION + shift) for shift in range(3)]
    for triple in (across_occurrences, across_decisions, neighbours):
        a, b, c = ((numbers * 8).astype(int) for numbers in triple)
        assert chi_square(a * 64 + b * 8 + c, 512) > LEVEL


def test_sums_over_decisions_have_the_variance_of_independent_ones():
    """Many decisions of one person, added up: correlation too small to see in pairs would show here."""
    draws = Draws(2, 2)
    total = sum(draws.uniform(f"decision {n}", MILLION[:100_000]) for n in range(48))
    standard = (total - 24.0) / 2.0  # 48 uniforms: mean 24, variance 4
    assert abs(standard.mean()) < 4 / np.sqrt(100_000)
    assert abs(standard.var() - 1.0) < 4 * np.sqrt(2 / 100_000)


def test_the_same_whatever_the_hash_seed(root):
    script = (
        "import numpy as np; from sim.randomness import Draws; d = Draws(7, 2);"
        "print(d.uniform('a', np.arange(1000)).sum().hex(), d.one('b', 5, 1).hex())"
    )
    said = [
        subprocess.run(
            [sys.executable, "-c", script],
            cwd=root,
            env={**os.environ, "PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for hash_seed in ("0", "12345")
    ]
    draws = Draws(7, 2)
    here = f"{draws.uniform('a', np.arange(1000)).sum().hex()} {draws.one('b', 5, 1).hex()}\n"
    assert said == [here, here]


def chi_square(cells, count):
    """Probability of counts as uneven as these under equal chances."""
    return stats.chisquare(np.bincount(cells, minlength=count)).pvalue
