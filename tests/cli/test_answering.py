"""``answers`` and ``hypotheses`` as a user types them, in both languages, on an engine whose figures are a formula."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.experiments.conftest import known_engine

SLOTS, POSTS = "means.enforcement_courts.hearing_slots", "means.probation_service.posts"
FRAME = "start: 2022-01-01\nmeasure_from: 2026-01-01\nend: 2026-12-31\n"
DRAWN = f"""scenarios: [baseline]
{FRAME}levers: [{{on: 2026-01-01, add: {POSTS}, by: [700]}}]
draws: {{number: 16, parameters: {SLOTS}}}
replications: 1
keep: indicators
"""


def formula(scenario, _replication):
    """700 posts lower the dry rate by up to four points, the more the more hearings."""
    posts = (scenario.number(POSTS, scenario.end_day) - scenario.number(POSTS, scenario.start_day)) / 700
    slots = scenario.number(SLOTS, scenario.measure_from_day)
    wait = 160 - (slots - 20_000) / 200
    return {("dry_rate_exits", "all"): 0.55 - posts * 0.04 * (slots - 20_000) / 20_000, ("hearing_wait_mean", "all"): wait}


@pytest.fixture(autouse=True)
def engine(monkeypatch):
    return known_engine(monkeypatch, formula)


@pytest.fixture
def drawn(tmp_path) -> str:
    path = tmp_path / "posts.yaml"
    path.write_text(DRAWN, encoding="utf-8")
    return str(path)


def flat(text: str) -> str:
    return " ".join(text.split())


def test_answers_runs_a_file_then_reads_its_folder(sortie, drawn, engine):
    answer = sortie("answers", drawn, "--workers", "1", "--progress", "none")
    assert answer.code == 0, answer.err
    told = flat(answer.out)
    assert "baseline+posts=700: over 16 draws, worth 16 of equal weight, 1 replications of each" in told
    assert "hangs on Hearing slots of enforcement judges in prisons 100 %" in told
    assert "lower by 1.00 pt or more, once above 25" in told
    assert "it holds for the most crowded prisons only (less than 123 days):" in told
    ran = len(engine)
    french = sortie("answers", "results/posts", "--csv", "tables", "--lang", "fr")
    assert len(engine) == ran, "a folder is read, not run"
    told = flat(french.out)
    assert "sur 16 tirages, qui en valent 16 de même poids, 1 réplication de chacun" in told
    assert "baisse de 1,00 pt ou plus, au-dessus de 25" in told
    assert {path.name for path in Path("tables").iterdir()} == {"answers.csv", "hangs_on.csv", "tipping.csv"}


def test_answers_as_json_for_programs(sortie, drawn):
    plain = json.loads(sortie("answers", drawn, "-w", "1", "--progress", "none", "--indicator", "dry_rate_exits", "--json").out)
    assert plain["experiment"] == "posts"
    whole = next(row for row in plain["answers"] if row["reading"] == "all")
    assert whole["low"] < whole["median"] < whole["high"] <= 0
    assert whole["parts"][0]["parameter"] == SLOTS
    assert {tip["level"] for tip in whole["tips"]} == {0.0, -0.01}


def test_what_cannot_be_answered_is_one_line(sortie, drawn):
    assert "no indicator 'dry'" in sortie("answers", drawn, "--indicator", "dry").err
    none = sortie("answers", "results/nowhere")
    assert none.code == 2
    assert "nowhere" in none.err


@pytest.fixture
def two(tmp_path) -> tuple[str, str]:
    for name, slots, lead in (("union", 30_000, 147), ("ministry", 22_000, 100)):
        changes = (
            f"{{on: 2023-01-01, set: {SLOTS}, to: {slots}}}, {{on: 2023-01-01, set: practices.files.lead_days, to: {lead}}}"
        )
        text = f"extends: scenarios/baseline.yaml\ntitle: {{fr: {name}, en: {name}}}\n{FRAME}changes: [{changes}]\n"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    posts = f"changes: [{{on: 2026-01-01, add: {POSTS}, by: 700}}]\n"
    (tmp_path / "posts.yaml").write_text(f"extends: scenarios/baseline.yaml\ntitle: {{fr: t, en: t}}\n{FRAME}{posts}")
    return "union.yaml", "ministry.yaml"


def test_hypotheses_shares_out_the_gap_in_a_table_and_a_sentence(sortie, two):
    answer = sortie("hypotheses", *two, "posts.yaml", "-n", "2", "-w", "1", "--progress", "none")
    assert answer.code == 0, answer.err
    told = flat(answer.out)
    assert "'posts' under 'union' and under 'ministry': 2 hypotheses differ" in told
    assert "The first answer is −2.00 pt, the second −0.40 pt: +1.60 pt apart, of which Hearing slots" in told
    assert "30000 22000 +1.60 pt" in told
    assert "100 %" in told
    assert "parts are exact (Shapley values)" in told
    french = flat(sortie("hypotheses", *two, "posts.yaml", "-n", "2", "-w", "1", "--progress", "none", "--lang", "fr").out)
    assert "La première réponse est −2,00 pt, la seconde −0,40 pt : +1,60 pt d'écart, dont Places d'audience" in french
    assert "les parts sont exactes (valeurs de Shapley)" in french


def test_hypotheses_as_json_one_at_a_time(sortie, two):
    words = ("hypotheses", *two, "posts.yaml", "-n", "1", "-w", "1", "--progress", "none", "--most", "1", "--json")
    plain = json.loads(sortie(*words).out)
    assert (plain["exact"], plain["worlds"]) == (False, 4)
    (gap,) = plain["gaps"]
    assert gap["gap"]["mean"] == pytest.approx(0.016)
    assert [part["part"]["mean"] for part in gap["parts"]] == pytest.approx([0.016, 0.0])


def test_hypotheses_that_are_the_same_are_refused(sortie, two):
    answer = sortie("hypotheses", two[0], two[0], "posts.yaml")
    assert answer.code == 2
    assert "are one world during the run" in answer.err
