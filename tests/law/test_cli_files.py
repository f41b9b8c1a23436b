"""``sortie law`` on files: several sentences, and the law of a scenario."""

from __future__ import annotations

import json

import pytest

from sim.errors import RequestError

SEVERAL = """\
committed: 2021-02-01
sentences:
  - {name: A, quantum: 12 months, recidive: true}
  - {name: B, quantum: 8 months, revoked_by: A}
  - {name: C, quantum: 6 months, merged_into: A, merged_months: 4}
  - {name: D, quantum: 60 days, withdrawal: true}
"""


def test_several_sentences_are_told_in_their_order_with_the_credit_of_each(ask, tmp_path):
    path = tmp_path / "file.yaml"
    path.write_text(SEVERAL, encoding="utf-8")
    out = ask("sentence", str(path), "--share-granted", "0", "--lang", "fr").stdout

    # A and what is left of C are fourteen months, B eight: the revoked one first, the withdrawal last.
    assert "  1. B : 8 mois\n  2. A + C (CP 132-4) : 1 an 2 mois\n  3. D : 60 jours\n" in out
    assert "Cumul, auquel les seuils se comparent : 1 an 10 mois" in out
    # 2021-02-01 + 8 months, + 14 months: 2022-12-01; less 3 months and 14 days, less 56 days: 2022-06-23; 60 days on (D115-5).
    assert "01/12/2022 − (3 mois + 14 jours + 56 jours) + 60 jours = 22/08/2022" in out
    assert "22/08/2022  Fin de peine si aucun aménagement" in out


CONCURRENT = """\
committed: 2023-02-01
legal_maximum: {maximum}
sentences:
  - {{name: A, quantum: 4 years}}
  - {{name: B, quantum: 18 months, revoked_by: A}}
  - {{name: C, quantum: 6 months 15 days, merged_into: A, merged_months: 4}}
  - {{name: D, quantum: 60 days, withdrawal: true}}
"""


@pytest.mark.parametrize(
    ("maximum", "order", "total", "end"),
    [
        # 48 + 2 months and 15 days, and 18 months: whole. 2023-02-01 + 18 m = 2024-08-01; + 50 m 15 d = 2028-10-16; + 60 d.
        (
            "10 years",
            ("B: 1 year 6 months", "A + C (CP 132-4): 4 years 2 months 15 days", "D: 60 days"),
            "5 years 8 months",
            "2028-12-15",
        ),
        # Four years: B, revoked by A, was final before A's facts and is not concurrent with it (132-2); the other two
        # are cut to it, the withdrawal is not. 2024-08-01 + 48 m = 2028-08-01, + 60 d, a Saturday.
        ("4 years", ("B: 1 year 6 months", "A + C (CP 132-4): 4 years", "D: 60 days"), "5 years 6 months", "2028-09-30"),
        # Life incurred, not pronounced: thirty years (132-5), which cut nothing here.
        (
            "life",
            ("B: 1 year 6 months", "A + C (CP 132-4): 4 years 2 months 15 days", "D: 60 days"),
            "5 years 8 months",
            "2028-12-15",
        ),
    ],
)
def test_concurrent_offences_are_served_within_the_highest_legal_maximum(ask, tmp_path, maximum, order, total, end):
    path = tmp_path / "file.yaml"
    path.write_text(CONCURRENT.format(maximum=maximum), encoding="utf-8")
    out = ask("sentence", str(path), "--share-granted", "0").stdout
    served = out.partition("(C. pénit. D212-5):\n")[2].splitlines()
    assert [line.partition(". ")[2] for line in served[: len(order)]] == list(order)
    assert f"Total, which thresholds are compared with: {total}" in out
    answer = json.loads(ask("sentence", str(path), "--share-granted", "0", "--json").stdout)
    assert next(row["date"] for row in answer["rows"] if row["event"] == "released") == end


