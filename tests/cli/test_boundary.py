"""What strangers type, and the mistakes they make: one message each, the right exit code, nothing begun."""

from __future__ import annotations

import io
import json
import sys
import time
from pathlib import Path

import pytest

import sim
from sim.cli import main
from sim.cli.output import TIED, interval, tied
from sim.errors import REASONS, ScenarioError, reason
from sim.experiments.batch import plan
from sim.experiments.experiment import MOST_ARMS, read_experiment
from sim.experiments.solve import read_target
from sim.presentation.messages import french
from sim.scenario import load_scenario
from sim.scenario.naming import why_no_name
from sim.scenario.numerals import plain_day, plain_number
from sim.scenario.values import EntryError, number_of
from tests.cli.conftest import DATES

RUN = ("run", "baseline", "policy.yaml", "-n", "2", "-w", "1", *DATES)


# --------------------------------------------------------------------------------------------- the command people expect


def test_alone_it_prints_its_help_by_group_and_that_is_no_mistake(sortie):
    told = sortie()
    assert told.code == 0
    assert told.err == ""
    headings = ("First steps:", "Further questions:", "Law and published tables:", "Fitting and making", "The command itself:")
    places = [told.out.index(heading) for heading in headings]
    assert places == sorted(places)
    assert told.out.index("\n  run ") < places[1] < told.out.index("\n  calibrate ")
    assert "…" not in told.out
    assert sortie("law").code == sortie("data").code == 0


@pytest.mark.parametrize("asked", ["--version", "-V", "version"])
def test_the_version_is_told(sortie, asked):
    answer = sortie(asked)
    assert (answer.code, answer.out.strip()[0].isdigit()) == (0, True)


def test_help_is_a_command_too(sortie):
    assert sortie("help", "run").out == sortie("run", "--help").out
    assert "sortie law show" in sortie("help", "law", "show").out
    assert "Did you mean 'solve'?" in sortie("help", "solv").err


def test_usage_names_what_is_given(sortie):
    assert "Usage: sortie run [OPTIONS] {SCENARIO}..." in sortie("run", "--help").out


def test_completion_knows_commands_and_scenarios(sortie, monkeypatch):
    monkeypatch.setenv("_SORTIE_COMPLETE", "complete_bash")
    monkeypatch.setenv("COMP_WORDS", "sortie show fill_v")
    monkeypatch.setenv("COMP_CWORD", "2")
    assert sortie().out.split() == ["fill_vacant_posts"]


# ------------------------------------------------------------------------------------------------- numbers, dates, names


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("0,5", "0.5"), ("2/4", "0.5"), ("1 500", "1500"), ("1\u202f500,25", "1500.25"), ("−3,5", "-3.5"), ("12,75", "12.75"),
     ("0,125", "0.125"), ("1,500", "1,500"), ("1,5,0", "1,5,0"), ("1/0", "1/0"), ("abc", "abc"), ("1e3", "1e3"),
     ("7 00", "7 00"), ("1 50", "1 50"), ("12 345 678", "12345678")],
)  # fmt: skip
def test_a_french_number_is_read_where_it_cannot_be_mistaken(typed, plain):
    assert plain_number(typed) == plain


@pytest.mark.parametrize(
    ("typed", "plain"),
    [("01/06/2026", "2026-06-01"), ("1/6/2026", "2026-06-01"), ("31/02/2026", "31/02/2026"), ("2026-06-01", "2026-06-01")],
)
def test_a_french_date_is_read_day_first(typed, plain):
    assert plain_day(typed) == plain


def test_files_take_them_too(tmp_path, root):
    def loaded(value: str, day: str = "01/06/2027"):
        text = (
            f"extends: {root}/scenarios/baseline.yaml\ntitle: {{fr: x, en: x}}\nchanges:\n"
            f"  - on: {day}\n    scale: means.probation_service.posts\n    by: {value}\n"
        )
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        return load_scenario(path).changes[0]

    assert loaded("0,5").value == 0.5
    assert loaded("2/3").value == pytest.approx(2 / 3, rel=1e-15)
    assert loaded("0,5") == loaded("0.5", "2027-06-01")
    with pytest.raises(ScenarioError, match=r"it could be 1\.500 or 1500"):
        loaded("1,500")
    with pytest.raises(EntryError, match=r"0\.25, not 25%"):
        number_of("25 %")
    (tmp_path / "braces.yaml").write_text(
        f"extends: {root}/scenarios/baseline.yaml\ntitle: {{fr: x, en: x}}\n"
        "changes: [{on: 2027-06-01, scale: means.probation_service.posts, by: 0,5}]\n"
    )
    with pytest.raises(ScenarioError, match=r'write a decimal with a point \(0\.5\) or quotes \("0,5"\)'):
        load_scenario(tmp_path / "braces.yaml")


