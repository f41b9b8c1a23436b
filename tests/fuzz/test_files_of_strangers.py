"""Files, values and addresses made to break what reads them: each is refused in words, or is possible.

Ten thousand scenario files, five hundred experiments, a hundred addresses of the explorer, all under the ``slow`` marker; a
sample of them, always the same, in every run of the tests. No traceback, nothing that takes over five seconds of processor, no
value outside what can be; the counts are printed (``pytest -s``).
"""

# ruff: noqa: BLE001, E501, Q003, S311, T201 (whatever is raised is what is looked for; lists of what was tried are lists)

from __future__ import annotations

import base64
import json
import random
import string
import time
import zlib
from collections import Counter
from functools import cache

import pytest

from sim.errors import ScenarioError, SimError
from sim.experiments.experiment import read_experiment
from sim.explorer.scenario_form import from_address, loaded
from sim.law.statutes import Statutes
from sim.policies import POLICIES
from sim.scenario import load_scenario, loading, read_scenario
from sim.scenario.checking import check
from sim.scenario.checking_changes import lines_of_file
from sim.scenario.library import files
from sim.scenario.values import entries_of

LONGEST_SECONDS = 5.0
KNOWN = frozenset(POLICIES)
TITLE = {"fr": "Essai", "en": "Trial"}
SEED = 20_260_701
SIGNED = ("log", "correlation", "adjusted less dry")
WORDS_OF_LAW = ("flag", "statement", "base", "regime", "end")
NUMBERS = (
    "-1", "-0.0", "0", "1", "1.5", "2", "7", "50", "130", "-1000", "5e-324", "1e9", "-1e9", "1e308", "1e300", "99999999999999999999",
    "1000000", "0.1", "0.66", "3.14", ".inf", ".nan", "0x10", "1_000", "'12'", "12 %", "1,5", "2/3", "true", "null", "~", "banane",
    "[1, 2]", "[]", "{}", "{a: 1}", "2026-01-01", "😀", "\"\\0\"", "-", "!!python/object:os.system", "&a 1", "*a", "1e-400", "'0,5'",
)  # fmt: skip
DAYS = (
    "2026-01-01", "2022-01-01", "2030-12-31", "2031-01-01", "1990-01-01", "2100-12-31", "2026-02-30", "01/07/2026", "2026", "null",
    "2027-03-14", "2026-07-01", "20260701", "'2026-07-01'",
)  # fmt: skip
NAMES = (
    "../x", "a/b", "..", ".", "x" * 300, "CON", "con.txt", "'a\\nb'", "-rf", "--help", "'=cmd|x'", "<script>", "baseline", "Baseline",
    "\"\\u202eabc\"", "\"\\0\"", "'  '", "LPT1", "a.", "'a '", "ordinary", "été", "a:b", "'*'", "1", "null", "~", "[a]", "@x", "+1",
)  # fmt: skip
SOUP = string.printable + "éàç€→−\u202e\u200b\ufeff\x00\x07😀"


@pytest.fixture(scope="module", autouse=True)
def _baseline_read_once():
    """The baseline is read and turned into values once: what is tried is what extends it."""
    read, leaves = cache(loading.read_file), loading._leaves
    kept = {}

    def leaves_once(document):
        if not document.label.endswith("baseline.yaml"):
            return leaves(document)
        if "baseline" not in kept:
            kept["baseline"] = tuple(leaves(document))
        return iter(kept["baseline"])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loading, "read_file", read)
        patch.setattr(loading, "_leaves", leaves_once)
        yield


@cache
def _paths():
    world = load_scenario("baseline").world
    entries = [f"{path}.{entry}" for path, leaf in world.items() for entry in entries_of(leaf.timeline.values[0])]
    return (*world, *entries, *(f"law.{path}" for path in Statutes.load().paths()))


@cache
def _shipped():
    return tuple(path.read_text(encoding="utf-8") for name, path in files().items() if name != "baseline")


def _number(luck):
    if luck.random() < 0.7:
        return luck.choice(NUMBERS)
    return repr(luck.choice((-1, 1)) * 10 ** luck.uniform(-6, 12))


