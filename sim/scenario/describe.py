"""The world in prose, in French or English, and the table of its values and sources (the inputs of STRESS-DES)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from sim.dates import date_of
from sim.scenario.bounds import WORDS
from sim.scenario.change_sources import where_from
from sim.scenario.checking import hypotheses
from sim.scenario.days import day_in_figures, days_in
from sim.scenario.effects_of_changes import changes_told
from sim.scenario.readers import hidden_by, reader_of
from sim.scenario.scenario import LAW
from sim.scenario.values import ALWAYS
from sim.scenario.where import named_establishments

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from sim.scenario.effects_of_changes import ChangeTold
    from sim.scenario.establishments import Establishment
    from sim.scenario.scenario import Scenario
    from sim.scenario.schema import Bounds
    from sim.scenario.sourced import Sourced
    from sim.scenario.where import Where

Language = Literal["fr", "en"]

_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin",
           "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June",
           "July", "August", "September", "October", "November", "December"),
}  # fmt: skip
_UNITS_FR = {
    "EUR/place": "€ la place",
    "MEUR/year": "M€ par an",
    "hours/request": "heures par demande",
    "log hazard ratio per month": "(log du risque relatif, par mois)",
    "log hazard ratio per stay": "(log du risque relatif, par séjour)",
    "log ratio": "(log du rapport)",
    "log ratio of days": "(log du rapport des jours)",
    "log ratio per ln(load)": "(log du rapport, par ln de la charge)",
    "person-days/year": "journées par an",
    "posts per post": "postes par poste",
    "share per person and place": "part par personne et par place",
    "stays": "séjours",
    "thousands of hours/year": "milliers d'heures par an",
    "candidates/year": "candidats par an",
    "coefficient of variation": "(coefficient de variation)",
    "committals/year": "mises sous écrou par an",
    "convictions/year": "condamnations par an",
    "correlation": "(corrélation)",
    "counsellors": "conseillers",
    "counsellors in post inside prisons": "conseillers en poste en milieu fermé",
    "days": "jours",
    "devices": "bracelets",
    "EUR/day": "€/jour",
    "EUR/year": "€/an",
    "euros": "euros",
    "factor": "(facteur)",
    "files": "dossiers",
    "files/counsellor": "dossiers par conseiller",
    "files/year": "dossiers par an",
    "hours": "heures",
    "days/week": "jours par semaine",
    "hours/file": "heures par dossier",
    "hours/hearing": "heures par audience",
    "hours/opinion": "heures par avis",
    "hours/person": "heures par personne",
    "hours/person/week": "heures par personne et par semaine",
    "hours/survey": "heures par enquête",
    "hours/week": "heures par semaine",
    "incidents/withdrawal": "incidents par retrait",
    "interviews": "entretiens",
    "log hazard ratio": "(logarithme du rapport de risques)",
    "log hazard ratio per interview": "(log du rapport de risques, par entretien)",
    "log ratio of days per interview": "(log du rapport des durées, par entretien)",
    "log ratio of hours lacking per interview": "(log du rapport des heures manquantes, par entretien)",
    "log ratio of incidents per interview": "(log du rapport des incidents, par entretien)",
    "log-odds": "(log-cote)",
    "log-odds per interview": "(log-cote, par entretien)",
    "opinions/person/year": "avis par personne et par an",
    "months": "mois",
    "persons": "personnes",
    "persons/counsellor": "personnes par conseiller",
    "persons/place": "personnes par place",
    "persons/year": "personnes par an",
    "places": "places",
    "posts": "postes",
    "sittings/month": "audiences par mois",
    "sittings/year": "audiences par an",
    "files/sitting": "dossiers par audience",
    "posts added": "postes ajoutés",
    "weeks": "semaines",
    "weight": "(poids)",
    "years": "ans",
    "EUR/file": "€/dossier",
    "EUR/person": "€/personne",
    "base": "(date de référence)",
    "committals/year, by half-year since the first day of the run": "mises sous écrou par an, par semestre",
    "correlation with the score": "(corrélation avec le score)",
    "end": "(fin de peine)",
    "fittings/week": "poses par semaine",
    "hours/day": "heures par jour",
    "hours/interview": "heures par entretien",
    "hours/report": "heures par rapport",
    "interviews/person/year": "entretiens par personne et par an",
    "log-hazard": "(log du risque)",
    "log-hazard per hour a day": "(log du risque, par heure et par jour)",
    "log-hazard per unit of score": "(log du risque, par point de score)",
    "log-odds from no hour to all of them": "(log-cote, d'aucune heure à toutes)",
    "moves per interregion and kind": "transferts par interrégion et par type",
    "order of service": "(ordre de passage)",
    "per counsellor and year": "par conseiller et par an",
    "per person and unit of density above 1": "par personne et par point de densité au-dessus de 1",
    "power of the length": "(puissance de la durée)",
    "power of the load": "(puissance de la charge)",
    "rank": "(rang)",
    "regime": "(régime)",
    "relative to 2023": "(par rapport à 2023)",
    "relative to one another": "(poids relatifs)",
    "relative to the mean month": "(par rapport au mois moyen)",
    "sentences/person/year": "peines par personne et par an",
    "share of adjusted releases": "(part des sorties aménagées)",
    "share of incidents": "(part des incidents)",
    "share of the maximum": "(part du maximum)",
    "share of the mean remission expected": "(part de la remise moyenne attendue)",
    "share reconvicted by month": "(part recondamnée, par mois)",
    "share reconvicted, adjusted less dry; months since release": "(part recondamnée, aménagés moins secs)",
    "shares, years and days": "(parts, années et jours)",
    "slots per person held, relative to MA": "places d'audience par personne détenue, par rapport aux MA",
    "statement": "(énoncé)",
    "times": "fois",
}
_PROSE_DIGITS = 4
_SILENT_UNITS = frozenset({"flag", "probability", "share"})
_WORDS: dict[str, dict[str, str]] = {
    "fr": {
        "asked": "Demandé par : {who}",
        "source": "Source : {what}",
        "span": "Du {start} au {end} ; on mesure à partir du {measure}.",
        "full": "France entière : une personne simulée pour une personne réelle.",
        "part": "Une fraction de {share} de la France (flux, stock et moyens ensemble) : les files d'attente ne se"
        " réduisent pas exactement.",
        "changes": "Ce qui change :",
        "change": "{what} : {before} → {after}{unit}{how}, à partir du {day}, {whom}",
        "alike": "{what} : toujours {after}{unit}, à partir du {day}, {whom}",
        "hidden": "{change} (seule, cette règle ne change rien à un calcul : {why})",
        "new": "pour les personnes écrouées à partir de cette date",
        "all_law": "pour tous, y compris ceux qui exécutent déjà leur peine",
        "all": "pour tous",
        "policies": "Ce qui est essayé :",
        "policy": "{name}{settings}, à partir du {day}",
        "nothing": "Rien ne change : c'est le monde de référence.",
        "overrides": "{n} valeurs sont tirées dans leur plage et remplacent celles du monde de référence.",
        "values": "Le monde tient en {n} valeurs, dont {k} hypothèses (HYP) ; les autres citent leur source.",
        "true": "oui",
        "false": "non",
        "none": "plus en vigueur",
        "by": " (× {x})",
        "plus": " ({x})",
        "until": "{told}, jusqu'au {day}",
        "there": "là seulement : {places}",
        "prisons": "Les prisons qui changent :",
        "open": "{name} ouvre ({kind}, {place}) : {steps}",
        "close": "{name}{kind} ferme à partir du {day} ; les personnes sont déplacées peu à peu",
        "resize": "{name} ({kind}) : {steps}",
        "places": "{n} places le {day}",
        "posts": "{n} conseillers à elle le {day}",
        "hearing_slots": "{n} audiences par an à elle le {day}",
    },
    "en": {
        "asked": "Asked by: {who}",
        "source": "Source: {what}",
        "span": "From {start} to {end}; measured from {measure}.",
        "full": "The whole of France: one simulated person for one real person.",
        "part": "A fraction of {share} of France (flows, stock and means together): queues do not scale exactly.",
        "changes": "What changes:",
        "change": "{what}: {before} → {after}{unit}{how}, from {day}, {whom}",
        "alike": "{what}: still {after}{unit}, from {day}, {whom}",
        "hidden": "{change} (by itself, this rule changes nothing in a run: {why})",
        "new": "for those committed from that day on",
        "all_law": "for everyone, also those already serving their sentence",
        "all": "for everyone",
        "policies": "What is tried:",
        "policy": "{name}{settings}, from {day}",
        "nothing": "Nothing changes: this is the reference world.",
        "overrides": "{n} values are drawn within their range and replace those of the reference world.",
        "values": "The world is made of {n} values, of which {k} assumptions (HYP); the others cite their source.",
        "true": "yes",
        "false": "no",
        "none": "no longer in force",
        "by": " (× {x})",
        "plus": " ({x})",
        "until": "{told}, until {day}",
        "there": "there alone: {places}",
        "prisons": "The prisons that change:",
        "open": "{name} opens ({kind}, {place}): {steps}",
        "close": "{name}{kind} closes from {day}; people are moved little by little",
        "resize": "{name} ({kind}): {steps}",
        "places": "{n} places on {day}",
        "posts": "{n} counsellors of its own on {day}",
        "hearing_slots": "{n} hearings a year of its own on {day}",
    },
}


def describe(scenario: Scenario, lang: Language = "fr", named: Callable[[str, str], str] = lambda _, code: code) -> str:
    """Tell a scenario in prose: its question, its span, what changes, from when, for whom, before and after, and where from.

    Parameters
    ----------
    named
        Gives the words for a behaviour (``policy``, its name) or for one of its settings (``policy.<name>``, the setting);
        by default both are told as files write them.
    """
    words = _WORDS[lang]
    lines = [scenario.title[lang]]
    if scenario.question is not None:
        lines.append(scenario.question[lang])
    if scenario.asked_by is not None:
        lines.append(words["asked"].format(who=scenario.asked_by[lang]))
    if scenario.source is not None:
        lines.append(words["source"].format(what=", ".join(scenario.source.values())))
    start, measure, end = (day_in_words(day, lang) for day in (scenario.start_day, scenario.measure_from_day, scenario.end_day))
    lines += ["", words["span"].format(start=start, end=end, measure=measure)]
    whole = scenario.sampling_fraction == 1
    lines.append(words["full"] if whole else words["part"].format(share=figure(scenario.sampling_fraction, lang)))
    lines.append("")
    told = changes_told(scenario)
    if told:
        lines.append(words["changes"])
        for item in told:
            leaf = scenario.leaves.get(item.change.path)
            lines += [f"- {_told(item, lang)}", f"    {where_from(scenario, item, lang, _range(leaf, lang) if leaf else '')}"]
    lines += _behaviours(scenario, lang, named)
    if scenario.establishments:
        lines.append(words["prisons"])
        lines += [f"- {told_of_prison(each, lang)}" for each in scenario.establishments]
    if not told and not scenario.policies and not scenario.establishments:
        lines.append(words["nothing"])
    if scenario.overrides:
        lines.append(words["overrides"].format(n=len(scenario.overrides)))
    lines += ["", words["values"].format(n=len(scenario.leaves), k=len(hypotheses(scenario)))]
    return "\n".join(lines)


def _behaviours(scenario: Scenario, lang: Language, named: Callable[[str, str], str]) -> list[str]:
    words = _WORDS[lang]
    lines = [words["policies"]] if scenario.policies else []
    for call in scenario.policies:
        settings = ", ".join(
            f"{named(f'policy.{call.name}', key)} = {value_in_words(value, lang)}" for key, value in call.settings.items()
        )
        bracket = f" ({settings})" if settings else ""
        day = day_in_words(call.on_day, lang)
        told_policy = words["policy"].format(day=day, name=named("policy", call.name), settings=bracket)
        if call.place is not None:
            told_policy += f", {words['there'].format(places=where_in_words(call.place, lang))}"
        if call.until_day is not None:
            told_policy = words["until"].format(told=told_policy, day=day_in_words(call.until_day, lang))
        lines.append(f"- {told_policy}")
    return lines


def _told(item: ChangeTold, lang: Language) -> str:
    words, change = _WORDS[lang], item.change
    whom: str = "new" if change.applies_to == "new_committals" else "all_law" if change.path.startswith(LAW) else "all"
    how = ""
    if change.operation == "scale":
        how = words["by"].format(x=figure(_number(change.value), lang))
    elif change.operation == "add":
        operand = _number(change.value)
        how = words["plus"].format(x=("+" if operand >= 0 else "−") + figure(abs(operand), lang))
    before, after = worded(item.before, item.unit), worded(item.after, item.unit)
    if isinstance(before, dict) and before != after:
        moved = [name for name in before if before[name] != after[name]]
        before, after = {name: before[name] for name in moved}, {name: after[name] for name in moved}
    unit = "" if isinstance(after, bool | str) or after is None else unit_in_words(item.unit, lang)
    told = words["alike" if item.before == item.after else "change"].format(
        day=day_in_words(change.on_day, lang),
        whom=words[whom] if change.place is None else words["there"].format(places=where_in_words(change.place, lang)),
        what=item.label[lang],
        before=value_in_words(before, lang, _PROSE_DIGITS),
        after=value_in_words(after, lang, _PROSE_DIGITS),
        unit=f" {unit}" if unit else "",
        how=how,
    )
    if change.until_day is not None:
        told = words["until"].format(told=told, day=day_in_words(change.until_day, lang))
    why = hidden_by(change.path)
    return told if why is None else words["hidden"].format(change=told, why=why[lang])


_PLACES = {
    "fr": {
        "interregion": "interrégion",
        "departement": "département",
        "establishment": "établissement",
        "kind": "quartiers de type",
        "court": "juge de",
    },
    "en": {
        "interregion": "interregion",
        "departement": "département",
        "establishment": "establishment",
        "kind": "quarters of kind",
        "court": "judge of",
    },
}


def where_in_words(where: Where, lang: Language) -> str:
    """Say the places a change names: ``interregion Lyon, quarters of kind MA``."""
    names = named_establishments()
    return ", ".join(
        f"{_PLACES[lang][word]} {' · '.join(names.get(one, one) for one in those)}" for word, those in where.given().items()
    )


def told_of_prison(each: Establishment, lang: Language) -> str:
    """Say what becomes of an establishment: it opens, closes or has other places, with the days."""
    words = _WORDS[lang]
    if each.done == "close":
        kind = f" ({each.kind})" if each.kind else ""
        return words["close"].format(name=each.name, kind=kind, day=day_in_words(each.places[0][0], lang))
    steps = [
        words[what].format(n=figure(number, lang), day=day_in_words(day, lang))
        for what, dated in (("places", each.places), ("posts", each.posts), ("hearing_slots", each.hearing_slots))
        for day, number in dated
    ]
    place = " · ".join(part for part in (each.interregion, each.departement) if part)
    return words[each.done].format(name=each.name, kind=each.kind, place=place, steps=", ".join(steps))


def _number(value: object) -> float:
    assert isinstance(value, int | float)
    return float(value)


class SourceRow(NamedTuple):
    """One row of the table of inputs, in the units and words of the files."""

    path: str
    value: str
    unit: str
    kind: str
    source: str
    """The source; for an assumption, why it was made."""
    range: str
    date: str
    hypothesis: str
    """``HYP-07`` for an assumption (``HYP`` if it has no number), else empty."""
    href: str
    read_by: str
    """``engine`` (on every day), ``first day``, ``measures`` (on the first day measured), ``measures by day``, ``nobody``."""


def source_table(scenario: Scenario, lang: Language = "en") -> tuple[SourceRow, ...]:
    """Return one row per parameter, by path, with the changes of the scenario made."""
    numbered = {item.path: item.code for item in hypotheses(scenario)}
    return tuple(
        SourceRow(
            path=path,
            value=_dated(leaf, lang),
            unit=leaf.unit or "",
            kind=leaf.kind,
            source=days_in(leaf.why or leaf.source or "", lang),
            range=_range(leaf, lang),
            date=days_in(leaf.date or "", lang),
            hypothesis=numbered.get(path, ""),
            href=leaf.href or "",
            read_by=reader_of(path),
        )
        for path, leaf in scenario.leaves.items()
    )


def _dated(leaf: Sourced, lang: Language) -> str:
    points = list(zip(leaf.timeline.days, leaf.timeline.values, strict=True))
    if len(points) == 1:
        return value_in_words(points[0][1], lang)
    return "; ".join(
        f"{value_in_words(value, lang)}{'' if day == ALWAYS else f' ({day_in_figures(day, lang)})'}" for day, value in points
    )


def _range(leaf: Sourced, lang: Language) -> str:
    if leaf.range is None:
        return ""
    times = "× " if leaf.range_is == "factor" else ""
    bounds: Mapping[str, Bounds] = {"": leaf.range} if isinstance(leaf.range, tuple) else leaf.range
    return "; ".join(
        f"{name}{' ' if name else ''}{times}{figure(low, lang)}–{figure(high, lang)}" for name, (low, high) in bounds.items()
    )


def day_in_words(day: int, lang: Language) -> str:
    """Write a day as people say it: ``1er juillet 2026``, ``1 July 2026``."""
    on = date_of(day)
    number = "1er" if lang == "fr" and on.day == 1 else str(on.day)
    return f"{number} {_MONTHS[lang][on.month - 1]} {on.year}"


def figure(number: float, lang: Language, digits: int = 6) -> str:
    """Write a number with the separators of the language, rounded to so many significant digits unless it is whole."""
    text = f"{number:,.0f}" if number == int(number) and abs(number) < 1e15 else f"{number:,.{digits}g}"
    if lang == "fr":
        text = text.replace(",", "\u202f").replace(".", ",")
    return text.replace("-", "−", 1) if text.startswith("-") else text


def worded(value: Any, unit: str | None) -> Any:
    """Return the word a file may write for a number, in a unit that has words; any other value as it is."""
    named = {number: word for word, number in WORDS.get(unit or "", {}).items()}
    return named.get(value, value) if isinstance(value, float) else value


def value_in_words(value: Any, lang: Language, digits: int = 6) -> str:
    """Write a value of any sort: a number, a switch, a word, a list or a table."""
    if value is None:
        return _WORDS[lang]["none"]
    if isinstance(value, bool):
        return _WORDS[lang]["true" if value else "false"]
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        return ", ".join(f"{name} {figure(item, lang, digits)}" for name, item in value.items())
    if isinstance(value, tuple | list):
        return " · ".join(figure(item, lang, digits) for item in value)
    return figure(float(value), lang, digits)


def unit_in_words(unit: str | None, lang: Language) -> str:
    """Write a unit in the language; one without translation stays as in the file, switches and shares have none."""
    if unit is None or unit in _SILENT_UNITS:
        return ""
    return _UNITS_FR.get(unit, unit) if lang == "fr" else unit
