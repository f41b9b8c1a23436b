"""A new adjustment touches four places of the law and no other (architecture.md §5.6).

The *placement sous bracelet mobile* of this test does not exist in French law as a sentence adjustment of its own. It is
added to a copy of ``sim`` as a contributor would: one file, one line in ``ADJUSTMENTS``, one text, one case. Then the
whole law knows it: eligibility, timeline, description, and the question compiled for the engine. Everything else in the copy
is untouched.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from sim.law.adjustments import ADJUSTMENTS

if TYPE_CHECKING:
    from pathlib import Path

MODULE = '''\
"""Mobile bracelet (*placement sous bracelet mobile*, PBM)."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from sim.law.adjustments.adjustment import Adjustment, Regime, ending_day

if TYPE_CHECKING:
    from collections.abc import Mapping

    from sim.law.sentence import SentenceFacts
    from sim.law.statutes import StatutesInForce

WITH_BRACELET = Regime("PBM", {"en": "Mobile bracelet", "fr": "Bracelet mobile"}, places="bracelets")


class MobileBracelet(Adjustment):
    """Mobile bracelet: so many months left."""

    __slots__ = ()

    code: ClassVar[str] = "PBM"
    label: ClassVar[Mapping[str, str]] = {"en": "Mobile bracelet", "fr": "Bracelet mobile"}
    article: ClassVar[str] = "fictitious"
    notion: ClassVar[str] = "mobile_bracelet"
    regimes: ClassVar[tuple[Regime, ...]] = (WITH_BRACELET,)

    def opens(self, sentence: SentenceFacts, statutes: StatutesInForce) -> int:
        """Day when few enough months remain."""
        return ending_day(sentence, statutes.mobile_bracelet.max_months)
