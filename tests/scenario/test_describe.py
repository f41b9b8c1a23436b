"""Prose, table of sources, and the report on values."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sim.scenario import changes_told, check, describe, source_table
from sim.scenario.describe import day_in_words, figure, value_in_words
from sim.scenario.numbering import numbers

POLICY = """\
    question: {fr: Et si ?, en: What if?}
    asked_by: Sénat
    source: {title: Avis 145, href: https://www.senat.fr/avis}
    changes:
      - {on: 2026-07-01, scale: means.probation_service.posts, by: 1.1}
      - {on: 2026-08-01, add: means.probation_service.posts, by: -155}
      - {on: 2026-07-02, set: means.probation_service.hours.SL, to: 9.5}
      - {on: 2026-09-01, scale: means.probation_service.hours, by: 0.5}
      - {on: 2026-09-02, scale: flows.committals, by: 0.9}
      - {on: 2026-09-03, set: practices.double_file, to: true}
      - {on: 2026-09-04, set: practices.double_file, to: true}
      - {on: 2026-10-01, set: law.semi_liberty.max_months, to: 12, applies_to: everyone}
      - {on: 2026-11-01, scale: law.semi_liberty.max_months, by: 0.5, applies_to: new_committals}
    policies:
      - {name: population_cap, on: 2027-01-15, with: {density: 1.3}}
"""


def test_before_and_after(extended):
    told = [(item.change.path.rpartition(".")[2], item.before, item.after) for item in changes_told(extended(POLICY))]
    assert told[:2] == [("posts", 1050, pytest.approx(1155)), ("SL", 8, 9.5)]
    assert told[2] == ("posts", pytest.approx(1155), pytest.approx(1000))
    assert told[3] == ("hours", {"DDSE": 7, "SL": 9.5}, {"DDSE": 3.5, "SL": 4.75})
    assert told[4:7] == [("committals", 78000, 70200), ("double_file", False, True), ("double_file", True, True)]
    assert told[7:] == [("max_months", 24, 12), ("max_months", 12, 6)]


def test_before_counts_the_overrides(extended):
    scenario = extended(POLICY, overrides={"means.probation_service.posts": 1000})
    assert changes_told(scenario)[0].before == 1000


FRENCH = """\
Essai
Et si ?
Demandé par : Sénat
Source : Avis 145, https://www.senat.fr/avis
Du 1er janvier 2022 au 31 décembre 2030 ; on mesure à partir du 1er octobre 2025.
- Postes de CPIP en milieu fermé : 1_050 → 1_155 conseillers (× 1,1), à partir du 1er juillet 2026, pour tous
- Postes de CPIP en milieu fermé : 1_155 → 1_000 conseillers (−155), à partir du 1er août 2026, pour tous
- means.probation+service.hours [SL] : 8 → 9,5 heures par dossier, à partir du 2 juillet 2026, pour tous
- practices.double+file : non → oui, à partir du 3 septembre 2026, pour tous
- practices.double+file : toujours oui, à partir du 4 septembre 2026, pour tous
- population+cap (density = 1,3), à partir du 15 janvier 2027
Le monde tient en 8 valeurs, dont 3 hypothèses (HYP) ; les autres citent leur source.
""".replace("_", "\u202f").replace("+", "_")

ENGLISH = """\
Trial
From 1 January 2022 to 31 December 2030; measured from 1 October 2025.
- CPIP posts in prisons: 1,050 → 1,155 counsellors (× 1.1), from 1 July 2026, for everyone
- means.probation_service.hours: DDSE 7, SL 9.5 → DDSE 3.5, SL 4.75 hours/file (× 0.5), from 1 September 2026,\
 for everyone
- flows.committals: 78,000 → 70,200 persons/year (× 0.9), from 2 September 2026, for those committed from that day on
- population_cap (density = 1.3), from 15 January 2027
"""


@pytest.mark.parametrize(("lang", "sentences"), [("fr", FRENCH), ("en", ENGLISH)])
def test_a_scenario_in_prose(extended, lang, sentences):
    lines = describe(extended(POLICY), lang).split("\n")
    for sentence in sentences.splitlines():
        assert sentence in lines


def test_the_law_is_named_by_its_own_labels(extended):
    prose = describe(extended(POLICY), "fr")
    assert "24 → 12 mois, à partir du 1er octobre 2026, pour tous, y compris ceux qui exécutent déjà leur peine" in prose
    assert "12 → 6 mois (× 0,5), à partir du 1er novembre 2026, pour les personnes écrouées à partir de cette" in prose
    assert "law.semi_liberty" not in prose


def test_the_reference_world_says_that_nothing_changes(world, extended):
    assert "Nothing changes: this is the reference world." in describe(world, "en")
    assert "A fraction of 0.1 of France" in describe(extended("sampling_fraction: 0.1\n"), "en")
    assert "2 values are drawn" in describe(extended(overrides={"flows.committals": 1, "means.courts.sittings": 1}), "en")


def test_every_parameter_is_in_the_table(world, extended):
    rows = {row.path: row for row in source_table(world)}
    assert list(rows) == list(world.leaves)
    posts = rows["means.probation_service.posts"]
    assert posts.value == "950 (2022-01-01); 1,050 (2025-10-01)"
    assert (posts.range, posts.date, posts.kind, posts.hypothesis) == ("1,000–1,100", "2025", "statistic", "")
    hours = rows["means.probation_service.hours"]
    assert (hours.value, hours.range, hours.hypothesis) == ("DDSE 7, SL 8", "DDSE 4–12; SL 4–14", "HYP")
    assert hours.source == "no time study has been published"
    assert rows["means.courts.sittings"].range == "× 0.5–2"
    changed = {row.path: row for row in source_table(extended(POLICY))}
    assert changed["practices.double_file"].value == "no; yes (2026-09-03)"


def test_figures_and_days():
    assert figure(1234567.0, "fr") == "1\u202f234\u202f567"
    assert figure(-0.25, "en") == "−0.25"
    assert figure(2 / 3, "fr", 4) == "0,6667"
    assert day_in_words(0, "fr") == "1er janvier 1970"
    assert value_in_words(None, "en") == "no longer in force"
    assert value_in_words("TRANCHE", "fr") == "TRANCHE"
    assert value_in_words((1.0, 0.5), "fr") == "1 · 0,5"


class TestReport:
    """What ``sortie check`` says."""

    def test_assumptions_of_another_world_have_no_number_of_their_own(self, world):
        codes = [(item.code, item.path) for item in check(world).hypotheses]
        assert codes == [
            (numbers()["flows.season"], "flows.season"),  # the baseline has one of the same name
            ("HYP", "means.probation_service.hours"),
            ("HYP", "practices.double_file"),
        ]

    def test_a_policy_does_not_renumber_them(self, world, extended):
        assert check(extended(POLICY)).hypotheses == check(world).hypotheses

    def test_what_is_known_to_be_thin(self, world):
        report = check(world)
        assert report.ok
        assert [finding.path for finding in report.of("no_range")] == ["flows.committals"]
        assert [finding.path for finding in report.of("undated")] == ["flows.committals", "means.courts.sittings"]
        assert report.of("stale") == ()

    def test_a_value_outside_its_range_is_a_fault(self, world):
        leaf = replace(world.world["means.probation_service.hours"], range={"DDSE": (8, 12), "SL": (4, 14)})
        report = check(replace(world, world={**world.world, leaf.path: leaf}))
        assert not report.ok
        (finding,) = report.of("outside_range")
        assert finding.path == "means.probation_service.hours.DDSE"
        assert finding.message == "7 is not within 8 to 12"
        assert finding.is_fault

    def test_a_range_speaks_of_the_day_measuring_begins(self, world):
        assert check(world).of("outside_range") == ()
        before = replace(world, measure_from_day=world.start_day)
        assert [finding.path for finding in check(before).of("outside_range")] == ["means.probation_service.posts"]

    @pytest.mark.parametrize(
        ("vintage", "stale"),
        [("2019", True), ("2019-12-31", True), ("2010-2019", True), ("2020", False), ("2005-2020", False)],
    )
    def test_an_old_statistic_is_stale(self, world, vintage, stale):
        leaf = replace(world.world["flows.committals"], date=vintage)
        report = check(replace(world, world={**world.world, leaf.path: leaf}))
        assert bool(report.of("stale")) is stale
        assert report.ok

    def test_a_value_without_source_is_a_fault(self, world):
        leaf = replace(world.world["flows.committals"], source=None)
        report = check(replace(world, world={**world.world, leaf.path: leaf}))
        assert not report.ok
        assert [finding.path for finding in report.of("unsourced")] == ["flows.committals"]

    def test_the_report_in_lines(self, world):
        lines = check(world).lines()
        assert lines[0] == "world: 8 values, 3 assumptions"
        assert "1 without a range, hence held exact by uncertainty runs" in lines
        assert lines[-1] == "HYP practices.double_file: a switch, to test switches"
