"""``sortie law timeline`` and ``sortie law sentence``: the dated life of one sentence, or of several under one committal."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path  # noqa: TC003  typer reads the annotation
from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.law_reading import (
    DAY_HELP,
    AsJson,
    Lang,
    OfScenario,
    Tongue,
    day,
    language,
    optional_day,
    printed,
    quantum,
    refuse,
    said,
    statutes_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from sim.cli.law_file import Committal
    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.timeline import Row
    from sim.law.statutes import Statutes


class Place(StrEnum):
    """Kind of prison, for the permissions to go out."""

    MA = "MA"
    MC = "MC"
    CSL = "CSL"
    CD = "CD"
    SAS = "SAS"


ShareGranted = Annotated[float, typer.Option("--share-granted", min=0, max=1, help="Share of each reduction that is granted.")]
KindOfPrison = Annotated[Place, typer.Option("--place", help="Kind of prison.")]


def timeline(
    *,
    committed: Annotated[str, typer.Option("--committed", help=f"Day of committal (mise sous écrou), {DAY_HELP}.")],
    quantum_: Annotated[str, typer.Option("--quantum", help='Whole sentence: "36 months", "2 years 15 days", "life".')],
    suspended: Annotated[
        str | None, typer.Option("--suspended", help='Suspended part of it (sursis), as in "1 year": it is not served.')
    ] = None,
    judged: Annotated[str | None, typer.Option("--judged", help="Day of judgment; that of the committal if not given.")] = None,
    facts: Annotated[
        str | None, typer.Option("--facts", help="Day of the facts: harsher laws bind later ones only (CP 112-2).")
    ] = None,
    remand: Annotated[
        int, typer.Option("--remand", min=0, max=7300, help="Days of remand to credit, before the committal.")
    ] = 0,
    detained: Annotated[
        list[str] | None,
        typer.Option(
            "--detained", help="A former stay to credit, FROM:TO (another écrou, tagged house arrest). May be repeated."
        ),
    ] = None,
    recidive: Annotated[bool, typer.Option("--recidive", help="Legal recidivism (récidive).")] = False,
    felony: Annotated[bool, typer.Option("--felony", help="A felony among the sentences.")] = False,
    terrorism: Annotated[bool, typer.Option("--terrorism", help="A terrorism offence among them.")] = False,
    excluded: Annotated[
        bool, typer.Option("--excluded", help="Excluded from release as of right by art. 720 (partner, minor …).")
    ] = False,
    on_officials: Annotated[
        bool, typer.Option("--on-officials", help="Violence on the public officials of art. 721-1-2: lower reductions.")
    ] = False,
    on_minor: Annotated[bool, typer.Option("--on-minor", help="Offence on a minor: art. 729-3 (parents) is closed.")] = False,
    removal: Annotated[bool, typer.Option("--removal", help="Under a removal measure (OQTF, ITF …).")] = False,
    born: Annotated[str | None, typer.Option("--born", help=f"Birth, {DAY_HELP}.")] = None,
    child_born: Annotated[
        str | None, typer.Option("--child-born", help="Birth of the youngest child living with the person.")
    ] = None,
    child_due: Annotated[
        str | None, typer.Option("--child-due", help="Expected birth, for a pregnant person (art. 729-3).")
    ] = None,
    surety_end: Annotated[str | None, typer.Option("--surety-end", help="End of the période de sûreté.")] = None,
    ssj: Annotated[bool, typer.Option("--ssj", help="Socio-judicial supervision incurred (suivi socio-judiciaire).")] = False,
    listed: Annotated[
        bool, typer.Option("--listed", help="A felony of art. 706-53-13: reinforced procedure from ten years.")
    ] = False,
    mobile_tag: Annotated[
        bool, typer.Option("--mobile-tag", help="Conditional release under a mobile tag (PSEM): no measure before it.")
    ] = False,
    share_granted: ShareGranted = 0.65,
    place: KindOfPrison = Place.MA,
    scenario: OfScenario = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the dated life of one sentence: reductions, eligibilities, who decides, legal deadlines, end."""
    from sim.cli.law_file import Committal  # noqa: PLC0415
    from sim.dates import NEVER  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415

    months, days, life = _firm(quantum_, suspended, lang)
    committed_day = day(committed, "--committed", lang)
    sentence = Sentence.of(
        committed_day,
        months,
        days=days,
        remand_days=remand + _stays(detained or (), committed_day, lang),
        sentenced_day=None if judged is None else day(judged, "--judged", lang),
        life=life,
        felony=felony or life,
        recidive=recidive,
        terrorism=terrorism,
        lsc_excluded=excluded or on_officials,
        removal=removal,
        # Without a birth the variant of seventy years must stay shut: any recent day does.
        birth_day=optional_day(born, "--born", lang, committed_day),
        child_born_day=NEVER if on_minor else optional_day(child_born, "--child-born", lang, NEVER),
        child_due_day=NEVER if on_minor else optional_day(child_due, "--child-due", lang, NEVER),
        surety_end_day=optional_day(surety_end, "--surety-end", lang, -1),
        facts_day=optional_day(facts, "--facts", lang, -1),
        ssj_incurred=ssj,
        listed_felony=listed,
        mobile_tag=mobile_tag,
        on_officials=on_officials,
    )
    _answer(Committal(sentence, (), (), None, ()), statutes_of(scenario), share_granted, place, lang, as_json=as_json)


