"""``sortie law ab-initio``, ``free-convict``, ``remand`` and ``appeal``: what a file asks on the day of a decision."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from sim.cli.law_reading import DAY_HELP, AsJson, Lang, Tongue, day, language, named, optional_day, out, quantum, refuse, said

if TYPE_CHECKING:
    from sim.law.procedure import Form
    from sim.law.statutes import StatutesInForce

Judged = Annotated[str, typer.Option("--judged", help=f"Day of judgment, {DAY_HELP}.")]
Firm = Annotated[str, typer.Option("--firm", help='Firm part, revoked suspensions included: "8 months".')]
Facts = Annotated[str | None, typer.Option("--facts", help="Day of the facts: harsher laws bind later ones only (CP 112-2).")]
Remanded = Annotated[int, typer.Option("--remand", min=0, max=7300, help="Days of remand already served.")]
Recidive = Annotated[bool, typer.Option("--recidive", help="Legal recidivism (récidive).")]


_IN_FRENCH = {"splitting": "fractionnement"}
"""What the judge may decide, where French has another word than the code."""
DECISIONS = {"order": "ordonnance", "judgment": "jugement", "court": "tribunal"}
"""What was decided, and by whom: words of the code, and French ones."""


def ab_initio(
    *,
    judged: Judged,
    firm: Firm,
    facts: Facts = None,
    remand_days: Remanded = 0,
    recidive: Recidive = False,
    fast_track: Annotated[bool, typer.Option("--fast-track", help="Fast track (comparution immédiate).")] = False,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say what the court owes a firm part: forbidden, adjusted at once, may be, may not (CP 132-19, 132-25; CPP 464-2)."""
    from sim.law.rulebook.sentencing import Committal, Duty, committals, duty  # noqa: PLC0415
    from sim.law.rulebook.words import lasting  # noqa: PLC0415

    months, days, life = quantum(firm, "--firm", lang)
    if life:
        refuse(lang, "--firm: life is for the assizes", "--firm : la perpétuité relève de la cour d'assises")
    on = day(judged, "--judged", lang)
    law = _law(on, facts, lang)
    _facts_before(facts, on, lang)
    found = duty(months, on, law, firm_days=days, remand_days=remand_days, recidive=recidive)
    # Art. 464-2 says it since the reform of 2019; before, art. 132-25 stopped at two years, one for récidivistes.
    none_by = "CPP 464-2" if law.sentencing.must_adjust_up_to_months.at(on) else "CP 132-25"
    words = {
        Duty.FORBIDDEN: said(lang, "may not be pronounced (CP 132-19)", "ne peut être prononcée (CP 132-19)"),
        Duty.MUST_ADJUST: said(
            lang,
            "must be served in full under DDSE, SL or PE, unless impossible (CP 132-25 al. 1)",
            "doit être exécutée en totalité sous DDSE, SL ou PE, sauf impossibilité (CP 132-25 al. 1)",
        ),
        Duty.ADJUST_IN_PRINCIPLE: said(
            lang,
            "is adjusted in whole or part if personality and situation allow (CP 132-25 al. 2)",
            "est aménagée en tout ou partie si la personnalité et la situation le permettent (CP 132-25 al. 2)",
        ),
        Duty.MAY_ADJUST: said(lang, "the court may adjust it itself (CP 132-25)", "la juridiction peut l'aménager (CP 132-25)"),
        Duty.NO_ADJUSTMENT: said(
            lang, f"no adjustment by the court ({none_by})", f"pas d'aménagement par la juridiction ({none_by})"
        ),
    }
    orders = {
        Committal.AT_HEARING: said(lang, "committal at the hearing (465, 465-1, 397-4)", "mandat de dépôt (465, 465-1, 397-4)"),
        Committal.DEFERRED: said(lang, "deferred committal (464-2)", "mandat de dépôt à effet différé (464-2)"),
        Committal.DEFERRED_PROVISIONAL: said(
            lang, "deferred committal with provisional execution", "mandat à effet différé avec exécution provisoire"
        ),
    }
    firm = lasting(months, days, language(lang))
    if found is not Duty.FORBIDDEN and _covered(on, months, days, remand_days):
        out({"duty": "nothing left to serve", "committals": []}, [_nothing_left(firm, lang)], lang, as_json=as_json)
        return
    open_orders = [
        orders[order] for order in Committal if order in committals(months, on, law, recidive=recidive, fast_track=fast_track)
    ]
    none = said(lang, "none", "aucun")
    out(
        {"duty": found.value, "committals": open_orders},
        [
            said(lang, f"A firm part of {firm}: {words[found]}.", f"Partie ferme de {firm} : {words[found]}."),
            said(lang, "Orders that may begin custody: ", "Titres de détention possibles : ")
            + ("; ".join(open_orders) or none),
            *_facts_said(facts, lang),
        ],
        lang,
        as_json=as_json,
    )


