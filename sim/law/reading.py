"""Reading the texts of law: YAML files in which every value is dated, graded and sourced.

One file is one notion (``texts/semi_liberty.yaml``), one entry of ``rules`` is one rule of it, and each entry of
``values`` is one period of that rule::

    notion: semi_liberty
    title: {en: Semi-liberty, fr: Semi-liberté}

References
----------
      A1: {title: "CPP, art. 723-1", href: "https://…"}
    rules:
      max_total_months:
        label: {en: Longest total sentence, fr: Total des peines au plus}
        unit: months
        article: CPP 723-1
        basis: date_of_decision
        values:
          - {from: 2009-11-26, value: 24, reference: A1, quality: read}

A period lasts until the next one begins (``until`` may say so, and is then checked). ``value: null`` means that no
such rule exists. Files are composed by libyaml, which keeps line numbers: a broken text fails with its file and line.

A law of enforcement that is milder applies at once; one that is harsher binds only facts committed since it came into
force (CP 112-2, 3°). A rule says which way is harsher (``harsher: higher``, ``lower``, ``true`` or ``false``), and a
period that goes that way says ``basis: date_of_facts``, or why it is another (``exception:``, an express provision or a
ruling): a file that does neither is broken.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import yaml

from sim.dates import date_of, day_of
from sim.errors import LawError, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FOLDER = Path(__file__).parent / "texts"
"""Where the texts of the package are."""

FACTS = "date_of_facts"
BASES = ("date_of_decision", "date_of_sentence", "date_of_ecrou", FACTS)
"""What the date of effect is compared with: the day of the decision, of the judgment, of the committal (*écrou*), or of the
facts. The last is said of one period, of which the rule has another basis: it then binds later facts only."""

HARSHER = ("higher", "lower", "true", "false")
"""Which way the values of a rule are harsher."""

QUALITIES = ("read", "memory+", "memory", "practice", "derived")
"""How well a value is known: seen in a stored page; known with high or fair confidence; a practice; computed."""

Value = int | float | bool | str | None
"""What a rule may be worth; ``None`` when no such rule exists in the period."""

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_TEXT_KEYS = ("notion", "title", "about", "basis", "notes", "references", "rules")
_RULE_KEYS = ("label", "unit", "article", "basis", "harsher", "transitional", "options", "range", "note", "amends", "values")
_PERIOD_KEYS = ("from", "until", "value", "fr", "article", "basis", "exception", "reference", "quality", "note")
_REFERENCE_KEYS = ("title", "href")


@dataclass(frozen=True, slots=True)
class Reference:
    """Where a rule can be read."""

    title: str
    href: str | None
    """Link, or ``None`` for a reference that was recalled and not read."""


@dataclass(frozen=True, slots=True)
class Period:
    """One rule as it stands from a day on."""

    from_day: int
    value: Value
    article: str
    reference: Reference
    quality: str
    note: str | None
    later_facts_only: bool
    """Whether it binds only facts committed from its first day (CP 112-2, 3°)."""
    french: str | None
    """A value that is words, in French."""
    exception: str | None
    """Why a harsher value binds older facts too: the provision or the ruling that says so."""
    line: int
    """Line of the file where the period is written."""

    def binds(self, facts_day: int | None) -> bool:
        """Whether it binds facts of a day; facts of no known day (``None``) count as recent."""
        return not self.later_facts_only or facts_day is None or facts_day >= self.from_day


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of a notion, over time."""

    path: str
    """Dotted name, ``semi_liberty.max_total_months``."""
    label: Mapping[str, str]
    unit: str
    article: str
    basis: str
    harsher: str | None
    """Which way its values are harsher (:data:`HARSHER`); ``None`` where that has no meaning."""
    transitional: str | None
    options: tuple[str, ...]
    """Admissible values of a rule that is a choice between readings of the law; empty otherwise."""
    range: tuple[float, float] | None
    """Plausible range of an uncertain value."""
    note: str | None
    amends: Mapping[str, Value]
    """What a switch makes of other rules once a scenario turns it on; empty for all but pending reforms."""
    periods: tuple[Period, ...]
    line: int

    def period_at(self, day: int) -> Period:
        """Period in force on a day (the first one before its date: the texts do not reach further back)."""
        return self.in_force(day) or self.periods[0]

    def in_force(self, day: int, facts_day: int | None = None) -> Period | None:
        """Period in force on a day for facts of a day, ``None`` before the first: no such rule on that day."""
        found = None
        for period in self.periods:
            if period.from_day > day:
                break
            if period.binds(facts_day):
                found = period
        return found


