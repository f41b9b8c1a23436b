"""``plan``, ``batch``, ``query``, ``solve`` and what ``compare`` writes, as a user types them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

FRAME = ("--start", "2022-01-01", "--measure-from", "2022-04-01", "--end", "2022-12-31", "--fraction", "0.003")
TEXT = """scenarios: [baseline]
start: 2022-01-01
measure_from: 2022-04-01
end: 2022-12-31
sampling_fraction: 0.003
levers: [{on: 2022-07-01, scale: means.probation_service.posts, by: 2}]
replications: 2
keep: indicators
"""


@pytest.fixture
def file(tmp_path) -> str:
    path = tmp_path / "posts.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return str(path)


def test_plan_tells_and_writes_nothing(sortie, file, tmp_path):
    answer = sortie("plan", file)
    assert answer.code == 0
    assert "2 arms × 1 draws × 2 replications = 4 units, 0 already there, 4 to run" in answer.out
    assert "shared pasts spare 25 % of the months" in answer.out
    assert not (tmp_path / "results").exists()
    plain = json.loads(sortie("plan", file, "--json").out)
    assert (plain["units"], plain["months"], plain["months_shared"]) == (4, 48, 12)
    assert plain["seconds"] > 0


def test_batch_then_ask_then_compare(sortie, file):
    answer = sortie("batch", file, "--progress", "json", "--workers", "1")
    assert answer.code == 0
    assert "4 units run, 0 already there, 0 failed" in answer.out
    events = [json.loads(line)["event"] for line in answer.err.splitlines()]
    assert (events[0], events.count("done")) == ("begin", 4)
    again = json.loads(sortie("batch", file, "--progress", "none", "--json").out)
    assert (again["simulated"], again["skipped"]) == (0, 4)

    question = (
        "select avg(difference) d from differences where indicator = 'posts' and period = 'measured' and \"group\" = 'all'"
    )
    (row,) = json.loads(sortie("query", question, "--form", "json").out)["rows"]
    assert row["d"] > 0
    french = sortie("query", question, "-f", "excel-fr").out
    assert french.startswith("\ufeffd\r\n")
    assert "," in french
    wrong = sortie("query", "select * from nowhere")
    assert wrong.code == 2
    assert "Views here" in wrong.err

    over_draws = sortie("compare", "results/posts", "--csv", "tables")
    assert over_draws.code == 0
    assert "90 % interval: chance only; parameter uncertainty not yet included" in over_draws.out
    assert Path("tables/differences.csv").read_text(encoding="utf-8").startswith("scenario,period,indicator,group")

    # Who changes route needs the table of exits, and this experiment kept indicators only.
    pair = sortie("compare", "baseline", "baseline+posts=2", "-o", "results/posts", "--csv", "one")
    assert pair.code == 2
    assert "without its exits" in pair.err
    assert "keep: all" in pair.err


@pytest.mark.usefixtures("engine")
def test_compare_writes_its_tables(sortie):
    assert sortie("run", "baseline", "policy.yaml", "-n", "2", "-w", "1", "--progress", "none").code == 0
    answer = sortie("compare", "baseline", "policy", "--csv", "tables", "--excel-fr")
    assert answer.code == 0
    assert sorted(p.name for p in Path("tables").iterdir()) == [
        "causes.csv",
        "establishments.csv",
        "indicators.csv",
        "people.csv",
        "routes.csv",
    ]
    text = Path("tables/causes.csv").read_bytes()
    assert text.startswith("\ufeffindicateur;libellé de l'indicateur;cause;cause en clair;référence;politique;écart".encode())


@pytest.mark.usefixtures("engine")
def test_people_who_change_are_named_and_only_they(sortie):
    assert sortie("run", "baseline", "policy.yaml", "same.yaml", "-n", "2", "-w", "1", "--progress", "none").code == 0
    assert sortie("compare", "baseline", "policy", "--csv", "tables").code == 0
    rows = Path("tables/people.csv").read_text(encoding="utf-8").splitlines()
    assert rows[0] == "replication,person,stay,base,policy,base_day,policy_day,days_earlier"
    assert len(rows) > 10
    assert {row.split(",")[0] for row in rows[1:]} == {"0", "1"}
    days = {day for row in rows[1:] for day in row.split(",")[5:7]}
    assert "" in days  # nobody has a day who does not leave
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", day) for day in days - {""})
    assert sortie("compare", "baseline", "same", "--csv", "none").code == 0
    assert len(Path("none/people.csv").read_text(encoding="utf-8").splitlines()) == 1


@pytest.mark.usefixtures("engine")
def test_the_run_in_of_a_run_is_told_series_by_series(sortie):
    assert sortie("run", "baseline", "-n", "1", "-w", "1", "--progress", "none").code == 0
    found = json.loads(sortie("run-in", "baseline", "--json").out)["rows"]
    assert {"detained", "exits"} <= {row["series"] for row in found}
    assert all(row["settled"] in (True, False) and row["months"] % 5 == 0 for row in found)
    told = sortie("run-in", "baseline")
    assert "MSER-5" in told.out
    assert sortie("run-in", "nowhere").code == 2


@pytest.mark.slow
def test_solve_finds_the_posts_that_a_sum_of_money_pays(sortie):
    # Closed form: the cost of counsellors is their number times the price of a year, and owes nothing to chance.
    path, lever = "costs.counsellor_year", "means.probation_service.posts"
    from sim.scenario import load_scenario  # noqa: PLC0415 (from the folder the fixture has entered)

    world = load_scenario("baseline")
    price = world.number(path, world.measure_from_day)
    asked = ("--lever", lever, "--target", f"cost_of_means[item=counsellors_inside,price=central] >= {1100 * price:.2f}")
    answer = sortie("solve", *asked, *FRAME, "-n", "2", "-w", "1", "--json")
    assert answer.code == 0, answer.err
    found = json.loads(answer.out)
    assert found["setting"] == pytest.approx(1100, rel=1e-3)
    assert found["low"] == pytest.approx(found["setting"])
    assert found["high"] == pytest.approx(found["setting"])


def test_solve_says_why_nothing_reaches_the_target(sortie):
    asked = ("--lever", "means.probation_service.posts", "--target", "dry_share <= 0.01", "--up-to", "1200")
    answer = sortie("solve", *asked, *FRAME, "-n", "2", "-w", "1")
    assert answer.code == 1
    assert "no setting up to 1200 reaches it: the nearest is" in answer.out


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("solve", "--lever", "means.nothing", "--target", "dry_share <= 0.4"), "no parameter 'means.nothing'"),
        (("solve", "--lever", "means.probation_service.posts", "--target", "dry_share"), "--target: met 'dry_share'"),
        (("plan", "nowhere.yaml"), "nowhere.yaml"),
        (("compare", "nowhere"), "not the index of an experiment"),
    ],
)
def test_mistakes_are_one_message_and_exit_code_2(sortie, arguments, words):
    answer = sortie(*arguments)
    assert answer.code == 2
    assert words in answer.err
    assert "Traceback" not in answer.err


@pytest.mark.usefixtures("engine")
def test_a_run_the_disk_cannot_hold_is_refused_before_it_begins(sortie, monkeypatch):
    monkeypatch.setattr("sim.experiments.batch.free_space", lambda _folder: 1_000_000)
    asked = ("run", "baseline", "-n", "2", "-w", "1", "--progress", "none")
    answer = sortie(*asked)
    assert answer.code == 2
    assert "are needed for 2 replications, 1.0 MB are free" in answer.err
    assert "--no-events" in answer.err
    assert not Path("results").exists()
    assert sortie(*asked, "--no-disk-check").code == 0
    assert sortie(*asked).code == 0, "what is there needs no room"