def free_convict(
    *,
    judged: Judged,
    firm: Firm,
    facts: Facts = None,
    remand_days: Remanded = 0,
    recidive: Recidive = False,
    informed: Annotated[
        str | None,
        typer.Option(
            "--informed", help="Day the prosecutor sent the judgment to the judge; that of the judgment if not given."
        ),
    ] = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Say whether a convict at liberty goes to the enforcement judge before any prison, and by when (723-15)."""
    from sim.dates import parse_day  # noqa: PLC0415
    from sim.law.procedure import final_day  # noqa: PLC0415
    from sim.law.rulebook.free_convicts import delays, eligible, measures_open, must_adjust  # noqa: PLC0415
    from sim.law.rulebook.words import dated, lasting  # noqa: PLC0415
    from sim.law.sentence import Sentence  # noqa: PLC0415
    from sim.law.statutes import NoSuchRuleError, Statutes  # noqa: PLC0415

    months, days, life = quantum(firm, "--firm", lang)
    on = day(judged, "--judged", lang)
    sent = optional_day(informed, "--informed", lang, on)
    _facts_before(facts, on, lang)
    if sent < on:
        refuse(
            lang,
            f"--informed: '{informed}', before the judgment of '{judged}'; expected that day or a later one",
            f"--informed : « {informed} », avant le jugement du « {judged} » ; attendu ce jour ou un jour postérieur",
        )
    made = Sentence.of(
        on,
        months,
        days=days,
        remand_days=remand_days,
        recidive=recidive,
        life=life,
        facts_day=optional_day(facts, "--facts", lang, -1),
    )
    statutes = Statutes.load()
    law = made.law(statutes, sent)
    if not life and _covered(on, months, days, remand_days):
        nothing = _nothing_left(lasting(months, days, language(lang)), lang)
        out({"eligible": False, "left": 0}, [nothing], lang, as_json=as_json)
        return
    opens = eligible(made, law)
    firm = said(lang, "life", "perpétuité") if life else lasting(months, days, language(lang))
    plain: dict[str, object] = {"eligible": opens}
    lines = [
        said(
            lang,
            f"{firm} at liberty: {'goes to the judge before any prison' if opens else 'no such route'} (723-15).",
            f"{firm}, condamné libre : {'passage devant le JAP avant la prison' if opens else 'pas de passage'} (723-15).",
        )
    ]
    if opens:
        compelled = must_adjust(made, law)
        try:
            steps = delays(sent, law, final_day=final_day(on, law))
        except NoSuchRuleError as error:
            # The route is older than its delays: what is known is told.
            steps = None
            since = dated(parse_day(error.since), language(lang))
            undated = said(lang, f"! Its delays are dated from {since} only.", f"! Ses délais ne sont datés que du {since}.")
        codes = sorted(measures_open(made, law))
        plain |= {
            "must_adjust": compelled,
            "measures": codes,
            "delays": {k: dated(v, "en") for k, v in steps._asdict().items() if v} if steps else {},
        }
        if compelled:
            lines.append(said(lang, "To be adjusted unless impossible.", "À aménager sauf impossibilité."))
        shown = [said(lang, code, _IN_FRENCH.get(code, code)) for code in codes]
        lines.append(said(lang, "Open: ", "Ouverts : ") + ", ".join(shown))
        tongue = language(lang)
        named = (
            ()
            if steps is None
            else (
                (steps.judge_summons_day, "summons before the judge", "convocation devant le JAP", "723-15"),
                (steps.probation_summons_day, "summons before the probation service", "convocation devant le SPIP", "723-15"),
                (steps.study_day, "extra study by the probation service", "examen complémentaire du SPIP", "723-15-1"),
                (
                    steps.decision_day,
                    "decision, then the prosecutor may enforce",
                    "décision, puis le parquet peut exécuter",
                    "723-15-2",
                ),
                (
                    steps.stale_day,
                    "without enforcement: to be summoned again",
                    "sans exécution : nouvelle convocation",
                    "723-17-1",
                ),
            )
        )
        lines += [
            f"{dated(on, tongue)}  {said(lang, en, fr)} (CPP {article})" for on, en, fr, article in named if on is not None
        ]
        lines += [] if steps else [undated]
    if remand_days:
        lines.append(
            said(
                lang,
                "! Remand already served: the judge first counts the credit and the reductions for that time; there may be no "
                "prison left (D147-12).",
                "! Détention provisoire déjà subie : le JAP compte d'abord les réductions de ce temps ; il peut ne plus rien "
                "rester à exécuter (D147-12).",
            )
        )
    out(plain, [*lines, *_facts_said(facts, lang)], lang, as_json=as_json)


def remand(
    *,
    since: Annotated[str, typer.Option("--from", help=f"Day of the order, {DAY_HELP}.")],
    incurred: Annotated[float, typer.Option("--incurred", min=0, max=30, help="Prison or réclusion incurred, years.")],
    felony: Annotated[bool, typer.Option("--felony", help="A felony is charged.")] = False,
    grave: Annotated[
        bool, typer.Option("--grave", help="Drugs, conspiracy, pimping, extortion, gang, terrorism, several felonies.")
    ] = False,
    abroad: Annotated[bool, typer.Option("--abroad", help="An act was committed outside France.")] = False,
    organised: Annotated[
        bool, typer.Option("--organised", help="A misdemeanour of art. 145-1-1 (since 15 June 2025).")
    ] = False,
    prior: Annotated[str | None, typer.Option("--prior", help="Longest firm sentence before, as in '14 months'.")] = None,
    exceptional: Annotated[int, typer.Option("--exceptional", min=0, max=2, help="Exceptional extensions by the chamber.")] = 0,
    age: Annotated[
        int | None, typer.Option("--age", min=0, max=120, help="Age at the order: minors have ceilings of their own.")
    ] = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the terms and the ceiling of remand during the investigation (145-1, 145-1-1, 145-2; CJPM L433-1 s.)."""
    from sim.dates import add_months  # noqa: PLC0415
    from sim.law.rulebook import minors  # noqa: PLC0415
    from sim.law.rulebook.remand import ceiling_months, exceptional_terms, remand_possible, remand_terms  # noqa: PLC0415
    from sim.law.rulebook.words import dated  # noqa: PLC0415

    on = day(since, "--from", lang)
    law = _law(on, None, lang)
    grave = grave or organised
    terms: tuple[tuple[int, str], ...]
    chamber: tuple[int, ...] = ()
    minor = age is not None and age < minors.OF_AGE
    if age is not None and minor:
        terms = minors.remand_terms(age, incurred, law, felony=felony, gang=grave)
    elif not remand_possible(incurred, law, felony=felony):
        terms = ()
    else:
        before = 0 if prior is None else quantum(prior, "--prior", lang)[0]
        ceiling = ceiling_months(incurred, law, felony=felony, prior_firm_months=before, grave=grave, abroad=abroad)
        if felony or grave or abroad:
            chamber = exceptional_terms(exceptional, law, felony=felony)
        ordinary = remand_terms(ceiling, law, felony=felony, organised_crime=organised)
        terms = tuple((months, "months") for months in (*ordinary, *chamber))
    end, rows, spans = on, [], []
    for number, (length, unit) in enumerate(terms):
        end = add_months(end, length) if unit == "months" else end + length
        name = said(lang, "order", "mandat") if number == 0 else said(lang, f"extension {number}", f"prolongation {number}")
        if number >= len(terms) - len(chamber):
            name += said(lang, ", exceptional, by the chamber", " exceptionnelle, par la chambre de l'instruction")
        english, french = {"months": ("month", "mois"), "days": ("day", "jour")}[unit]
        plural = "s" if length > 1 else ""
        spans.append(said(lang, f"{length} {english}{plural}", f"{length} {french}{'' if french == 'mois' else plural}"))
        rows.append((end, f"{name}, {spans[-1]}"))
    tongue = language(lang)
    lines = [f"{dated(until, tongue)}  {text}" for until, text in rows]
    if not rows:
        lines = [said(lang, "Remand is not possible.", "La détention provisoire n'est pas possible.")]
    doubt = _breach(age if minor else None, lang, felony=felony, possible=bool(rows))
    plain = {"terms": spans, "until": dated(end, "en") if rows else None, "warnings": doubt}
    out(plain, [*lines, *(f"! {text}" for text in doubt)], lang, as_json=as_json)


def _breach(age: int | None, lang: Tongue, *, felony: bool, possible: bool) -> list[str]:
    """When remand hangs on the breach of a measure; ``age``: of a minor, none if of age.

    Source
    ------
    Code de procédure pénale, art. 141-2, 143-1 last al.; CJPM, art. L334-4 2°, L334-5 3°.
    """
    young, older = 13, 16
    if age is not None and age < older:
        if felony or age < young:
            return []
        return [
            said(
                lang,
                "From thirteen to fifteen, for a misdemeanour: only after a breach of the placement ordered under judicial "
                "supervision (CJPM L334-4 2°).",
                "De treize à quinze ans, pour un délit : seulement après violation du placement ordonné sous contrôle "
                "judiciaire (CJPM L334-4 2°).",
            )
        ]
    if possible:
        return []
    article = "141-2, 143-1" if age is None else "CJPM L334-5 3°"
    return [
        said(
            lang,
            f"Unless the person willingly breaks judicial supervision or tagged house arrest (ARSE): then it is ({article}).",
            "Sauf si la personne se soustrait volontairement au contrôle judiciaire ou à l'assignation à résidence (ARSE) : "
            f"elle l'est alors ({article}).",
        )
    ]


def appeal(
    *,
    notified: Annotated[str, typer.Option("--notified", help=f"Day the decision was notified, {DAY_HELP}.")],
    decision: Annotated[
        str,
        typer.Option("--decision", help="order (after the board), judgment (of the judge) or court (judgment of the three)."),
    ],
    appealed: Annotated[str | None, typer.Option("--appealed", help="Day the prosecutor appealed.")] = None,
    lang: Lang = Tongue.en,
    as_json: AsJson = False,
) -> None:
    """Print the days of appeal from a decision of enforcement, and those of a suspensive appeal (712-11, 712-14)."""
    from sim.law.procedure import (  # noqa: PLC0415
        appeal_end_day,
        appeal_suspends,
        bar_end_day,
        enforceable_day,
        suspensive_lapse_day,
    )
    from sim.law.rulebook.words import dated  # noqa: PLC0415

    on = day(notified, "--notified", lang)
    law = _law(on, None, lang)
    forms: dict[str, Form] = {"order": "order", "judgment": "judgment", "court": "court judgment"}
    form = forms[named(decision, "--decision", DECISIONS, lang)]
    tongue = language(lang)
    lines = [
        f"{dated(appeal_end_day(on, form, law), tongue)}  "
        + said(lang, "last day to appeal (712-11, 801)", "terme de l'appel (712-11, 801)"),
        f"{dated(enforceable_day(on, law), tongue)}  "
        + said(
            lang,
            "enforceable if the prosecutor does not appeal (712-14, D49-40)",
            "exécutoire sans appel du parquet (712-14, D49-40)",
        ),
        f"{dated(bar_end_day(on, form, law), tongue)}  "
        + said(
            lang,
            "latest bar on a like request if rejected (D49-32 to D49-36)",
            "irrecevabilité au plus si rejet (D49-32 à D49-36)",
        ),
    ]
    if appealed is not None:
        filed = day(appealed, "--appealed", lang)
        if filed < on:
            refuse(
                lang,
                f"--appealed: '{appealed}', before the notification of '{notified}'; expected that day or a later one",
                f"--appealed : « {appealed} », avant la notification du « {notified} » ; attendu ce jour ou un jour postérieur",
            )
        if filed > appeal_end_day(on, form, law):
            lines.append(
                said(lang, "That appeal comes too late: inadmissible (712-11).", "Appel tardif : irrecevable (712-11).")
            )
        elif appeal_suspends(filed, on, law):
            lapse = dated(suspensive_lapse_day(filed, law), tongue)
            lines.append(
                f"{lapse}  "
                + said(
                    lang,
                    "last day of the chamber; then the appeal lapses (712-14)",
                    "terme pour la chambre ; ensuite l'appel est non avenu (712-14)",
                )
            )
        else:
            lines.append(
                said(lang, "That appeal does not suspend the decision (712-14).", "Cet appel n'est pas suspensif (712-14).")
            )
    out({"lines": lines}, lines, lang, as_json=as_json)


def _facts_before(facts: str | None, judged_day: int, lang: Tongue) -> None:
    """Refuse facts that come after the judgment."""
    if facts is not None and day(facts, "--facts", lang) > judged_day:
        refuse(
            lang,
            f"--facts: '{facts}', after the judgment; expected its day or an earlier one",
            f"--facts : « {facts} », après le jugement ; attendu ce jour ou un jour antérieur",
        )


def _covered(judged_day: int, months: int, days: int, remand_days: int) -> bool:
    """Whether the remand credited is as long as the firm part, from the judgment on (716-4)."""
    from sim.law.sentence import nominal_end  # noqa: PLC0415

    return remand_days >= nominal_end(judged_day, months, days) - judged_day


def _nothing_left(firm: str, lang: Tongue) -> str:
    return said(
        lang,
        f"{firm}: nothing is left to serve, the remand credited covers it (CPP 716-4).",
        f"{firm} : il ne reste rien à exécuter, la détention provisoire imputée couvre la peine (CPP 716-4).",
    )


def _law(on: int, facts: str | None, lang: Tongue) -> StatutesInForce:
    from sim.law.statutes import Statutes  # noqa: PLC0415

    return Statutes.load().dated().at(on, facts_day=None if facts is None else day(facts, "--facts", lang))


def _facts_said(facts: str | None, lang: Tongue) -> list[str]:
    if facts is not None:
        return []
    return [
        said(
            lang,
            "! No day of the facts was given: they count as recent, so that the harsher laws bind them too (CP 112-2, 3°).",
            "! Pas de date des faits : ils sont tenus pour récents, les lois plus sévères s'y appliquent (CP 112-2, 3°).",
        )
    ]