def is_harsher(value: Value, than: Value, harsher: str | None) -> bool:
    """Whether a value is harsher than another, given which way is (:data:`HARSHER`).

    Where a rule that is harsher *higher* or *lower* is created (``null`` before) nothing can be compared.
    """
    if harsher in {"true", "false"}:
        return value is not than and value is (harsher == "true")
    if harsher is None or not isinstance(value, int | float) or not isinstance(than, int | float):
        return False
    return value > than if harsher == "higher" else value < than


@dataclass(frozen=True, slots=True)
class Text:
    """One notion of law: a file."""

    notion: str
    title: Mapping[str, str]
    about: str
    notes: tuple[str, ...]
    rules: Mapping[str, Rule]


class _Reader:
    """Turns the nodes of one file into a :class:`Text`, and knows where each stands."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def fail(self, node: yaml.Node | None, inside: str, what: str) -> NoReturn:
        """Raise the error of one place of the file."""
        line = f":{node.start_mark.line + 1}" if node is not None else ""
        where = f" {inside}:" if inside else ""
        msg = f"{self.path}{line}:{where} {what}"
        raise LawError(msg)

    def mapping(self, node: yaml.Node, inside: str, keys: tuple[str, ...] | None = None) -> dict[str, yaml.Node]:
        """Read a mapping with text keys, all known when ``keys`` is given, none twice."""
        if not isinstance(node, yaml.MappingNode):
            self.fail(node, inside, "expected a mapping (key: value)")
        found: dict[str, yaml.Node] = {}
        for key, value in node.value:
            name = str(key.value)
            if keys is not None and name not in keys:
                known = ", ".join(keys)
                self.fail(key, inside, f"unknown key '{name}'; expected one of: {known}.{suggestion(name, keys)}")
            if name in found:
                self.fail(key, inside, f"key '{name}' is written twice; keep one")
            found[name] = value
        return found

    def need(self, entries: dict[str, yaml.Node], node: yaml.Node, inside: str, key: str) -> yaml.Node:
        """Return the entry of a key that must be there."""
        if key not in entries:
            self.fail(node, inside, f"'{key}' is missing")
        return entries[key]

    def text(self, node: yaml.Node, inside: str) -> str:
        """Read a text that is not empty."""
        if not isinstance(node, yaml.ScalarNode) or not node.value.strip():
            self.fail(node, inside, "expected a text")
        return str(node.value).strip()

    def texts(self, node: yaml.Node, inside: str) -> tuple[str, ...]:
        """Read a list of texts."""
        if not isinstance(node, yaml.SequenceNode):
            self.fail(node, inside, "expected a list of texts")
        return tuple(self.text(item, inside) for item in node.value)

    def label(self, node: yaml.Node, inside: str) -> Mapping[str, str]:
        """Read a label in English and in French."""
        entries = self.mapping(node, inside, ("en", "fr"))
        return {tongue: self.text(self.need(entries, node, inside, tongue), inside) for tongue in ("en", "fr")}

    def day(self, node: yaml.Node, inside: str) -> int:
        """Read a date of the calendar as a day number."""
        written = self.text(node, inside)
        try:
            return day_of(date.fromisoformat(written))
        except ValueError:
            self.fail(node, inside, f"'{written}' is not a date; expected year-month-day, as in 2023-01-01")

    def value(self, node: yaml.Node, inside: str) -> Value:
        """Read a value: a number, a fraction such as 2/3, yes or no, a word, or nothing (``null``)."""
        if not isinstance(node, yaml.ScalarNode):
            self.fail(node, inside, "expected one value, not a list or a mapping")
        written, tag = str(node.value), node.tag.rsplit(":", 1)[-1]
        try:
            if tag == "null":
                return None
            if tag == "bool":
                return written.lower() in {"true", "yes", "on"}
            if tag == "int":
                return int(written)
            if tag == "float":
                return float(written)
            if "/" in written:
                return float(Fraction(written))
        except (ValueError, ZeroDivisionError):
            self.fail(node, inside, f"'{written}' is not a number; expected digits, or a fraction such as 2/3")
        return written

    def references(self, node: yaml.Node) -> dict[str, Reference]:
        """Read the references of the file, by their short name."""
        found = {}
        for name, entry in self.mapping(node, "references").items():
            inside = f"references.{name}"
            entries = self.mapping(entry, inside, _REFERENCE_KEYS)
            title = self.text(self.need(entries, entry, inside, "title"), inside)
            href = self.text(entries["href"], inside) if "href" in entries else None
            if href is not None and not href.startswith(("https://", "http://")):
                self.fail(entries["href"], f"{inside}.href", f"'{href}' is not a link; expected https://…")
            found[name] = Reference(title, href)
        return found

    def period(self, node: yaml.Node, inside: str, article: str, references: dict[str, Reference]) -> tuple[Period, int | None]:
        """Read one period, and the day it says it ends."""
        entries = self.mapping(node, inside, _PERIOD_KEYS)
        start = self.day(self.need(entries, node, inside, "from"), f"{inside}.from")
        until = self.day(entries["until"], f"{inside}.until") if "until" in entries else None
        if until is not None and until < start:
            self.fail(entries["until"], f"{inside}.until", "the period ends before it begins")
        named = self.text(self.need(entries, node, inside, "reference"), f"{inside}.reference")
        if named not in references:
            known = ", ".join(references)
            what = f"no reference '{named}' in this file; expected one of: {known}.{suggestion(named, references)}"
            self.fail(entries["reference"], f"{inside}.reference", what)
        quality = self.text(self.need(entries, node, inside, "quality"), f"{inside}.quality")
        if quality not in QUALITIES:
            what = f"'{quality}' is not a grade; expected one of: {', '.join(QUALITIES)}"
            self.fail(entries["quality"], f"{inside}.quality", what)
        if quality == "read" and references[named].href is None:
            self.fail(entries["reference"], f"{inside}.reference", f"graded 'read', but reference '{named}' has no link")
        facts = "basis" in entries
        if facts and self.text(entries["basis"], f"{inside}.basis") != FACTS:
            self.fail(entries["basis"], f"{inside}.basis", f"a period of its own basis can only be of '{FACTS}'")
        period = Period(
            from_day=start,
            value=self.value(self.need(entries, node, inside, "value"), f"{inside}.value"),
            article=self.text(entries["article"], inside) if "article" in entries else article,
            reference=references[named],
            quality=quality,
            note=self.text(entries["note"], inside) if "note" in entries else None,
            later_facts_only=facts,
            french=self.text(entries["fr"], inside) if "fr" in entries else None,
            exception=self.text(entries["exception"], inside) if "exception" in entries else None,
            line=node.start_mark.line + 1,
        )
        return period, until

    def periods(self, node: yaml.Node, inside: str, article: str, references: dict[str, Reference]) -> tuple[Period, ...]:
        """Read the periods of a rule: in order, none over another, no hole."""
        if not isinstance(node, yaml.SequenceNode) or not node.value:
            self.fail(node, inside, "expected a list of periods ({from: …, value: …, reference: …, quality: …})")
        found: list[Period] = []
        last_until: int | None = None
        for number, item in enumerate(node.value):
            place = f"{inside}[{number}]"
            period, until = self.period(item, place, article, references)
            if found and period.from_day <= found[-1].from_day:
                self.fail(item, place, f"begins on {date_of(period.from_day)}, not after the period before it")
            if last_until is not None and period.from_day <= last_until:
                what = f"overlaps the period before it, which lasts until {date_of(last_until)}"
                self.fail(item, place, what)
            if last_until is not None and period.from_day > last_until + 1:
                what = f"leaves a hole after {date_of(last_until)}; write a period with value: null if no rule existed"
                self.fail(item, place, what)
            found.append(period)
            last_until = until
        if last_until is not None:
            self.fail(node.value[-1], inside, "the last period has an end; write what follows (value: null if nothing)")
        return tuple(found)

    def basis(self, node: yaml.Node, inside: str) -> str:
        """Read what the dates of effect are compared with."""
        basis = self.text(node, inside)
        if basis not in BASES:
            what = f"'{basis}' is not a basis; expected one of: {', '.join(BASES)}.{suggestion(basis, BASES)}"
            self.fail(node, inside, what)
        if basis == FACTS:
            self.fail(node, inside, f"'{FACTS}' is said of the period that is harsher, not of the rule")
        return basis

    def reaches_back(self, node: yaml.Node, inside: str, periods: tuple[Period, ...], harsher: str | None) -> None:
        """Refuse a harsher value that would reach facts older than itself (CP 112-2, 3°)."""
        if periods[0].later_facts_only:
            self.fail(node, f"{inside}.values[0]", f"the first period cannot be of '{FACTS}': say what older facts have")
        for number, (before, period) in enumerate(pairwise(periods), start=1):
            if not is_harsher(period.value, before.value, harsher):
                continue
            if not period.later_facts_only and period.exception is None:
                what = f"harsher than the value before it, so it binds later facts only: write basis: {FACTS} (CP 112-2, 3°), "
                self.fail(node, f"{inside}.values[{number}]", what + "or say in 'exception' what makes it bind older facts too")

    def rule(self, notion: str, name: str, node: yaml.Node, basis: str | None, references: dict[str, Reference]) -> Rule:
        """Read one rule; ``basis`` is that of the file, when it gives one."""
        inside = f"rules.{name}"
        entries = self.mapping(node, inside, _RULE_KEYS)
        if not name.isidentifier():
            self.fail(node, inside, f"'{name}' cannot be a name; use letters, digits and _")
        article = self.text(self.need(entries, node, inside, "article"), f"{inside}.article")
        if basis is None or "basis" in entries:
            basis = self.basis(self.need(entries, node, inside, "basis"), f"{inside}.basis")
        options = self.texts(entries["options"], f"{inside}.options") if "options" in entries else ()
        periods = self.periods(self.need(entries, node, inside, "values"), f"{inside}.values", article, references)
        harsher = None
        if "harsher" in entries:
            harsher = self.text(entries["harsher"], f"{inside}.harsher")
            if harsher not in HARSHER:
                self.fail(entries["harsher"], f"{inside}.harsher", f"'{harsher}'; expected one of: {', '.join(HARSHER)}")
        self.reaches_back(entries["values"], inside, periods, harsher)
        for period in periods:
            if options and period.value not in options:
                what = f"'{period.value}' (line {period.line}) is not one of the options: {', '.join(options)}"
                self.fail(entries["values"], f"{inside}.values", what)
        return Rule(
            path=f"{notion}.{name}",
            label=self.label(self.need(entries, node, inside, "label"), f"{inside}.label"),
            unit=self.text(self.need(entries, node, inside, "unit"), f"{inside}.unit"),
            article=article,
            basis=basis,
            harsher=harsher,
            transitional=self.text(entries["transitional"], inside) if "transitional" in entries else None,
            options=options,
            range=self.range(entries["range"], f"{inside}.range") if "range" in entries else None,
            note=self.text(entries["note"], inside) if "note" in entries else None,
            amends=self.amends(entries["amends"], f"{inside}.amends") if "amends" in entries else {},
            periods=periods,
            line=node.start_mark.line + 1,
        )

    def amends(self, node: yaml.Node, inside: str) -> Mapping[str, Value]:
        """Read the rules that a switch changes, by dotted path."""
        return {path: self.value(value, f"{inside}.{path}") for path, value in self.mapping(node, inside).items()}

    def range(self, node: yaml.Node, inside: str) -> tuple[float, float]:
        """Read a plausible range, ``[low, high]``."""
        if not isinstance(node, yaml.SequenceNode) or len(node.value) != 2:
            self.fail(node, inside, "expected [low, high]")
        low, high = (self.value(item, inside) for item in node.value)
        if not isinstance(low, int | float) or not isinstance(high, int | float) or low > high:
            self.fail(node, inside, "expected two numbers, the lower one first")
        return float(low), float(high)

    def read(self) -> Text:
        """Read the file."""
        try:
            root = yaml.compose(self.path.read_text(encoding="utf-8"), Loader=_Loader)
        except yaml.MarkedYAMLError as error:
            line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
            msg = f"{self.path}{line}: not YAML: {error.problem}"
            raise LawError(msg) from error
        if root is None:
            self.fail(None, "", "the file is empty")
        entries = self.mapping(root, "", _TEXT_KEYS)
        notion = self.text(self.need(entries, root, "", "notion"), "notion")
        if notion != self.path.stem:
            self.fail(entries["notion"], "notion", f"'{notion}' must be the name of the file, '{self.path.stem}'")
        references = self.references(self.need(entries, root, "", "references"))
        basis = self.basis(entries["basis"], "basis") if "basis" in entries else None
        rules = self.mapping(self.need(entries, root, "", "rules"), "rules")
        return Text(
            notion=notion,
            title=self.label(self.need(entries, root, "", "title"), "title"),
            about=self.text(entries["about"], "about") if "about" in entries else "",
            notes=self.texts(entries["notes"], "notes") if "notes" in entries else (),
            rules={name: self.rule(notion, name, node, basis, references) for name, node in rules.items()},
        )


def read_text(path: Path) -> Text:
    """Read one text of law.

    Raises
    ------
    LawError
        If the file is broken: its name, the line, the place inside it, and what was expected.
    """
    return _Reader(path).read()


@cache
def read_texts(folder: Path = FOLDER) -> Mapping[str, Text]:
    """Read every text of a folder, by notion, in alphabetical order (read once per process).

    Raises
    ------
    LawError
        If a text is broken, or if the folder holds none.
    """
    texts = {path.stem: read_text(path) for path in sorted(folder.glob("*.yaml"))}
    if not texts:
        msg = f"{folder}: no text of law (*.yaml) in this folder"
        raise LawError(msg)
    known = {rule.path for rule in rules_of(texts)}
    for rule in rules_of(texts):
        for path in rule.amends:
            if path not in known:
                notion = rule.path.partition(".")[0]
                msg = f"{folder / notion}.yaml:{rule.line}: {rule.path} amends '{path}', which is no rule"
                raise LawError(msg + suggestion(path, known))
    return texts


def rules_of(texts: Mapping[str, Text]) -> Iterator[Rule]:
    """Walk through every rule of every text."""
    for text in texts.values():
        yield from text.rules.values()
