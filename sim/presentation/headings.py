"""Headings of CSV files in French, for whoever opens them in a spreadsheet; English files keep the names of columns."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sim.indicators.catalogue import CATALOGUE
from sim.presentation.messages import french
from sim.presentation.texts import Texts

if TYPE_CHECKING:
    import pandas as pd

FRENCH = {
    "arm": "bras",
    "assumption": "hypothèse",
    "base": "référence",
    "base_day": "jour (référence)",
    "below_zero": "probabilité d'une baisse",
    "both_high": "borne haute (hasard et paramètres)",
    "both_low": "borne basse (hasard et paramètres)",
    "capacity_operational": "capacité opérationnelle",
    "caseload": "personnes par CPIP",
    "cause": "cause",
    "chance_high": "borne haute (hasard)",
    "chance_low": "borne basse (hasard)",
    "city": "ville",
    "date": "date",
    "day": "jour",
    "days_earlier": "jours plus tôt",
    "density": "densité",
    "density_change": "écart de densité",
    "detainees": "détenus",
    "difference": "écart",
    "difference_high": "borne haute de l'écart",
    "difference_low": "borne basse de l'écart",
    "draws": "tirages",
    "dry": "sorties sèches",
    "dry_rate_exits": "part de sorties sèches",
    "entry": "entrée",
    "establishment": "établissement",
    "event": "événement",
    "exits_per_year": "sorties par an",
    "gap": "écart",
    "group": "groupe",
    "half_width": "demi-largeur de l'intervalle",
    "hearing_wait_mean": "attente moyenne de l'audience (jours)",
    "held": "personnes détenues",
    "high": "borne haute",
    "holds": "ce que l'intervalle contient",
    "indicator": "indicateur",
    "interregion": "interrégion",
    "kind": "nature",
    "label": "libellé",
    "latitude": "latitude",
    "level": "niveau",
    "longitude": "longitude",
    "low": "borne basse",
    "masked": "masqué",
    "mean": "moyenne",
    "median": "médiane",
    "model": "modèle",
    "months": "mois",
    "n": "réplications",
    "name": "nom",
    "outcome": "résultat",
    "over_capacity": "personnes au-delà des places",
    "parameter": "paramètre",
    "parameters_high": "borne haute (paramètres)",
    "parameters_low": "borne basse (paramètres)",
    "path": "chemin",
    "people": "personnes",
    "people_per_year": "personnes par an",
    "period": "période",
    "person": "personne",
    "policy": "politique",
    "policy_day": "jour (politique)",
    "price": "prix",
    "procedure": "procédure",
    "published": "publié",
    "q25": "premier quartile",
    "q75": "troisième quartile",
    "range_high": "plage, haut",
    "range_is": "plage en valeur ou en facteur",
    "range_low": "plage, bas",
    "rate": "part",
    "replication": "réplication",
    "replications": "réplications",
    "route": "sortie",
    "scenario": "scénario",
    "setting": "réglage",
    "share_parameters": "part des paramètres dans l'incertitude",
    "since": "depuis le",
    "site": "établissement",
    "site_id": "identifiant de l'établissement",
    "source": "source",
    "start": "départ",
    "stay": "séjour",
    "step": "étape",
    "stream": "voie d'entrée",
    "unit": "unité",
    "value": "valeur",
    "verdict": "verdict",
    "what": "quoi",
}
"""French of each column that a file for people may have. The tables of a run (Parquet) and answers in SQL keep their names."""


BESIDE = {"indicator": "libellé de l'indicateur", "group": "groupe en clair", "cause": "cause en clair"}
"""Columns of codes that keep them, for whoever looks them up, and have their words in the column that follows."""
IN_PLACE = ("base", "policy", "route", "outcome", "stream", "period")
"""Columns whose codes are words already, of a route or a step: they are put into French where they stand."""


def in_french(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table for French readers: headings, and the codes of causes, groups, routes and indicators in words.

    A heading that is a name of its own (a scenario) stays.
    """
    told = frame.copy()
    for name, heading in BESIDE.items():
        if name in told.columns and FRENCH["label"] not in told.columns and "label" not in told.columns:
            told.insert(list(told.columns).index(name) + 1, heading, [code_in_french(name, code) for code in told[name]])
    for name in IN_PLACE:
        if name in told.columns and not _is_number(told[name]):
            told = told.assign(**{name: told[name].map(lambda code: code_in_french("route", code))})
    return told.rename(columns=FRENCH)


def _is_number(column: pd.Series) -> bool:
    return column.dtype.kind in "fiub"


def code_in_french(column: str, code: object) -> object:
    """Return the words for a code of a column; what is no code is given back."""
    if not isinstance(code, str):
        return code
    if column == "indicator":
        entry = CATALOGUE.get(code)
        return code if entry is None else french(entry.label) or entry.label
    if column == "group":
        return ", ".join(_part_in_french(part) for part in code.split(","))
    words = Texts("fr")
    named = words.name(column, code)
    return _group_words()["values"].get(code, code) if named == code else named


def _part_in_french(part: str) -> str:
    axis, equal, value = part.partition("=")
    words = _group_words()
    if not equal:
        return words["values"].get(part, part)
    named = Texts("fr").name("cause", value) if axis == "cause" else words["values"].get(value, value)
    return f"{words['axes'].get(axis, axis)} : {named}"


@cache
def _group_words() -> dict[str, dict[str, str]]:
    file = Path(__file__).with_name("locales") / "groups.fr.yaml"
    read: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return read