BROKEN = {
    "no list": ("committed: 2021-02-01\n", "expected 'committed' and a list 'sentences'"),
    "no committal": ("sentences: [{quantum: 1 year}]\n", "'committed' is missing"),
    "unknown key": ("committed: 2021-02-01\nsentences: [{quantom: 1 year}]\n", r"sentences\[0\]: unknown key 'quantom'"),
    "no quantum": ("committed: 2021-02-01\nsentences: [{name: A}]\n", r"sentences\[0\]: 'quantum' is missing"),
    "bad quantum": ("committed: 2021-02-01\nsentences: [{quantum: soon}]\n", r"sentences\[0\].quantum: cannot read 'soon'"),
    "bad day": ("committed: 2021-02-30\nsentences: [{quantum: 1 year}]\n", "committed: '2021-02-30' is not a date"),
    "bad flag": ("committed: 2021-02-01\nfelony: maybe\nsentences: [{quantum: 1 year}]\n", "felony: 'maybe'; expected true or"),
    "bad count": (
        "committed: 2021-02-01\nremand: -3\nsentences: [{quantum: 1 year}]\n",
        "remand: '-3'; expected a whole",
    ),
    "unknown name": (
        "committed: 2021-02-01\nsentences: [{quantum: 1 year, revoked_by: Z}]\n",
        "no sentence 'Z'; expected one of",
    ),
    "itself": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 1 year, revoked_by: A}]\n",
        r"sentences\[0\].revoked_by: 'A' is this sentence itself; expected the name of another",
    ),
    "two of a name": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 1 year}, {name: A, quantum: 2 years}]\n",
        r"sentences\[1\].name: 'A' is the name of two sentences; expected one name for each",
    ),
    "life": ("committed: 2021-02-01\nsentences: [{quantum: life}]\n", "life absorbs every other sentence"),
    "more merged than the shorter has": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 2 months}, {quantum: 1 year, merged_into: A, merged_months: 9}]",
        r"sentences\[1\].merged_months: '9' with a sentence of 2 months; expected no more than the shorter of the two has",
    ),
    "withdrawals alone": (
        "committed: 2021-02-01\nsentences: [{quantum: 2 months, withdrawal: true}]",
        "sentences: only withdrawals of reductions; expected the sentence",
    ),
    "a withdrawal merged": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 1 year}, {quantum: 1 month, withdrawal: true, merged_into: A}]",
        r"sentences\[1\].merged_into: a withdrawal of reductions is no sentence",
    ),
    "nothing merged": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 1 year}, {quantum: 1 year, merged_into: A, merged_months: 0}]",
        r"sentences\[1\].merged_months: '0' merges nothing",
    ),
    "more merged than there is": (
        "committed: 2021-02-01\nsentences: [{name: A, quantum: 1 year}, {quantum: 2 months, merged_into: A, merged_months: 3}]",
        r"sentences\[1\].merged_months: '3' of 2 months; expected no more than the sentence has",
    ),
    "not a mapping": ("committed: 2021-02-01\nsentences: [3]\n", r"sentences\[0\]: '3'; expected a mapping"),
    "not YAML": ("committed: [\n", "is not YAML, line 2"),
}


@pytest.mark.parametrize("named", sorted(BROKEN))
def test_a_file_of_sentences_that_is_wrong_says_where(ask, tmp_path, named):
    content, words = BROKEN[named]
    path = tmp_path / "file.yaml"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(RequestError, match=words):
        ask("sentence", str(path))


def test_a_file_of_sentences_that_cannot_be_read(ask, tmp_path):
    with pytest.raises(RequestError, match="cannot be read"):
        ask("sentence", str(tmp_path / "none.yaml"))


def test_who_reads_a_rule_and_what_to_change_instead(ask):
    out = ask("show", "sentencing", "--at", "2026-01-01").stdout
    assert "read by: rule book only (in a run: flows.ab_initio.outcome)\n" in out
    rules = {rule["path"]: rule for rule in json.loads(ask("show", "--at", "2026-01-01", "--json").stdout)["rows"]}
    assert rules["sentencing.ab_initio_up_to_months"]["read_by"] == "rule book only"
    assert rules["sentencing.ab_initio_up_to_months"]["simulated_by"] == ["flows.ab_initio.outcome"]
    assert (rules["semi_liberty.max_months"]["read_by"], rules["semi_liberty.max_months"]["simulated_by"]) == ("engine", [])
    assert rules["semi_liberty.open_to_terrorism"]["read_by"] == "nobody concerned"


TOLD = """extends: {baseline}
title: {{fr: Deux ans, en: Two years}}
told_only: true
changes:
  - {{on: 2026-07-01, set: law.sentencing.ab_initio_up_to_months, to: 24, applies_to: everyone}}
  - {{on: 2026-07-01, set: law.conditional_release.fraction_served, to: 0.75, applies_to: everyone}}
"""


def test_the_law_of_a_scenario_that_is_told_only(ask, tmp_path, root):
    path = tmp_path / "told.yaml"
    path.write_text(TOLD.format(baseline=root / "scenarios" / "baseline.yaml"), encoding="utf-8")
    scenario = ("--scenario", str(path))

    before, after = (ask("show", "sentencing", "--at", day, *scenario).stdout for day in ("2026-06-30", "2026-07-01"))
    assert "ab_initio_up_to_months: 12 months\n" in before
    assert "ab_initio_up_to_months: 24 months\n" in after
    assert "since 2026-07-01; the scenario; read by: rule book only" in after
    assert "since 2026-07-01" not in before
    changed = ask("diff", "2026-06-30", "2026-07-01", *scenario).stdout
    assert "12 months → 24 months, from 2026-07-01\n" in changed
    one = ("timeline", "--committed", "2026-08-01", "--quantum", "20 months", "--share-granted", "0")
    assert "2027-11-01  Conditional release" in ask(*one, *scenario).stdout
    # 609 days: half after 305, three quarters after 457.
    assert "2027-06-02  Conditional release" in ask(*one).stdout