def test_the_command_line_takes_them_everywhere(sortie, engine):
    one = sortie("run", "baseline", "-n", "1", "-w", "1", "--start", "01/01/2024", "--measure-from=1/1/2025",
                 "--end", "31/12/2026", "--fraction", "0,5", "--json")  # fmt: skip
    other = sortie("run", "baseline", "-n", "1", "-w", "1", *DATES, "--fraction", "1/2", "--json")
    assert one.code == other.code == 0
    assert json.loads(one.out)["runs"][0]["run_id"] == json.loads(other.out)["runs"][0]["run_id"]


@pytest.mark.parametrize(
    "name",
    ["../../../etc/passwd", "a/b", "..", ".", "x" * 300, "CON", "nul.txt", "a\nb", "-rf", "--help", "=cmd|'/c calc'!A0",
     "<script>", ".hidden", "\0", "abc\u202egpj", "a\\b", "a:b", "end.", "end ", "@sum", "  "],
)  # fmt: skip
def test_a_name_that_is_no_folder_s_is_refused_when_the_file_is_read(tmp_path, root, name):
    assert why_no_name(name)
    path = tmp_path / "own.yaml"
    path.write_text(
        f"extends: {root}/scenarios/baseline.yaml\nname: {json.dumps(name)}\ntitle: {{fr: x, en: x}}\n", encoding="utf-8"
    )
    with pytest.raises(ScenarioError) as told:
        load_scenario(path)
    assert (
        "own.yaml:2: name: met" in str(told.value) or "empty text" in str(told.value) or "control character" in str(told.value)
    )
    experiment = tmp_path / "many.yaml"
    experiment.write_text(f"name: {json.dumps(name)}\nscenarios: [baseline]\nreplications: 2\n", encoding="utf-8")
    with pytest.raises(ScenarioError):
        read_experiment(experiment)


@pytest.mark.parametrize("name", ["fill_vacant_posts", "été 2026", "a-b.c", "cap_130", "baseline+posts=2"])
def test_plain_names_pass(name):
    assert why_no_name(name) is None


@pytest.mark.parametrize("name", ["baseline", "Baseline"])
def test_the_name_of_the_baseline_is_taken(tmp_path, root, name):
    path = tmp_path / "own.yaml"
    path.write_text(f"extends: {root}/scenarios/baseline.yaml\nname: {name}\ntitle: {{fr: x, en: x}}\n")
    with pytest.raises(ScenarioError, match="is the name of the world that others extend"):
        load_scenario(path)
    assert load_scenario("baseline").name == "baseline"


# ------------------------------------------------------------------------------------------------- errors at the boundary


