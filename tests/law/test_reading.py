"""A broken text of law fails with its file, its line, and what was expected."""

from __future__ import annotations

import re

import pytest

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


BROKEN = {
    "wrong date": ("from: 2020-01-01, value: 24", "from: 2020-02-30, value: 24", 20, "'2020-02-30' is not a date"),
    "not a date": ("until: 2019-12-31", "until: never", 19, "'never' is not a date; expected year-month-day"),
    "missing reference": ("value: 24, reference: A1,", "value: 24,", 20, "'reference' is missing"),
    "unknown reference": ("value: 24, reference: A1", "value: 24, reference: A11", 20, "no reference 'A11'"),
    "suggested reference": ("value: 24, reference: A1", "value: 24, reference: A11", 20, "Did you mean 'A1'"),
    "overlap": ("until: 2019-12-31", "until: 2020-01-01", 20, "overlaps the period before it, which lasts until"),
    "hole": ("until: 2019-12-31", "until: 2019-12-30", 20, "leaves a hole after 2019-12-30"),
    "disorder": ("from: 2020-01-01, value: 24", "from: 2009-01-01, value: 24", 20, "not after the period before it"),
    "same day": ("from: 2011-01-01", "from: 2010-01-01", 28, "begins on 2010-01-01, not after"),
    "ends before": ("until: 2019-12-31", "until: 2009-12-31", 19, "ends before it begins"),
    "last has an end": ("from: 2011-01-01,", "from: 2011-01-01, until: 2012-01-01,", 28, "the last period has an end"),
    "unknown key": ("unit: months", "units: months", 12, "unknown key 'units'"),
    "suggested key": ("unit: months", "units: months", 12, "Did you mean 'unit'"),
    "unknown key of a period": ("note: Why.", "comment: Why.", 20, "unknown key 'comment'"),
    "unknown key of the file": ("about: Only", "summary: Only", 3, "unknown key 'summary'"),
    "unknown key of a reference": ('href: "https://example.org/a1"', 'link: "https://example.org/a1"', 7, "'link'"),
    "key twice": ("    unit: months", "    unit: months\n    unit: days", 13, "written twice"),
    "missing unit": ("    unit: months\n", "", 11, "'unit' is missing"),
    "missing article": ("    unit: months\n    article: CPP 1\n", "    unit: months\n", 11, "'article' is missing"),
    "missing basis": ("    basis: date_of_decision\n    range", "    range", 11, "'basis' is missing"),
    "missing label": ("    label: {en: Longest, fr: Au plus}\n", "", 11, "'label' is missing"),
    "missing value": ("value: 24, ", "", 20, "'value' is missing"),
    "missing grade": (", quality: read, article", ", article", 20, "'quality' is missing"),
    "missing French": ("{en: Longest, fr: Au plus}", "{en: Longest}", 11, "'fr' is missing"),
    "missing references": ("references:\n", "notes_of:\n", 6, "unknown key"),
    "unknown basis": ("basis: date_of_ecrou", "basis: date_of_offence", 33, "'date_of_offence' is not a basis"),
    "unknown grade": ("quality: derived", "quality: guessed", 28, "'guessed' is not a grade"),
    "read without link": ("reference: B2, quality: memory", "reference: B2, quality: read", 19, "has no link"),
    "link": ("https://example.org/a1", "example.org/a1", 7, "is not a link"),
    "fraction": ("value: 2/3", "value: 2/0", 27, "'2/0' is not a number"),
    "options": ("value: TWO", "value: THREE", 36, "'THREE' (line 37) is not one of the options: ONE, TWO"),
    "range": ("range: [12, 36]", "range: [36, 12]", 15, "the lower one first"),
    "range of one": ("range: [12, 36]", "range: [36]", 15, "expected [low, high]"),
    "range in words": ("range: [12, 36]", "range: [a, b]", 15, "expected two numbers"),
    "values twice": ("    amends", "    values: []\n    amends", 45, "written twice"),
    "value is a list": ("value: 24,", "value: [24],", 20, "expected one value"),
    "empty text": ("article: CPP 2", "article: ''", 20, "expected a text"),
    "notes are no list": ("notes:\n  - A note.", "notes: A note.", 4, "expected a list of texts"),
    "rule is no mapping": ("  share:\n", "  stray: 3\n  share:\n", 21, "expected a mapping"),
    "name": ("  share:\n", "  the-share:\n", 22, "'the-share' cannot be a name"),
    "notion is not the file": ("notion: bracelet", "notion: brace", 1, "must be the name of the file, 'bracelet'"),
    "not YAML": ("title: {en", "title: {{en", 3, "not YAML"),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_broken_text_says_where_and_what(write, old, new, line, words):
    assert old in TEXT
    path = write(TEXT.replace(old, new, 1))

    with pytest.raises(LawError, match=re.escape(words)) as error:
        read_text(path)

    assert str(error.value).startswith(f"{path}:{line}:")


@pytest.mark.parametrize("values", ["3", "[]"])
def test_values_that_are_no_list_or_an_empty_one(write, values):
    path = write(TEXT[: TEXT.index("    values:")] + f"    values: {values}\n")

    with pytest.raises(LawError, match="expected a list of periods"):
        read_text(path)


def test_an_empty_file(write):
    with pytest.raises(LawError, match="the file is empty"):
        read_text(write(""))


def test_an_empty_folder(tmp_path):
    with pytest.raises(LawError, match="no text of law"):
        read_texts(tmp_path)


def test_the_basis_of_the_file_is_that_of_its_rules_unless_they_say_otherwise(write):
    text = TEXT.replace("rules:\n", "basis: date_of_ecrou\nrules:\n", 1)
    text = text.replace("    basis: date_of_decision\n", "", 1)

    rules = read_text(write(text)).rules

    assert (rules["max_months"].basis, rules["share"].basis) == ("date_of_ecrou", "date_of_sentence")


def test_a_switch_that_amends_no_rule(write, tmp_path):
    write(TEXT.replace("bracelet.max_months: 36", "bracelet.max_month: 36"))

    with pytest.raises(LawError, match=r"bracelet.yaml:39: bracelet.exists amends 'bracelet.max_month'.*max_months'"):
        read_texts(tmp_path)


def test_texts_of_the_package_are_read_once_and_in_order():
    texts = read_texts()

    assert read_texts() is texts
    assert list(texts) == sorted(texts)
    assert len(list(rules_of(texts))) > 300
