"""The texts in words: rules in force on a day, what changed between two days, and ``docs/law.md``.

``python docs/generate.py`` writes the document again; a test checks that it is up to date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.dates import NEVER, iso, parse_day
from sim.errors import RequestError, suggestion
from sim.law.readers import engine_rules, reader_of_rule
from sim.law.reading import FACTS
from sim.law.statutes import Statutes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from sim.law.reading import Period, Rule, Text, Value

LAST_READ = {
    "en": "Texts last read: code pénal of 2 April 2026, code pénitentiaire of 11 July 2025, code de la justice pénale des "
    "mineurs of 3 April 2026, articles of the CPP one by one (1994 to 2016 whole, 2021 to 2025 in extracts). This is not legal "
    "advice.",
    "fr": "Textes lus pour la dernière fois : code pénal au 2 avril 2026, code pénitentiaire au 11 juillet 2025, code de la "
    "justice pénale des mineurs au 3 avril 2026, articles du CPP un à un (1994 à 2016 en entier, 2021 à 2025 par extraits). "
    "Ceci n'est pas un conseil juridique.",
}
"""Said at the end of every answer: nothing newer was read."""

GRADES_IN_FRENCH = {
    "read": "lu",
    "memory+": "de mémoire, sûr",
    "memory": "de mémoire, à vérifier",
    "practice": "pratique",
    "derived": "déduit",
}

_GRADES = {
    "read": "seen in a stored copy of the page",
    "memory+": "recalled with high confidence, not read again; or read, and its date or its reach recalled",
    "memory": "recalled, to be verified",
    "practice": "a statement about practice, not law",
    "derived": "arithmetic or modelling choice made from other rules",
}
_SHORT_NAMES = {
    "lc": "conditional_release",
    "sl": "semi_liberty",
    "pe": "external_placement",
    "ddse": "home_detention",
    "lsc": "release_under_constraint",
    "lsc-pd": "release_under_constraint_as_of_right",
    "rp": "remission",
    "723-15": "free_convicts",
}


@dataclass(frozen=True, slots=True)
class RuleInForce:
    """One rule as it stands on a day."""

    path: str
    label: str
    value: str
    article: str
    basis: str
    since: str
    """Date of effect, ISO."""
    quality: str
    reference: str
    href: str | None
    note: str
    read_by: str
    """``engine``, or ``rule book only``: told, and read by no run, which would show no change of it."""


@dataclass(frozen=True, slots=True)
class Change:
    """One rule that is not the same on two days."""

    path: str
    label: str
    article: str
    basis: str
    before: str
    after: str
    on: str
    """Date of effect, ISO."""
    reference: str


_FRENCH_UNITS = {
    "days": "jours",
    "months": "mois",
    "years": "ans",
    "weeks": "semaines",
    "hours": "heures",
    "times": "fois",
    "persons": "personnes",
    "euros": "euros",
}
_IN_FRENCH = {
    "NOMINAL": "durée prononcée",
    "TRANCHE": "chaque année de détention examinée",
    "GRANTED": "réductions accordées seules",
    "PROJECTED": "réductions à venir comprises",
}
"""Values of rules that are codes: French says them, then gives the code that a scenario takes."""
_BY_A_SCENARIO = {"en": "the scenario", "fr": "le scénario"}
_NOT_DATED = {"en": "not dated before", "fr": "non datée avant"}
"""Before the first date of a rule the texts say nothing, not that there was no rule."""


def worded(value: Value, unit: str, language: str = "en") -> str:
    """Value of a rule in words: ``24 months``, ``2/3``, ``yes``, ``no such rule``."""
    french = language == "fr"
    if value is None:
        return "pas de règle" if french else "no such rule"
    if isinstance(value, bool):
        return ("oui" if value else "non") if french else ("yes" if value else "no")
    if unit == "share" and isinstance(value, int | float):
        for below in (2, 3, 4):
            for above in range(1, below):
                if abs(value - above / below) < 1e-9:
                    return f"{above}/{below}"
        return f"{value:g}"
    if isinstance(value, str):
        return f"{_IN_FRENCH[value]} ({value})" if french and value in _IN_FRENCH else value
    if french:
        unit = _FRENCH_UNITS.get(unit, unit)
    # Units are written in the plural: "1 month", not "1 months"; "mois" and "fois" do not change.
    singular = unit if unit in {"mois", "fois"} else unit.removesuffix("s")
    return f"{value:g} {singular if abs(value) == 1 else unit}"


def cited(article: str, language: str = "en") -> str:
    """Article as it is cited in a language: ``CPP 721 (former)``, ``CPP 721 (ancien)``."""
    return article.replace("(former)", "(ancien)").replace(" to ", " à ") if language == "fr" else article


def rules_in_force(statutes: Statutes, day: int, notion: str | None = None, language: str = "en") -> tuple[RuleInForce, ...]:
    """Every rule on a day, or those of one notion; rules not yet dated are left out.

    ``notion`` is the name of a text, or the usual abbreviation: LC, SL, PE, DDSE, LSC, LSC-PD, RP, 723-15.

    Raises
    ------
    RequestError
        If there is no such notion.
    """
    found = []
    for text in _chosen(statutes, notion):
        for rule in text.rules.values():
            period = rule.period_at(day)
            if period.from_day > day:
                continue
            notes = [note for note in (period.note, rule.transitional, rule.note) if note]
            amended = _amended(statutes, rule, day)
            quality = GRADES_IN_FRENCH[period.quality] if language == "fr" else period.quality
            found.append(
                RuleInForce(
                    path=rule.path,
                    label=rule.label[language],
                    value=_said(rule, period, statutes.value(rule.path, day), language),
                    article=cited(period.article, language),
                    basis=_basis(rule, period, amended),
                    since=iso(period.from_day if amended is None else amended),
                    quality=quality if amended is None else _BY_A_SCENARIO[language],
                    reference=period.reference.title if amended is None else _BY_A_SCENARIO[language],
                    href=period.reference.href if amended is None else None,
                    note=" ".join(notes),
                    read_by=reader_of_rule(rule.path),
                )
            )
    return tuple(found)


def changes_between(statutes: Statutes, before: int, after: int, language: str = "en") -> tuple[Change, ...]:
    """Rules whose value is not the same on two days, in alphabetical order of notions.

    A rule dated by judgment or by committal is compared for judgments or committals of the two days.

    Raises
    ------
    RequestError
        If the second day does not come after the first.
    """
    if after <= before:
        msg = f"nothing lies between {iso(before)} and {iso(after)}; give the earlier date first"
        raise RequestError(msg)
    found = []
    for text in statutes.texts.values():
        for rule in text.rules.values():
            if rule.periods[0].from_day > after:
                continue
            new = rule.periods[0].from_day > before
            period = rule.period_at(after)
            amended = _amended(statutes, rule, after)
            old = rule.period_at(before)
            old_value = _NOT_DATED[language] if new else _said(rule, old, statutes.value(rule.path, before), language)
            new_value = _said(rule, period, statutes.value(rule.path, after), language)
            if old_value != new_value:
                found.append(
                    Change(
                        path=rule.path,
                        label=rule.label[language],
                        article=cited(period.article, language),
                        basis=_basis(rule, period, amended),
                        before=old_value,
                        after=new_value,
                        on=iso(period.from_day if amended is None else amended),
                        reference=period.reference.title if amended is None else _BY_A_SCENARIO[language],
                    )
                )
    return tuple(found)


def _amended(statutes: Statutes, rule: Rule, day: int) -> int | None:
    """Day of the last amendment of a rule that has come into force by a day; None if there is none."""
    return max((each.on_day for each in statutes.amendments if each.path == rule.path and each.on_day <= day), default=None)


def _basis(rule: Rule, period: Period, amended: int | None) -> str:
    """What the date of effect is compared with; an amendment reaches the decisions made from its day on."""
    if amended is not None:
        return "date_of_decision"
    return FACTS if period.later_facts_only else rule.basis


def _said(rule: Rule, period: Period, value: Value, language: str) -> str:
    """A value in words; a text in French where the period gives it, unless a scenario has changed it."""
    if language == "fr" and period.french and value == period.value:
        return period.french
    return worded(value, rule.unit, language)


def _chosen(statutes: Statutes, notion: str | None) -> tuple[Text, ...]:
    if notion is None:
        return tuple(statutes.texts.values())
    name = _SHORT_NAMES.get(notion.lower(), notion)
    if name not in statutes.texts:
        known = [*statutes.texts, *_SHORT_NAMES]
        msg = f"'{notion}': no such notion of law.{suggestion(notion, known)} Notions: {', '.join(statutes.texts)}"
        raise RequestError(msg)
    return (statutes.texts[name],)


def document(statutes: Statutes | None = None, read_by: Callable[[str], str] = reader_of_rule) -> str:
    """Write ``docs/law.md``: every rule of every text, with its periods, articles, grades, references and readers.

    ``read_by`` says of a rule, by its path without ``law.``, who reads it, in Markdown.
    """
    return "\n".join(_lines(Statutes.load() if statutes is None else statutes, read_by)) + "\n"


def _lines(statutes: Statutes, read_by: Callable[[str], str]) -> Iterator[str]:
    rules = [rule for text in statutes.texts.values() for rule in text.rules.values()]
    periods = [period for rule in rules for period in rule.periods]
    asked = sum(rule.path in engine_rules() for rule in rules)
    yield "# The law"
    yield ""
    yield "<!-- Written by docs/generate.py from sim/law/texts. Change those, then run it. -->"
    yield ""
    yield (
        f"{len(statutes.texts)} notions, {len(rules)} rules, {len(periods)} dated values. Each value holds from its "
        "date until the next; the basis says what that date is compared with: the day of the decision, of the judgment "
        "(sentence), or of the committal (écrou). A scenario may change any rule by its path, `law.<notion>.<rule>`."
    )
    yield ""
    yield (
        f"**The last column says who reads the rule**, as found in the code: a run (*engine*) reads {asked} "
        f"rules of {len(rules)}. A scenario that changes one of the *rule book only* is refused: a run would show no effect. "
        "What follows the colon is what to change instead for a run to show it; nothing in the model stands for a rule "
        "without. With `told_only: true` the change is for `sortie law … --scenario FILE` alone. *Nobody concerned*: a run "
        "reads the rule, for people who are not in the model."
    )
    yield ""
    yield (
        "A harsher law of enforcement binds only facts committed since it came into force (CP 112-2, 3°): `facts` in the "
        "basis. Before its first date a rule answers that there is none; a run, which needs a number for the years its "
        "people come from, takes the earliest value."
    )
    yield ""
    yield LAST_READ["en"]
    yield ""
    yield "| grade | meaning | values |"
    yield "|---|---|---|"
    for grade, meaning in _GRADES.items():
        yield f"| {grade} | {meaning} | {sum(period.quality == grade for period in periods)} |"
    yield ""
    yield "### What nobody could read"
    yield ""
    yield (
        "Values known by recollection only, in force, or met by a run that begins in 2018; also those whose date, or reach "
        "over older facts, is recalled. Those a run reads come first, then by what they weigh there. To read one is to change "
        "its grade in `sim/law/texts`."
    )
    yield ""
    yield "| rule | value | grade | what it weighs |"
    yield "|---|---|---|---|"
    yield from _recalled(rules)
    for text in statutes.texts.values():
        yield from _text_lines(text, read_by)


_FIRST_RUN = "2018-01-01"
"""First day of the earliest run that is shipped: a value that ended before moves nothing."""

_WEIGHS = {
    "sentence.end_counted": "PROJECTED (uncertain point U7, a switch): releases by LC 6,650 → 9,110 a year, "
    "dry rate 54.9 → 54.4 %, détenus 94,700 → 91,400",
    "release_under_constraint.grant_is_principle": "years 2019 to 2021 alone, what is in force is read; no, from 2024 on: dry "
    "rate 56.2 → 58.0 %, releases under constraint of § I 4,250 → 2,900 a year, détenus 95,470 → 96,070 (one in ten, four "
    "replications)",
    "long_sentences.reinforced": "that it reaches facts before 2012 is recalled, and no run has a day of facts; without it at "
    "all (a switch): dry rate of crimes 47.1 → 45.8 %, on conditional release 11,890 → 12,590",
    "foreigners.removal_bars_measures": "yes (a pending reform, a switch): dry rate of foreigners 63.1 → 64.3 %, détenus +190",
    "free_convicts.conversion_max_months": "0 or 12 months: no table moves as long as tags are not lacking; with 12,000 of "
    "them, dry rate 74.8 → 75.0 (none) or 74.5 % (12), détenus +250 or −430 (one in ten, four and two replications)",
    "home_detention.max_months_recidive": "12 months: no table moves, probation a year before half comes first",
    "sentencing.community_work_max_hours": "200 hours: dry rate 56.7 → 56.6 %, and 55.8 → 55.8 % where six free convicts in "
    "ten have their sentence converted: within chance",
    "foreigners.removal_bars_leave": "permissions of the same (a switch)",
    "early_release.home_total_months": "the spring of 2020 alone",
    "early_release.home_remaining_months": "the same",
    "early_release.reduction_months": "the same",
    "leave.head_may_decide_next": "none: its date alone is recalled, before any run",
    "external_placement.open_to_terrorism": "none: nobody in a run is sentenced for terrorism",
    "semi_liberty.open_to_terrorism": "none: the same",
    "remission.credit_for_terrorism": "none: the same",
    "long_sentences.terrorism_probation": "none: the same",
}
"""What a recalled value weighs in a run, heaviest first: the baseline with another value, 1 in 5, seed 1, 2025-10 to 2030."""


def _recalled(rules: list[Rule]) -> Iterator[str]:
    """Rows of the table of what is recalled, heaviest first."""
    order, since = list(_WEIGHS), parse_day(_FIRST_RUN)
    found = []
    for rule in rules:
        ends = [period.from_day for period in rule.periods[1:]] + [NEVER]
        recalled = [
            (period, end)
            for period, end in zip(rule.periods, ends, strict=True)
            if period.quality.startswith("memory") and (end == NEVER or (rule.path in engine_rules() and end > since))
        ]
        if recalled:
            period, end = recalled[-1]
            rank = order.index(rule.path) if rule.path in order else len(order)
            value = worded(period.value, rule.unit)
            if end < NEVER:
                value += f" ({iso(period.from_day)} to {iso(end - 1)})"
            weight = _WEIGHS.get(rule.path, "in a run, unmeasured" if rule.path in engine_rules() else "none on a run")
            found.append((rule.path not in engine_rules(), rank, rule.path, value, period.quality, weight))
    for _, _, path, value, quality, weight in sorted(found):
        yield f"| `{path}` | {value} | {quality} | {weight} |"


def _text_lines(text: Text, read_by: Callable[[str], str]) -> Iterator[str]:
    yield ""
    yield f"## {text.title['en']} · *{text.title['fr']}*"
    yield ""
    yield f"`law.{text.notion}`"
    if text.about:
        yield ""
        yield text.about
    for note in text.notes:
        yield ""
        yield f"> {note}"
    yield ""
    yield "| rule | from | value | article | basis | grade | source | read by |"
    yield "|---|---|---|---|---|---|---|---|"
    for rule in text.rules.values():
        for number, period in enumerate(rule.periods):
            yield _row(rule, period, "" if number else read_by(rule.path), first=number == 0)
    for rule in text.rules.values():
        notes = [note for note in (rule.transitional, rule.note) if note]
        if rule.options:
            notes.append(f"One of: {', '.join(rule.options)}.")
        if rule.range:
            notes.append(f"Plausible range: {rule.range[0]:g} to {rule.range[1]:g}.")
        if rule.amends:
            made = ", ".join(f"`{path}` = {worded(value, '').strip()}" for path, value in rule.amends.items())
            notes.append(f"Once turned on: {made}.")
        if notes:
            yield ""
            yield f"- `{rule.path.partition('.')[2]}`: {' '.join(notes)}"


def _row(rule: Rule, period: Period, reader: str, *, first: bool) -> str:
    name = rule.path.partition(".")[2]
    label = f"`{name}` {rule.label['en']}" if first else ""
    source = period.reference.title if period.reference.href is None else f"[{period.reference.title}]({period.reference.href})"
    note = f" ({period.note})" if period.note else ""
    basis = rule.basis.removeprefix("date_of_") if first else ""
    if period.later_facts_only:
        basis = "facts"
    exception = f" [older facts too: {period.exception}]" if period.exception else ""
    cells = (
        label,
        iso(period.from_day),
        worded(period.value, rule.unit) + note + exception,
        period.article,
        basis,
        period.quality,
        source,
        reader,
    )
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