def sentence(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="Sentences under one committal, YAML.")],
    *,
    share_granted: ShareGranted = 0.65,
    place: KindOfPrison = Place.MA,
    scenario: OfScenario = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the dated life of several sentences under one committal: served in turn, merged, revoked or withdrawn.

    The file gives the committal (committed, remand, born, felony …) and a list of sentences (name, quantum, judged, facts,
    recidive, revoked_by, merged_into, merged_months, withdrawal …); docs/howto.md shows one.
    """
    from sim.cli.law_file import read_sentences  # noqa: PLC0415

    _answer(read_sentences(path, lang), statutes_of(scenario), share_granted, place, lang, as_json=as_json)


def _answer(file: Committal, statutes: Statutes, share: float, place: Place, lang: Tongue, *, as_json: bool) -> None:
    from sim.law.rulebook.doubts import doubts, refused  # noqa: PLC0415
    from sim.law.rulebook.maximum import cut_said, in_detention, not_concurrent  # noqa: PLC0415
    from sim.law.rulebook.timeline import life_of  # noqa: PLC0415
    from sim.law.rulebook.withdrawn import beyond_credit, refuse_excess  # noqa: PLC0415

    tongue, made, extracts = language(lang), file.sentence, file.extracts
    refused(made, tongue, extracts)
    refuse_excess(made, extracts, statutes, tongue)
    rows = life_of(made, statutes, share_granted=share, place=place.value, language=tongue, extracts=extracts)
    warned = [
        *not_concurrent(file.told, statutes, tongue, maximum=file.maximum is not None),
        *in_detention(file.told, made.committed_day, tongue, maximum=file.maximum is not None),
        *beyond_credit(made, extracts, statutes, tongue),
        *doubts(made, statutes, share, tongue, extracts),
    ]
    limited = [] if file.maximum is None else list(cut_said(file.cuts, file.maximum, tongue))
    if as_json:
        from sim.cli.output import print_json  # noqa: PLC0415
        from sim.law.rulebook.description import LAST_READ  # noqa: PLC0415

        plain: dict[str, object] = {"rows": [row.to_plain() for row in rows], "warnings": warned}
        if file.maximum is not None:
            plain["maximum"] = {"months": file.maximum, "cuts": [cut._asdict() for cut in file.cuts]}
        print_json({**plain, "last_read": LAST_READ[lang.value]})
        return
    printed([*limited, *_order(extracts, lang), *_lines(rows, lang), "", *(f"! {text}" for text in warned)], lang)


def _order(extracts: Sequence[Extract], lang: Tongue) -> Iterator[str]:
    """The sentences in the order they are served (D212-5), and their total."""
    from sim.law.rulebook.execution import execution_order, merged, total  # noqa: PLC0415
    from sim.law.rulebook.words import lasting  # noqa: PLC0415

    if not extracts:
        return
    served = merged(extracts)
    tongue = language(lang)
    yield said(lang, "Order of execution (C. pénit. D212-5):", "Ordre d'exécution (C. pénit. D212-5) :")
    for rank, position in enumerate(execution_order(served), start=1):
        extract = served[position]
        length = lasting(extract.months, extract.days, tongue)
        yield (
            f"  {rank}. {extract.name or position + 1} : {length}"
            if lang is Tongue.fr
            else (f"  {rank}. {extract.name or position + 1}: {length}")
        )
    summed = lasting(*total(served), tongue)
    yield said(
        lang, f"  Total, which thresholds are compared with: {summed}", f"  Cumul, auquel les seuils se comparent : {summed}"
    )
    yield ""


def _lines(rows: Iterable[Row], lang: Tongue) -> Iterator[str]:
    """The life as lines: what never opens is told after the rest, without a date."""
    from sim.law.rulebook.words import dated  # noqa: PLC0415

    never = []
    for row in rows:
        decider = f" · {row.decider}" if row.decider else ""
        if row.event.startswith("never"):
            never.append(f"{row.label} ({row.article}) – {row.note}")
            continue
        yield f"{dated(row.day, language(lang))}  {row.label} ({row.article}){decider}"
        for text in (row.operation, row.note):
            if text:
                yield f"            {text}"
    if never:
        yield ""
        yield from never


def _firm(whole: str, suspended: str | None, lang: Tongue) -> tuple[int, int, bool]:
    """Months, days and whether for life of the firm part: the whole less what is suspended."""
    months, days, life = quantum(whole, "--quantum", lang)
    if suspended is None:
        return months, days, life
    less, less_days, never = quantum(suspended, "--suspended", lang)
    firm = (months - less, days - less_days)
    if life or never or firm[0] < 0 or firm[1] < 0 or firm == (0, 0):
        refuse(
            lang,
            f"--suspended: '{suspended}' of '{whole}'; expected less than the whole, in the same units",
            f"--suspended : « {suspended} » sur « {whole} » ; attendu moins que le tout, dans les mêmes unités",
        )
    return firm[0], firm[1], False


def _stays(texts: Sequence[str], committed_day: int, lang: Tongue) -> int:
    """Days of the former stays: a day is credited once (716-4), and those since the committal are served, not credited."""
    from sim.dates import NEVER  # noqa: PLC0415
    from sim.law.rulebook.words import dated  # noqa: PLC0415

    stays = sorted((*_stay(text, lang), text) for text in texts)
    # What follows the last of the stays is the committal, which has no end.
    following = [*((since, until) for since, until, _ in stays[1:]), (committed_day, NEVER)]
    for (since, until, text), (next_since, next_until) in zip(stays, following, strict=False):
        first, last = max(since, next_since), min(until, next_until) - 1
        if first <= last:
            days_en, days_fr = (f"{dated(first, 'en')} to {dated(last, 'en')}", f"{dated(first, 'fr')} au {dated(last, 'fr')}")
            refuse(
                lang,
                f"--detained: '{text}'; the days from {days_en} are counted twice, by another stay or by the committal; "
                "expected each once (CPP 716-4)",
                f"--detained : « {text} » ; les jours du {days_fr} comptent deux fois, par un autre séjour ou par l'écrou ; "
                "attendu une fois chacun (CPP 716-4)",
            )
    return sum(until - since for since, until, _ in stays)


def _stay(text: str, lang: Tongue) -> tuple[int, int]:
    """First day of a former stay, FROM:TO, and the day of release, which is not counted."""
    since, colon, until = text.partition(":")
    if not colon:
        refuse(
            lang,
            f"--detained: '{text}'; expected FROM:TO, as in 2021-01-05:2021-03-01",
            f"--detained : « {text} » ; attendu DÉBUT:FIN, comme 05/01/2021:01/03/2021",
        )
    first, last = day(since, "--detained", lang), day(until, "--detained", lang)
    if last <= first:
        refuse(
            lang,
            f"--detained: '{text}'; the end comes before the beginning",
            f"--detained : « {text} » ; la fin précède le début",
        )
    return first, last