def _change(luck):
    if luck.random() < 0.35:
        # A change that may well be accepted, so that what is accepted is looked at too.
        by = luck.choice(("0.5", "0.9", "1.1", "1.6", "3", "-1", "100"))
        return f"{{on: {luck.choice(DAYS[:3])}, scale: {luck.choice(_paths())}, by: {by}}}"
    path = luck.choice(_paths()) if luck.random() < 0.95 else luck.choice(("", "law.", "a.b", "means", "'?'", "law.x.y"))
    word = luck.choice(("set", "set", "scale", "add"))
    value = f"{'to' if word == 'set' else 'by'}: {_number(luck)}"
    whom = ", applies_to: " + luck.choice(("everyone", "new_committals")) if path.startswith("law.") else ""
    more = luck.choice(("", "", "", "", ", told_only: true", ", unit: days", ", bad: 1"))
    return f"{{on: {luck.choice(DAYS) if luck.random() < 0.3 else '2026-07-01'}, {word}: {path}, {value}{whom}{more}}}"


def _policy(luck):
    if luck.random() < 0.4:
        day = luck.choice(("2026-07-01", "2026-08-01", "2027-01-01"))
        density, within = luck.choice(("0.9", "1.3", "4.9", "5.1", "130")), luck.choice(("0", "180", "1000", "-1"))
        return f"{{name: population_cap, on: {day}, with: {{density: {density}, within_days: {within}}}}}"
    name = luck.choice((*POLICIES, "population_cup", "null"))
    known = [*getattr(POLICIES.get(name), "defaults", {}), "densite", "density"]
    settings = ", ".join(f"{luck.choice(known)}: {_number(luck)}" for _ in range(luck.randint(0, 3)))
    return f"{{name: {name}, on: 2026-07-01, with: {{{settings}}}}}"


def _mangled(luck, text):
    for _ in range(luck.randint(1, 6)):
        at = luck.randrange(len(text) + 1)
        sort = luck.randrange(6)
        if sort == 0:
            text = text[:at] + text[at + luck.randint(1, 9) :]
        elif sort == 1:
            text = text[:at] + luck.choice(SOUP) + text[at:]
        elif sort == 2:
            text = text[:at] + luck.choice(NUMBERS) + text[at + luck.randint(0, 5) :]
        elif sort == 3:
            lines = text.splitlines(keepends=True) or [""]
            luck.shuffle(lines)
            text = "".join(lines) if luck.random() < 0.2 else text + luck.choice(lines)
        elif sort == 4:
            text = text[:at] + luck.choice("[{(") * luck.choice((1, 40, 3_000)) + text[at:]
        else:
            text = text[:at] + text[at : at + 60] * 3 + text[at:]
    return text


def scenario_file(number):
    """One file of the ten thousand, by its number: the same every time."""
    luck = random.Random(f"{SEED} {number}")
    sort = number % 4
    if sort == 3:
        return _mangled(luck, luck.choice(_shipped()))
    lines = ["extends: baseline.yaml", "title: {fr: Essai, en: Trial}"]
    if luck.random() < 0.2:
        lines.append(f"name: {luck.choice(NAMES)}")
    if luck.random() < 0.2:
        lines.append(f"{luck.choice(('start', 'end', 'measure_from'))}: {luck.choice(DAYS)}")
    if luck.random() < 0.1:
        lines.append(f"sampling_fraction: {_number(luck)}")
    if sort == 1:
        lines.append(
            f"overrides: {{{luck.choice(_paths())}: {luck.choice((_number(luck), '{scale: ' + _number(luck) + '}'))}}}"
        )
    if sort == 2:
        lines += ["policies:", *(f"  - {_policy(luck)}" for _ in range(luck.randint(1, 3)))]
    if sort == 0 or luck.random() < 0.3:
        lines += ["changes:", *(f"  - {_change(luck)}" for _ in range(luck.choice((1, 1, 1, 2, 5))))]
    return "\n".join(lines) + "\n"


