"""The command: what it answers, on which stream, with which exit code."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import pytest

from sim.cli.output import SCHEMA
from sim.experiments.compare import compare
from sim.records.run_folder import open_run
from tests.cli.conftest import DATES

RUN = ("run", "baseline", "policy.yaml", "-n", "3", "-w", "1", *DATES)


HEAVY = ("altair", "duckdb", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy", "simpy", "streamlit")


def test_help_loads_nothing_heavy_and_lists_the_commands(root):
    """What an answer costs is what it loads: counted, since a busy machine makes anything slow."""
    said = "print(*[name for name in {HEAVY} if name in sys.modules], len(sys.modules), file=sys.stderr)"
    code = f"import sys\nfrom sim.cli import main\ntry:\n    main(['--help'])\nfinally:\n    {said.format(HEAVY=HEAVY)}"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    *loaded, number = answer.stderr.split()
    assert loaded == []
    assert int(number) < 400, "many modules for a page of help"
    for command in ("list", "show", "check", "run", "compare", "story", "law"):
        assert f"\n  {command} " in answer.stdout


@pytest.mark.parametrize("command", [["list"], ["show", "baseline"], ["check", "baseline"]])
def test_what_describes_scenarios_loads_nothing_of_a_run(root, command):
    """Typer loads pydantic for any command with an option."""
    said = f"print(*[name for name in {HEAVY} if name in sys.modules], file=sys.stderr)"
    code = f"import sys\nfrom sim.cli import main\ntry:\n    main({command})\nfinally:\n    {said}"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=root, check=True)
    assert answer.stderr.split() == ["pydantic"]


@pytest.mark.benchmark
def test_help_answers_at_once(root):
    seconds = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sim", "--help"], capture_output=True, cwd=root, check=True)
        seconds.append(time.perf_counter() - began)
    assert statistics.median(seconds) < 0.3  # 0.1 s on a quiet machine


def test_list_gives_each_scenario_with_its_question(sortie):
    answer = sortie("list")
    assert answer.code == 0
    assert "baseline" in answer.out
    told = json.loads(sortie("list", "--json").out)
    assert list(told) == ["schema", "rows"]
    assert told["schema"] == SCHEMA
    cards = told["rows"]
    assert {"baseline", "fill_vacant_posts"} <= {card["name"] for card in cards}
    assert all(card["question"]["en"].endswith("?") for card in cards)


def test_show_tells_the_changes_and_the_sources(sortie):
    answer = sortie("show", "fill_vacant_posts", "means.probation_service.posts")
    assert answer.code == 0
    assert "Fill the 700 vacant CPIP posts" in answer.out
    assert "means.probation_service.posts" in answer.out
    plain = json.loads(sortie("show", "baseline", "costs", "--json").out)
    assert len(plain["digest"]) == 64
    assert all(row["path"].startswith("costs.") for row in plain["table"])
    assert sortie("show", "baseline", "no.such").code == 2


def test_check_finds_no_parameter_without_a_source_and_names_the_assumptions(sortie):
    answer = sortie("check", "baseline", "--json")
    report = json.loads(answer.out)
    assert not [finding for finding in report["findings"] if finding["sort"] == "unsourced"]
    assert all(hypothesis["why"] for hypothesis in report["hypotheses"])
    assert "HYP-01" in sortie("check").out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "baselin"), "Did you mean 'baseline'?"),
        (("show", "nowhere.yaml"), "nowhere.yaml"),
        (("run", "baseline", "--end", "never"), "--end: met 'never'"),
        (("run", "baseline", "--fraction", "2"), "--fraction: met 2"),
        (("run", "baseline", "-n", "0"), "--replications: met 0"),
        (("compare", "baseline", "policy"), "no finished run of 'baseline'"),
        (("story", "results/none", "--person", "1"), "no such folder"),
    ],
)
def test_what_a_user_can_mend_is_one_message_and_exit_code_2(sortie, engine, arguments, words):
    answer = sortie(*arguments)
    assert answer.code == 2
    assert answer.out == ""
    assert words in answer.err
    assert "Traceback" not in answer.err
    assert len(answer.err.strip().splitlines()) == 1
    assert not (engine / "results").exists()


def test_run_prints_what_the_policy_changes(sortie, engine):
    answer = sortie(*RUN)
    assert answer.code == 0
    for words in (
        "baseline → policy", "(a) exits from detention, délits (IRJ)", "(b) ends of committal (levées d'écrou)",
        "refused: project", "détenus", "wait for a hearing (JAP)", "people per counsellor", ("at 5 years: whole gap "
        "causal"),
        "all, central price", "Who leaves by another route", "dry → DDSE", "chance only, 3 replications",
        "parameter uncertainty not yet included", "a zero", "run folder: results/policy/",
    ):  # fmt: skip
        assert words in answer.out, words
    assert max(len(line) for line in answer.out.splitlines() if "run folder" not in line) <= 100
    assert "…" not in answer.out, "no label or figure is cut"


def test_run_in_json_says_nothing_else_and_agrees_with_the_folders(sortie, engine):
    answer = sortie(*RUN, "--json", "--progress", "none")
    assert answer.err == ""
    plain = json.loads(answer.out)
    assert [run["scenario"] for run in plain["runs"]] == ["baseline", "policy"]
    runs = [open_run(engine / run["path"]) for run in plain["runs"]]
    figures = compare(*runs).figures
    key = ("measured", "dry_rate_exits", "all")
    dry = figures.set_index(["period", "indicator", "group"]).loc[key]
    rows = plain["comparisons"][0]["figures"]
    (told,) = [row for row in rows if (row["indicator"], row["group"]) == key[1:]]
    assert told["difference"] == dry["difference"]
    assert told["half_width"] == dry["half_width"]
    assert len(plain["comparisons"][0]["must_not_claim"]) >= 5


def test_a_scenario_without_changes_differs_by_exactly_nothing(sortie, engine):
    plain = json.loads(sortie("run", "baseline", "same.yaml", "-n", "2", "-w", "1", *DATES, "--json").out)
    figures = plain["comparisons"][0]["figures"]
    assert len(figures) > 200
    assert all(row["difference"] == 0 for row in figures)


def test_one_scenario_alone_gives_levels_with_their_interval(sortie, engine):
    answer = sortie("run", "baseline", "-n", "2", "-w", "1", *DATES)
    assert answer.code == 0
    assert "90 % interval: chance only, 2 replications" in answer.out
    assert "no interval can be given" in sortie("run", "baseline", "-n", "1", "-w", "1", "--seed", "5", *DATES).out


def test_compare_reads_the_same_figures_again(sortie, engine):
    sortie(*RUN)
    by_name = sortie("compare", "baseline", "policy", "--json")
    (base,) = (engine / "results" / "baseline").iterdir()
    (policy,) = (engine / "results" / "policy").iterdir()
    by_path = sortie("compare", str(base), str(policy), "--json")
    assert by_name.code == 0
    first, second = json.loads(by_name.out), json.loads(by_path.out)
    assert first["figures"] == second["figures"]
    assert "baseline → policy" in sortie("compare", "baseline", "policy").out


def test_progress_in_json_goes_to_standard_error(sortie, engine):
    answer = sortie("run", "baseline", "-n", "1", "-w", "1", *DATES, "--progress", "json", "--json")
    assert [json.loads(line)["event"] for line in answer.err.splitlines()] == ["begin", "month", "done"]
    json.loads(answer.out)


def test_a_unit_that_fails_gives_exit_code_1_and_the_others_are_reported(sortie, engine, monkeypatch):
    def simulate(scenario, *, replication, seed, keep_events, on_month):
        if replication == 1:
            msg = "a bug"
            raise ZeroDivisionError(msg)
        from tests.fabricated import fabricate  # noqa: PLC0415

        return fabricate(replication, people=150)

    monkeypatch.setattr("sim.simulation.run.simulate", simulate)
    answer = sortie(*RUN)
    assert answer.code == 1
    assert "ZeroDivisionError: a bug" in answer.err
    assert "2 replications failed; the others are kept" in answer.err
    assert "chance only, 2 replications" in answer.out


def test_an_error_leaves_the_results_that_exist_untouched(sortie, engine):
    sortie(*RUN)
    before = {p: p.read_bytes() for p in sorted((engine / "results").rglob("*")) if p.is_file()}
    (engine / "policy.yaml").write_text("extends: scenarios/baseline.yaml\ntitel: x\n")
    answer = sortie(*RUN)
    assert answer.code == 2
    assert "titel" in answer.err
    assert {p: p.read_bytes() for p in sorted((engine / "results").rglob("*")) if p.is_file()} == before
