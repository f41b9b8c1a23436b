"""From levers to the file that the command line takes, and back; from an address; bad files."""

from __future__ import annotations

import pytest

from sim.dates import parse_day
from sim.errors import ScenarioError
from sim.explorer import scenario_form
from sim.explorer.scenario_form import DATES, Draft, levers, loaded, packed, read_draft, run_id, unpacked
from sim.law.statutes import Statutes
from sim.records.manifest import engine_digest, run_identifier
from sim.scenario import load_scenario
from sim.scenario.library import files

from .conftest import TITLE

SETTINGS = {
    "lscshare": 50,
    "lscmonths": 6,
    "entries": -10,
    "length": 5,
    "boards": -20,
    "fourmonths": 1,
    "counsellors": 300,
    "slots": 4000,
    "semi": 250,
}
EXTRA = {"on": "2027-01-01", "set": "practices.files.lead_days", "to": 240.0}
CAP = {"name": "population_cap", "on": "2026-09-01", "with": {"density": 1.2, "within_days": 120.0}}


def test_a_file_written_by_the_page_is_read_back_as_it_was():
    draft = Draft(SETTINGS, "2027-01-01", (EXTRA,), (CAP,))
    again, on = read_draft(draft.text(TITLE).encode(), "x.yaml")
    assert again.settings == SETTINGS
    assert (on, list(again.extras), again.whole) == ("2027-01-01", [EXTRA], "")
    assert list(again.policies) == [CAP]
    assert loaded(again.text(TITLE)).digest() == loaded(draft.text(TITLE)).digest()


@pytest.mark.parametrize("lever", levers(), ids=lambda lever: lever.key)
def test_each_lever_makes_a_scenario_that_differs_from_the_baseline(lever):
    value = lever.high if lever.high != lever.rest else lever.low
    scenario = loaded(Draft({lever.key: value}, DATES[0], (), ()).text(TITLE))
    assert scenario.digest() != load_scenario("baseline").digest()
    assert {change.path for change in scenario.changes} == set(lever.paths)


def test_levers_left_alone_are_the_baseline():
    draft = Draft({lever.key: lever.rest for lever in levers()}, DATES[0], (), ())
    assert draft.is_empty
    assert loaded(draft.text(TITLE)).digest() == load_scenario("baseline").digest()


def test_levers_of_the_law_stand_where_the_law_of_today_puts_them():
    laws = [lever for lever in levers() if lever.by == "law"]
    assert len(laws) == 2
    for lever in laws:
        today = Statutes.load().value(lever.paths[0].removeprefix("law."), parse_day(DATES[0]))
        assert round(float(today) * lever.times) == lever.rest
        (change,) = loaded(Draft({lever.key: lever.low}, DATES[0], (), ()).text(TITLE)).changes
        assert change.value == lever.low / lever.times


def test_the_command_line_reads_the_same_run_from_the_same_file(tmp_path):
    file = tmp_path / "mon-scenario.yaml"
    text = Draft(SETTINGS, DATES[0], (EXTRA,), ()).text(TITLE)
    file.write_text(text, encoding="utf-8")
    scenario = load_scenario(file)
    assert run_id(loaded(text)) == run_identifier(scenario.digest(), scenario_form.SEED, engine=engine_digest())
    assert scenario.name == scenario_form.NAME


@pytest.mark.parametrize("name", [name for name in files() if name != "baseline"])
def test_a_shipped_scenario_can_be_loaded_and_means_the_same(name, root):
    raw = (root / "scenarios" / f"{name}.yaml").read_bytes()
    draft, _ = read_draft(raw, f"{name}.yaml")
    assert loaded(draft.text(TITLE)).digest() == load_scenario(name).digest()


def test_a_whole_world_is_taken_as_it_is(root):
    raw = (root / "scenarios" / "baseline.yaml").read_bytes()
    draft, _ = read_draft(raw, "world.yaml")
    assert draft.whole == raw.decode()
    assert loaded(draft.text(TITLE)).digest() == load_scenario("baseline").digest()


def test_an_address_holds_what_levers_cannot_say():
    text = packed([EXTRA], [CAP], "")
    assert unpacked(text) == ([EXTRA], [CAP], "")
    assert packed([], [], "") == ""
    assert len(text) < 300


@pytest.mark.parametrize("text", ["", "abc", "####", packed([EXTRA], [], "")[:-9], "eJyrrgUAAXUA-Q"])
def test_a_cut_address_is_told(text):
    with pytest.raises(ScenarioError, match="cut"):
        unpacked(text)


HEAD = b"extends: baseline.yaml\ntitle: {fr: a, en: b}\n"
BAD = {
    "empty": b"",
    "blank": b"   \n",
    "no mapping": b"- 1\n- 2\n",
    "a word": b"hello",
    "a number": b"12",
    "not yaml": b"a: [1, 2",
    "tabs": b"a:\n\t- b",
    "binary": bytes(range(256)),
    "latin 1": "title: {fr: Été, en: Summer}\n".encode("latin-1"),
    "utf 16": "extends: baseline.yaml\n".encode("utf-16"),
    "unknown key": HEAD + b"changez: []\n",
    "unknown parameter": HEAD + b"changes:\n  - {on: 2026-07-01, set: a.b.c, to: 1}\n",
    "unknown base": b"extends: nowhere.yaml\ntitle: {fr: a, en: b}\n",
    "bad date": HEAD + b"changes:\n  - {on: 2026-13-01, set: costs.per_day.cell, to: 1}\n",
    "outside the run": HEAD + b"changes:\n  - {on: 2051-01-01, set: costs.per_day.cell, to: 1}\n",
    "text for a number": HEAD + b"changes:\n  - {on: 2026-07-01, set: costs.per_day.cell, to: dear}\n",
    "nan": HEAD + b"changes:\n  - {on: 2026-07-01, set: costs.per_day.cell, to: .nan}\n",
    "set and add": HEAD + b"changes:\n  - {on: 2026-07-01, set: costs.per_day.cell, add: costs.per_day.cell, to: 1}\n",
    "unknown policy": HEAD + b"policies:\n  - {name: magic, on: 2026-07-01}\n",
    "tag": b"!!python/object/apply:os.system ['true']",
    "anchors": b"a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
    "path out": b"extends: ../../../etc/passwd\ntitle: {fr: a, en: b}\n",
    "twice": b"extends: baseline.yaml\nextends: baseline.yaml\ntitle: {fr: a, en: b}\n",
    "too large": b"# " + b"x" * 300_000,
}


def test_a_strangers_file_cannot_make_the_server_read_another(tmp_path):
    secret = tmp_path / "secret.yaml"
    secret.write_text("the secret of the server\n", encoding="utf-8")
    text = f"extends: {secret}\ntitle: {{fr: a, en: b}}\n"
    for read in (lambda: read_draft(text.encode(), "upload.yaml"), lambda: loaded(text)):
        with pytest.raises(ScenarioError) as told:
            read()
        assert "secret of" not in str(told.value)


@pytest.mark.parametrize("raw", BAD.values(), ids=BAD.keys())
def test_a_bad_file_gives_one_message_that_names_it(raw):
    with pytest.raises(ScenarioError) as told:
        read_draft(raw, "upload.yaml")
    assert "upload.yaml" in str(told.value)
    assert len(str(told.value)) < 2000