def experiment_file(number):
    """One experiment of the five hundred."""
    luck = random.Random(f"{SEED} experiment {number}")
    if number % 4 == 0:
        by = [luck.choice(("0.5", "0.9", "1.1", "-1", "1000")) for _ in range(2)]
        lever = f"{{on: 2026-07-01, scale: {luck.choice(_paths()[:150])}, by: [{', '.join(by)}]}}"
        return f"name: ordinary\nscenarios: [baseline]\nreplications: 2\nlevers:\n  - {lever}\n"
    levers = []
    for _ in range(luck.randint(0, 3)):
        wild = luck.random() < 0.5
        word = luck.choice(("set", "scale", "add")) if wild else "scale"
        values = ", ".join(_number(luck) if wild else luck.choice(("0.5", "0.9", "1.1")) for _ in range(luck.randint(0, 3)))
        settings = luck.choice(
            (f"{'to' if word == 'set' else 'by'}: [{values}]", f"between: [{_number(luck)}, {_number(luck)}]")
        )
        if not wild and values:
            settings = f"by: [{values}]"
        path = luck.choice(
            _paths() if wild else ("means.probation_service.posts", "flows.committals.fast_track", "costs.hearing")
        )
        levers.append(f"  - {{on: 2026-07-01, {word}: {path}, {settings}}}")
    rule = f"{{floor: {_number(luck)}, until: [{{output: dry_rate_exits, half_width: {_number(luck)}}}]}}"
    text = "\n".join(
        [
            f"name: {luck.choice((*NAMES, 'ordinary'))}" if luck.random() < 0.3 else "name: ordinary",
            f"scenarios: [{luck.choice(('baseline', 'baseline', 'baseline', 'baseline', 'nope', '../x', 'null'))}]",
            f"replications: {luck.choice(('2', '2', '2', _number(luck), rule))}",
            *([f"sampling_fraction: {_number(luck)}"] if luck.random() < 0.3 else []),
            *([f"end: {luck.choice(DAYS)}"] if luck.random() < 0.3 else []),
            *(["levers:", *levers] if levers else []),
            *([f"design: {{points: {luck.choice(('2', '4', _number(luck)))}}}"] if luck.random() < 0.3 else []),
        ]
    )
    return _mangled(luck, text) if luck.random() < 0.3 else text + "\n"


def address(number):
    """One crafted ``?x=`` of the hundred."""
    luck = random.Random(f"{SEED} address {number}")
    if number % 5 == 0:
        return "".join(luck.choice(string.ascii_letters + "-_=%/é\x00") for _ in range(luck.randint(0, 200)))
    change = {
        "on": luck.choice(DAYS[:3]),
        luck.choice(("set", "add", "nope")): luck.choice(_paths()),
        "to": luck.choice((-1000, 1, 1, "a")),
    }
    call = {
        "name": luck.choice((*POLICIES, *["population_cap"] * 4, "x")),
        "on": "2026-07-01",
        "with": {"density": luck.choice((130, 1.3, 1.3, "a", -1))},
    }
    extra = luck.choice(
        (*[change] * 9, {}, {"changes": [{}]}, {"": 1}, {"on": [{"a": {}}]}, [], None, "a", {"on": None}, {"a": "\ud800"})
    )
    plain = [
        [extra] * luck.randint(0, 2),
        [call] * luck.randint(0, 2),
        luck.choice((*[""] * 9, "a: [", scenario_file(number), None, 3)),
    ]
    text = json.dumps(plain)
    if number % 5 == 1:
        text = luck.choice(("[" * 100_000, '{"a":' * 50_000, "[NaN, [], \"\"]", "[[], [], \"\"", "null", "[[{\"by\": NaN}], [], \"\"]",
                            "[[{\"by\": 1e999}], [], \"\"]", "[[" + "{\"a\":" * 500 + "1" + "}" * 500 + "], [], \"\"]"))  # fmt: skip
    return base64.urlsafe_b64encode(zlib.compress(text.encode(errors="surrogatepass"))).decode().rstrip("=")