@pytest.mark.parametrize(
    ("problem", "code", "words"),
    [
        (FileNotFoundError(2, "No such file or directory", "/proc/1/x"), 2,
         "/proc/1/x: cannot be used: no such file or directory."),
        (PermissionError(13, "Permission denied", "a"), 2, "a: cannot be used: permission denied."),
        (OSError(28, "No space left on device"), 2, "the system refuses: no space left on device."),
        (ValueError("embedded null byte"), 2, "a value cannot be used (ValueError: embedded null byte)"),
        (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"), 2, "a value cannot be used (UnicodeDecodeError"),
        (OverflowError("too large"), 2, "a value cannot be used"),
        (RecursionError(), 2, "a file or an argument is nested too deep"),
        (MemoryError(), 2, "out of memory"),
        (TypeError("a bug"), 1, "this is a mistake of sortie itself (TypeError: a bug). The details are in "),
    ],
)  # fmt: skip
def test_whatever_comes_through_is_one_message(sortie, monkeypatch, problem, code, words):
    def fails(**_options):
        raise problem

    monkeypatch.setattr("sim.cli.describing.list_cards", fails)
    answer = sortie("list")
    assert answer.code == code
    assert answer.err.startswith(words)
    assert len(answer.err.splitlines()) == 1
    assert "Traceback" not in answer.err
    monkeypatch.setenv("SORTIE_TRACEBACK", "1")
    assert "Traceback" in sortie("list").err


def test_each_reason_of_the_system_is_told_in_the_language_of_the_reader(sortie):
    for number, words in REASONS.items():
        assert reason(OSError(number, "Words of this system", "x")) == words
        assert french(words), words
    assert reason(OSError(99_999, "Words of this system")) == "error 99999 of the system"
    assert french("error 99999 of the system") == "erreur 99999 du système"
    assert reason(UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no")) == "not text in UTF-8"
    assert reason(json.JSONDecodeError("Expecting value", "\n[", 2)) == "not JSON, line 2"
    told = [path for path in Path(sim.__file__).parent.rglob("*.py") if ".strerror" in path.read_text(encoding="utf-8")]
    assert not told, "sim.errors.reason says why the system refuses, in words that have their French"


def test_a_file_in_the_place_of_a_folder_is_told_in_french(sortie, engine):
    sortie(*RUN)
    (engine / "taken").write_text("a file, not a folder")
    for arguments, words in (
        (("law", "sentence", "taken/x"), "taken/x : illisible (ce n'est pas un dossier)"),
        (("compare", "baseline", "policy", "--csv", "taken/x"), "ne peut être écrit (ce n'est pas un dossier)"),
        (("query", "from units", "--to", "taken/x.csv"), "ne peut être écrit (un fichier tient déjà la place)"),
        (("data", "refresh", "taken/x.csv"), "taken/x.csv : illisible (ce n'est pas un dossier)"),
    ):
        answer = sortie(*arguments, "--lang", "fr")
        assert answer.code == 2
        assert words in answer.err, answer.err


def test_tables_that_cannot_be_written_are_told(sortie, engine):
    sortie(*RUN)
    taken = engine / "taken"
    taken.write_text("a file, not a folder")
    for folder in (str(taken), str(taken / "inside")):
        answer = sortie("compare", "baseline", "policy", "--csv", folder)
        assert answer.code == 2
        assert "taken" in answer.err
        assert len(answer.err.splitlines()) == 1


def test_a_manifest_nested_without_end_is_told(sortie, engine):
    sortie(*RUN)
    for manifest in (engine / "results" / "policy").glob("*/manifest.json"):
        manifest.write_text("[" * 100_000)
    answer = sortie("compare", "baseline", "policy")
    assert answer.code == 2
    assert "Traceback" not in answer.err


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_output_is_written_in_any_encoding(sortie, engine, monkeypatch, lang):
    sortie(*RUN)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw, encoding="cp1252", newline=""))
    for arguments in (("compare", "baseline", "policy"), ("show", "fewer_ddse"), ("list",), ("run", "--help")):
        with pytest.raises(SystemExit) as end:
            main([*arguments, "--lang", lang])
        assert not end.value.code
    sys.stdout.flush()
    text = raw.getvalue().decode("cp1252")
    assert "baseline -> policy" in text
    # Questions end with a question mark, after a space in French; a sign that was lost would stand anywhere else.
    assert not [word for word in text.split() if "?" in word.rstrip("?")]
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(raw := io.BytesIO(), encoding="cp1252", newline=""))
    with pytest.raises(SystemExit):
        main(["list", "--json", "--lang", lang])
    sys.stdout.flush()
    everything = json.loads(raw.getvalue().decode("cp1252"))
    assert any("’" in str(card) or "→" in str(card) or "œ" in str(card) or "é" in str(card) for card in everything["rows"])


def test_the_note_is_refused_before_any_work(sortie, monkeypatch):
    def opened(_path):
        pytest.fail("the figures were read first")

    monkeypatch.setattr("sim.cli.note.open_reference", opened)
    assert "--to: met 'x.doc', expected a name in .html" in sortie("note", "fewer_ddse", "--to", "x.doc").err
    assert "a text to edit (.odt) holds one" in sortie("note", "fewer_ddse", "ddse_capped", "--to", "x.odt").err
    monkeypatch.setenv("CHROMIUM", "/nonexistent")
    assert "CHROMIUM: met '/nonexistent', which is no program here." in sortie("note", "fewer_ddse", "--to", "n.pdf").err


