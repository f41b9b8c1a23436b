"""A broken text of law fails with its file, its line, and what was expected."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from sim.dates import parse_day
from sim.errors import LawError
from sim.law.reading import read_text, read_texts, rules_of

TEXT = """\
notion: bracelet
title: {en: Bracelet, fr: Bracelet}
about: Only for tests.
notes:
  - A note.
references:
  A1: {title: "CPP, art. 1", href: "https://example.org/a1"}
  B2: {title: "CPP, art. 2"}
rules:
  max_months:
    label: {en: Longest, fr: Au plus}
    unit: months
    article: CPP 1
    basis: date_of_decision
    range: [12, 36]
    transitional: Judgments.
    note: A note.
    values:
      - {from: 2010-01-01, until: 2019-12-31, value: 12, reference: B2, quality: memory}
      - {from: 2020-01-01, value: 24, reference: A1, quality: read, article: CPP 2, note: Why.}
  share:
    label: {en: Share, fr: Part}
    unit: share
    article: CPP 1
    basis: date_of_sentence
    values:
      - {from: 2010-01-01, value: 2/3, reference: A1, quality: read}
      - {from: 2011-01-01, value: 0.5, reference: A1, quality: derived}
  base:
    label: {en: Base, fr: Assiette}
    unit: base
    article: CPP 1
    basis: date_of_ecrou
    options: [ONE, TWO]
    values:
      - {from: 2010-01-01, value: ONE, reference: A1, quality: read}
      - {from: 2012-01-01, value: TWO, reference: A1, quality: practice}
  exists:
    label: {en: Exists, fr: Existe}
    unit: flag
    article: CPP 1
    basis: date_of_decision
    amends: {bracelet.max_months: 36, bracelet.exists: false}
    values:
      - {from: 2010-01-01, value: null, reference: A1, quality: read}
      - {from: 2012-01-01, value: true, reference: A1, quality: read}
      - {from: 2013-01-01, value: false, reference: A1, quality: memory+}
"""


@pytest.fixture
def write(tmp_path):
    def _write(text, name="bracelet"):
        path = tmp_path / f"{name}.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return _write


def test_a_sound_text_is_read_whole(write):
    text = read_text(write(TEXT))

    months, share, base, exists = text.rules.values()
    assert (text.notion, text.title, text.about, text.notes) == (
        "bracelet",
        {"en": "Bracelet", "fr": "Bracelet"},
        "Only for tests.",
        ("A note.",),
    )
    assert (months.path, months.unit, months.article, months.basis) == (
        "bracelet.max_months",
        "months",
        "CPP 1",
        "date_of_decision",
    )
    assert months.label == {"en": "Longest", "fr": "Au plus"}
    assert (months.range, months.transitional, months.note, months.options, months.amends) == (
        (12.0, 36.0),
        "Judgments.",
        "A note.",
        (),
        {},
    )
    assert [(p.from_day, p.value, p.article, p.quality, p.note, p.line) for p in months.periods] == [
        (parse_day("2010-01-01"), 12, "CPP 1", "memory", None, 19),
        (parse_day("2020-01-01"), 24, "CPP 2", "read", "Why.", 20),
    ]
    assert months.periods[0].reference.href is None
    assert months.periods[1].reference == text.rules["share"].periods[0].reference
    assert months.line == 11
    assert [p.value for p in share.periods] == [2 / 3, 0.5]
    assert base.options == ("ONE", "TWO")
    assert [p.value for p in exists.periods] == [None, True, False]
    assert exists.amends == {"bracelet.max_months": 36, "bracelet.exists": False}


def test_the_first_period_holds_before_its_date_and_each_until_the_next(write):
    rule = read_text(write(TEXT)).rules["max_months"]

    days = [parse_day(on) for on in ("2000-01-01", "2010-01-01", "2019-12-31", "2020-01-01", "2030-01-01")]
    assert [rule.period_at(day).value for day in days] == [12, 12, 12, 24, 24]


BROKEN = yaml.safe_load((Path(__file__).parent / "broken_texts.yaml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("broken", BROKEN, ids=[broken["mistake"] for broken in BROKEN])
def test_a_broken_text_says_where_and_what(write, broken):
    assert broken["replace"] in TEXT
    path = write(TEXT.replace(broken["replace"], broken["by"], 1))

    with pytest.raises(LawError) as error:
        read_text(path)

    assert str(error.value) == f"{path}:{broken['says']}"


def test_a_text_that_is_a_list(write):
    path = write("- a\n- b\n")

    with pytest.raises(LawError) as error:
        read_text(path)

    assert str(error.value) == f"{path}:1: expected a mapping (key: value)"


@pytest.mark.parametrize("values", ["3", "[]"])
def test_values_that_are_no_list_or_an_empty_one(write, values):
    path = write(TEXT[: TEXT.index("    values:")] + f"    values: {values}\n")

    with pytest.raises(LawError) as error:
        read_text(path)

    expected = "expected a list of periods ({from: …, value: …, reference: …, quality: …})"
    assert str(error.value) == f"{path}:18: rules.max_months.values: {expected}"


def test_an_empty_file(write):
    path = write("")

    with pytest.raises(LawError) as error:
        read_text(path)

    assert str(error.value) == f"{path}: the file is empty"


def test_an_empty_folder(tmp_path):
    with pytest.raises(LawError) as error:
        read_texts(tmp_path)

    assert str(error.value) == f"{tmp_path}: no text of law (*.yaml) in this folder"


def test_the_basis_of_the_file_is_that_of_its_rules_unless_they_say_otherwise(write):
    text = TEXT.replace("rules:\n", "basis: date_of_ecrou\nrules:\n", 1)
    text = text.replace("    basis: date_of_decision\n", "", 1)

    rules = read_text(write(text)).rules

    assert (rules["max_months"].basis, rules["share"].basis) == ("date_of_ecrou", "date_of_sentence")


def test_a_switch_that_amends_no_rule(write, tmp_path):
    write(TEXT.replace("bracelet.max_months: 36", "bracelet.max_month: 36"))

    with pytest.raises(LawError, match=r"bracelet.yaml:39: bracelet.exists amends 'bracelet.max_month'.*max_months'"):
        read_texts(tmp_path)


@pytest.mark.parametrize(("written", "read"), [("yes", True), ("on", True), ("True", True), ("no", False), ("off", False)])
def test_yes_and_no_may_be_written_as_people_do(write, written, read):
    text = read_text(write(TEXT.replace("2012-01-01, value: true", f"2012-01-01, value: {written}")))

    assert text.rules["exists"].periods[1].value is read


def test_a_period_of_one_day(write):
    text = TEXT.replace("until: 2019-12-31", "until: 2010-01-01").replace("from: 2020-01-01", "from: 2010-01-02")

    first, second = read_text(write(text)).rules["max_months"].periods
    assert second.from_day == first.from_day + 1


def test_texts_of_the_package_are_read_once_and_in_order():
    texts = read_texts()

    assert read_texts() is texts
    assert list(texts) == sorted(texts)
    assert len(list(rules_of(texts))) > 300