def _why_not(scenario):
    """Say which value of an accepted scenario cannot be, by rules of this test's own; None if all can."""
    for path, leaf in scenario.leaves.items():
        if leaf.shape[0] == "switch":
            continue
        signed = any(word in leaf.unit for word in SIGNED) or path.endswith("extra_places")
        for value in leaf.timeline.values:
            for number in [value] if isinstance(value, float) else entries_of(value).values():
                most = 1 if leaf.unit in {"share", "probability"} else 5 if leaf.unit == "persons/place" else 1e8
                if not (-1e5 <= number <= most and (signed or number >= 0)):
                    return f"{path} = {number}"
    statutes = Statutes.load().amended(scenario.amendments)
    for change in scenario.amendments:
        value, unit = statutes.value(change.path, change.on_day), Statutes.load().rule(change.path).unit
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if unit not in WORDS_OF_LAW and not (number and 0 <= value <= 1e5) and value is not None:
            return f"law.{change.path} = {value}"
    for call in scenario.policies:
        for name, value in call.settings.items():
            if name not in POLICIES[call.name].defaults or not (0 <= value <= 1e7 or (call.name == "type_cap" and value == -1)):
                return f"{call.name}.{name} = {value}"
    bad = set('/\\:*?"<>|\0\n') & set(scenario.name) or scenario.name[0] in "-.=+@" or len(scenario.name) > 100
    return f"name {scenario.name!r}" if bad else None


def _try(what, read, text, counts, faults):
    begun = time.process_time()
    try:
        scenario = read(text)
    except SimError as problem:
        counts["refused"] += 1
        if not str(problem).strip() or len(str(problem)) > 2_000:
            faults.append(f"{what}: message of {len(str(problem))} characters")
    except Exception as problem:
        faults.append(f"{what}: {type(problem).__name__}: {str(problem)[:200]}")
    else:
        counts["accepted"] += 1
        if scenario is not None:
            why = _why_not(scenario)
            if why is not None:
                faults.append(f"{what}: accepted {why}")
    if time.process_time() - begun > LONGEST_SECONDS:
        faults.append(f"{what}: {time.process_time() - begun:.1f} s")


def _told(what, counts, faults):
    print(f"{what}: {sum(counts.values())} tried, {dict(counts)}, {len(faults)} faults")
    assert not faults, "\n".join(faults[:20])


def _read(text):
    scenario = read_scenario(text.encode(errors="surrogatepass"), name="stranger.yaml", known_policies=KNOWN)
    # What check says of it must not fail either.
    assert lines_of_file(scenario, check(scenario))
    return scenario


def _scenarios(numbers):
    counts, faults = Counter(), []
    for number in numbers:
        _try(f"scenario {number}", _read, scenario_file(number), counts, faults)
    assert counts["refused"] > counts["accepted"] > 0
    _told("scenario files", counts, faults)


def _experiments(numbers, folder):
    counts, faults = Counter(), []

    def read(text):
        path = folder / "experiment.yaml"
        path.write_bytes(text.encode(errors="surrogatepass"))
        for arm in read_experiment(path).arms:
            why = _why_not(arm.scenario)
            assert why is None, why

    for number in numbers:
        _try(f"experiment {number}", read, experiment_file(number), counts, faults)
    assert counts["refused"] > counts["accepted"] > 0
    _told("experiment files", counts, faults)


def test_a_sample_of_scenario_files():
    _scenarios(range(0, 10_000, 43))


@pytest.mark.slow
def test_ten_thousand_scenario_files():
    _scenarios(range(10_000))


def test_a_sample_of_experiments(tmp_path):
    _experiments(range(0, 500, 17), tmp_path)


@pytest.mark.slow
def test_five_hundred_experiments(tmp_path):
    _experiments(range(500), tmp_path)


def test_a_hundred_addresses():
    counts, faults = Counter(), []

    def read(text):
        extras, policies, whole = from_address(text, TITLE)
        for call in policies:
            for value in call.get("with", {}).values():
                float(value)
        if whole:
            return loaded(whole)
        assert all(any(word in extra for word in ("set", "scale", "add")) for extra in extras)
        return None

    for number in range(100):
        _try(f"address {number}", read, address(number), counts, faults)
    _told("addresses", counts, faults)


def test_a_good_address_is_taken():
    line = {"on": "2026-07-01", "set": "means.probation_service.posts", "to": 1200}
    call = {"name": "population_cap", "on": "2026-07-01", "with": {"density": 1.3}}
    text = base64.urlsafe_b64encode(zlib.compress(json.dumps([[line], [call], ""]).encode())).decode().rstrip("=")
    extras, policies, whole = from_address(text, TITLE)
    assert [extra["set"] for extra in extras] == ["means.probation_service.posts"]
    assert (policies, whole) == ([call], "")
    with pytest.raises(ScenarioError):
        from_address(text[:-9], TITLE)