def test_where_a_site_will_be_served_is_an_address(sortie):
    answer = sortie("site", "--to", "made", "--address", "example.org")
    assert (answer.code, "--address: met 'example.org'" in answer.err) == (2, True)


@pytest.mark.parametrize("spare", ["{}", "", "💥", "01/07/2026", "1,,2", "99999999999999"])
def test_what_calibrate_spares_is_whole_numbers(sortie, spare):
    answer = sortie("calibrate", "--spare", spare)
    assert answer.code == 2
    assert "--spare: met" in answer.err


# ------------------------------------------------------------------------------------------- sizes, and checks before work


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("run", "baseline", "-n", "1000000000"), "--replications: met 1e+09, expected a number from 1 to 100,000."),
        (("run", "baseline", "-w", "0"), "--workers: met 0"),
        (("run", "baseline", "--fraction", "5"), "--fraction: met 5, expected a number from 1e-06 to 1. Write 0.05 for 5 %."),
        (("run", "baseline", "--fraction", "nan"), "--fraction: met nan"),
        (("calibrate", "--runs", "-1"), "--runs: met -1"),
        (("calibrate", "--draws", "-1"), "--draws: met -1"),
        (("calibrate", "--waves", "99999999999999999999999"), "--waves: met 1e+23"),
        (("calibrate", "--fraction", "1e-320"), "--fraction: met"),
        (("backtest", "--draws", "1000000"), "--draws: met 1e+06"),
        (("run", "baseline", "--seed", "1", "--seed", "2"), "--seed: given 2 times, expected once."),
        (("compare", "a", "b", "-o", "x", "--output", "y"), "--output: given 2 times"),
    ],
)
def test_sizes_have_bounds_and_options_are_given_once(sortie, unrun, arguments, words):
    answer = sortie(*arguments)
    assert answer.code == 2
    assert words in answer.err