'''

TEXT = """\
notion: mobile_bracelet
title: {en: Mobile bracelet, fr: Bracelet mobile}
references:
  none: {title: "A fiction of the tests"}
rules:
  max_months:
    label: {en: Longest total or remainder, fr: Total ou reliquat au plus}
    unit: months
    article: fictitious
    basis: date_of_decision
    values:
      - {from: 2020-01-01, value: 8, reference: none, quality: derived}
"""

CASE = """\
- case: "a year, eight months left"
  article: fictitious
  sentence: {committed: 2024-02-01, quantum: 12 months}
  expect: {PBM: 2024-06-01}
"""

ASK = """
import json
import numpy as np
from sim.engine.compile import compiled_form
from sim.dates import iso, parse_day
from sim.law import Sentence, Statutes
from sim.law.adjustments import ADJUSTMENTS
from sim.law.rulebook.description import rules_in_force
from sim.law.rulebook.foreigners import removal_effect
from sim.law.rulebook.timeline import life_of
from sim.law.procedure import competence
from sim.law.reckoning import first_day
from sim.law.record import law_dtype, law_records

day = parse_day("2024-02-01")
made = Sentence.of(day, 12, birth_day=parse_day("1990-01-01"))
statutes = Statutes.load()
law = statutes.at(day)
new = ADJUSTMENTS[-1]
# Every adjustment asked as the engine asks it, of a row of numbers.
fields = [name for name in dir(made) if isinstance(getattr(made, name), (int, np.integer)) and not name.startswith("_")]
row = np.zeros(1, dtype=[(name, "i8") for name in fields]).view(np.recarray)[0]
for name in fields:
    row[name] = getattr(made, name)
record = law_records([law], law_dtype(statutes))[0]
engine = [int(compiled_form(first_day)(code, row, record)) for code in range(len(ADJUSTMENTS))]
print(json.dumps({
    "compiled": iso(engine[-1]),
    "others": engine == [a.eligible_from(made, law) for a in ADJUSTMENTS],
    "codes": [a.code for a in ADJUSTMENTS],
    "regimes": list(dict.fromkeys(r.code for a in ADJUSTMENTS for r in a.regimes)),
    "eligible": iso(new.eligible_from(made, law)),
    "told": [[iso(r.day), r.decider] for r in life_of(made, statutes, share_granted=0) if r.event == "PBM"],
    "rules": [r.path for r in rules_in_force(statutes, day, "mobile_bracelet")],
    "competence": competence(new, made, day, law).court,
    "removal": removal_effect(new, made, law).value,
}))
"""


@pytest.fixture
def copy(tmp_path, root):
    """A copy of the code and of the cases of the law."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(root / "sim", tmp_path / "sim", ignore=ignored)
    shutil.copytree(root / "tests" / "law", tmp_path / "tests" / "law", ignore=ignored)
    return tmp_path


def snapshot(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): path.read_text(encoding="utf-8")
        for path in folder.rglob("*")
        if path.suffix in {".py", ".yaml"}
    }


def add(folder: Path) -> None:
    law = folder / "sim" / "law"
    (law / "adjustments" / "mobile_bracelet.py").write_text(MODULE, encoding="utf-8")
    (law / "texts" / "mobile_bracelet.yaml").write_text(TEXT, encoding="utf-8")
    (folder / "tests" / "law" / "cases" / "mobile_bracelet.yaml").write_text(CASE, encoding="utf-8")
    table = law / "adjustments" / "__init__.py"
    source = table.read_text(encoding="utf-8")
    source = source.replace(
        "    ReleaseUnderConstraintAsOfRight(),\n", "    ReleaseUnderConstraintAsOfRight(),\n    MobileBracelet(),\n"
    )
    source = source.replace(
        "from sim.law.adjustments.release_under_constraint import",
        "from sim.law.adjustments.mobile_bracelet import MobileBracelet\n"
        "from sim.law.adjustments.release_under_constraint import",
        1,
    )
    table.write_text(source, encoding="utf-8")


def test_a_new_adjustment_touches_four_places_and_the_whole_law_knows_it(copy):
    before = snapshot(copy)

    add(copy)

    after = snapshot(copy)
    touched = {name for name in after if after[name] != before.get(name)}
    assert touched == {
        "sim/law/adjustments/mobile_bracelet.py",
        "sim/law/adjustments/__init__.py",
        "sim/law/texts/mobile_bracelet.yaml",
        "tests/law/cases/mobile_bracelet.yaml",
    }
    run = subprocess.run([sys.executable, "-c", ASK], cwd=copy, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert json.loads(run.stdout) == {
        "codes": ["LC", "SL", "PE", "DDSE", "LSC", "LSC-PD", "PBM"],
        "regimes": ["LC", "SL", "PE", "DDSE", "PBM"],
        "eligible": "2024-06-01",
        "compiled": "2024-06-01",
        "others": True,
        "told": [["2024-06-01", "JAP, judgment after hearing"]],
        "rules": ["mobile_bracelet.max_months"],
        "competence": "JAP",
        "removal": "none",
    }


def test_its_case_is_run_by_the_runner_as_it_is(copy):
    add(copy)

    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-k", "mobile_bracelet", "tests/law/test_cases.py"],
        cwd=copy,
        capture_output=True,
        text=True,
        check=False,
        env={"PYTHONPATH": str(copy), "PATH": "/usr/bin:/bin"},
    )
    assert "1 passed" in run.stdout, run.stdout + run.stderr


def test_the_regimes_and_adjustments_of_today():
    table = {a.code: (a.needs_hearing, a.consent_needed, a.of_right, [r.code for r in a.regimes]) for a in ADJUSTMENTS}
    four = ["DDSE", "SL", "PE", "LC"]
    assert table == {
        "LC": (True, True, False, ["LC"]),
        "SL": (True, True, False, ["SL"]),
        "PE": (True, True, False, ["PE"]),
        "DDSE": (True, True, False, ["DDSE"]),
        "LSC": (False, True, False, four),
        "LSC-PD": (False, False, True, four),
    }
    regimes = {r.code: (r.ends_committal, r.sleeps_inside, r.places) for a in ADJUSTMENTS for r in a.regimes}
    assert regimes == {
        "LC": (True, False, None),
        "SL": (False, True, "SL"),
        "PE": (False, False, "PE"),
        "DDSE": (False, False, "devices"),
    }
    assert len({*ADJUSTMENTS, *(type(a)() for a in ADJUSTMENTS)}) == 6
    assert repr(ADJUSTMENTS[0]) == "ConditionalRelease()"
    assert ADJUSTMENTS[0] != ADJUSTMENTS[1]