SOLVE = ("solve", "--lever", "means.probation_service.posts", "--target", "dry_share <= 0.4")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((*SOLVE, "--on", "$(id)"), "--on: met '$(id)', expected a date"),
        ((*SOLVE, "--on", "1e999"), "--on: met '1e999'"),
        ((*SOLVE, "--on", "2099-01-01"), "--on: met 2099-01-01, outside the run"),
        ((*SOLVE, "--from", "soon"), "--from: met 'soon'"),
        ((*SOLVE, "--up-to", "nan"), "--up-to: met nan"),
        ((*SOLVE, "--up-to", "-3000"), "which 'means.probation_service.posts' cannot be: from 20"),
        ((*SOLVE, "--tolerance", "-1"), "--tolerance: met -1"),
        ((*SOLVE, "--tolerance", "0"), "--tolerance: met 0"),
        ((*SOLVE, "--tolerance=-inf",), "--tolerance: met -inf"),
        ((*SOLVE, "--lever", "means.enforcement_courts.hearing_slots"), "--lever: given 2 times"),
        (("solve", "--lever", "no.such", "--target", "dry_share <= 0.4"), "no parameter 'no.such'"),
        (("solve", "--lever", "practice.lsc.granted_share", "--target", "dry_share <= 0.4", "--up-to", "3"), "met"),
        (("solve", "--lever", "a", "--target", "dry_share <= 40"),
         "--target: met 40, but dry_rate_exits is in share: expected a number from 0 to 1. Do you mean 0.4 (40 %)?"),
        (("solve", "--lever", "a", "--target", "density <= 130"), "Do you mean 1.3 (130 %)?"),
    ],
)  # fmt: skip
def test_solve_checks_everything_before_the_first_run(sortie, unrun, arguments, words):
    answer = sortie(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert "begun" not in answer.err


@pytest.mark.parametrize(
    "text", ["dry_share <= 0.4", "dry_share <= 0,4", "dry_share <= 2/5", "dry_share<=40 %", "dry_share <= 40%"]
)
def test_a_target_is_read_as_people_write_it(text):
    assert read_target(text).value == pytest.approx(0.4)


def written(tmp_path, text: str):
    path = tmp_path / "e.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_plan_multiplies(tmp_path):
    text = (
        "scenarios: [baseline, fewer_ddse]\nlevers: [{on: 2027-01-01, add: means.probation_service.posts, by: [50, 100]}]\n"
        "replications: {floor: 100000, cap: 100000}\ndraws: {number: 3}\nevents: all\nkeep: indicators\n"
    )
    experiment = read_experiment(written(tmp_path, text))
    began = time.perf_counter()
    found = plan(experiment, tmp_path / "results")
    assert time.perf_counter() - began < 5
    assert (found.arms, found.draws, found.units, found.waiting) == (4, 4, 1_600_000, 1_600_000)
    assert found.months == 1_600_000 * (found.months // 1_600_000)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("scenarios: [baseline]\nreplications: 1000000000\n", "less than or equal to 100000"),
        ("scenarios: [baseline]\nreplications: 2\ndraws: {number: 1000000}\n", "less than or equal to 10000"),
        ("scenarios: [baseline]\nreplications: 2\nsampling_fraction: 5\n",
         "e.yaml:3: sampling_fraction: expected a number above 0"),
        ("scenarios: [baseline]\nreplications: 2\nlevers: [{on: 2027-01-01, add: no.such, by: 1}]\n",
         "e.yaml:3: levers[0].add: no parameter 'no.such'"),
        ("scenarios: [baseline]\nreplications: 2\nend: 1999-01-01\n", "e.yaml:3: end: met 1999-01-01"),
        ("scenarios: [baseline]\nreplications: {until: [{output: dry_rate_exits, group: nope, half_width: 1}]}\n",
         "until[0].group: met 'nope': expected all, or a group such as kind=MA"),
        ("scenarios: [baseline]\nreplications: 2\nlevers:\n" + "".join(
            f"  - {{on: 2027-0{n}-01, add: means.probation_service.posts, by: {list(range(20))}}}\n" for n in range(1, 7)
        ), f"levers: met 64,000,000 combinations of settings, {MOST_ARMS:,} at most"),
    ],
)  # fmt: skip
def test_an_experiment_is_bounded_and_its_mistakes_told_at_its_own_lines(tmp_path, text, words):
    began = time.perf_counter()
    with pytest.raises(ScenarioError) as told:
        read_experiment(written(tmp_path, text))
    assert words in str(told.value)
    assert time.perf_counter() - began < 5


def test_an_experiment_that_cannot_be_read_asks_for_one(sortie):
    assert "Give the path of an experiment file" in sortie("plan", "nowhere.yaml").err


# ------------------------------------------------------------------------------------------------------- what is printed


def test_no_interval_of_width_zero():
    assert interval(639, 0, "people", signed=True) == "–"
    assert interval(0.0003, 2e-14, "share", signed=True) == "–"
    assert interval(0, 0, "people", signed=True) == ""
    assert interval(639, float("nan"), "people", signed=True) == ""
    assert tied(639, float("nan"), 2)
    assert not tied(639, float("nan"), 1)
    assert not tied(0, float("nan"), 2), "said as nothing"
    assert interval(639.2, 0.1, "people", signed=True) == "[+639.1, +639.3]"
    assert interval(100, 10, "people", signed=False) == "[90, 110]"


def test_a_dash_says_why_below_the_report(sortie, engine):
    told = sortie(*RUN).out
    assert ("–" in told) == (TIED.split(",")[0] in told.replace("\n", " "))
    for line in told.splitlines():
        low, _, high = line.partition("[")[2].partition("]")[0].partition(", ")
        assert not high or low != high, line


def test_wide_tables_are_folded(sortie, engine, monkeypatch):
    sortie(*RUN)
    monkeypatch.setenv("COLUMNS", "80")
    answer = sortie("query", "select * exclude (folder) from units")
    told = answer.out
    assert answer.code == 0, answer.err
    assert max(map(len, told.splitlines())) <= 80
    monkeypatch.setenv("COLUMNS", "400")
    assert len(sortie("query", "select * exclude (folder) from units").out.splitlines()) < len(told.splitlines())


# ---------------------------------------------------------------------------------------------------------------- at random
