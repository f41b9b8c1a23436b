"""Reading the file of ``sortie law sentence``: several sentences under one committal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple, NoReturn

from sim.cli.law_reading import Tongue, day, quantum, refuse

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from yaml import SafeLoader

    from sim.law.rulebook.execution import Extract
    from sim.law.rulebook.maximum import Cut
    from sim.law.sentence import Sentence

_FLAGS = {
    "felony": "felony",
    "terrorism": "terrorism",
    "excluded": "lsc_excluded",
    "removal": "removal",
    "ssj": "ssj_incurred",
    "listed": "listed_felony",
    "mobile_tag": "mobile_tag",
    "on_officials": "on_officials",
}
_LIFE_MONTHS = 360
"""Highest legal maximum where life was incurred for one of the concurrent offences, and not pronounced (CP 132-5)."""
_DAYS = {"born": "birth_day", "child_born": "child_born_day", "child_due": "child_due_day", "surety_end": "surety_end_day"}
_TOP = ("committed", "remand", "legal_maximum", *_DAYS, *_FLAGS, "sentences")
_ONE = (
    "name",
    "quantum",
    "judged",
    "facts",
    "recidive",
    "follows_remand",
    "against_the_state",
    "withdrawal",
    "revoked_by",
    "merged_into",
    "merged_months",
)


class Committal(NamedTuple):
    """What a file says of the sentences under one committal."""

    sentence: Sentence
    """Their sum."""
    extracts: tuple[Extract, ...]
    """As they are served: within the highest legal maximum, if the file gives one."""
    told: tuple[Extract, ...]
    """As the file gives them."""
    maximum: int | None
    """Highest legal maximum of the concurrent offences, months; none if the file gives none."""
    cuts: tuple[Cut, ...]
    """What that maximum takes off which sentence."""


class _Places:
    """Says where in the file a value stands."""

    def __init__(self, path: Path, lang: Tongue) -> None:
        self.path, self.lang = path, lang

    def fail(self, inside: str, en: str, fr: str) -> NoReturn:
        where = f"{self.path}: {inside}" if inside else str(self.path)
        refuse(self.lang, f"{where}: {en}", f"{where} : {fr}")

    def known(self, entries: Mapping[str, Any], keys: tuple[str, ...], inside: str) -> None:
        for key in entries:
            if key not in keys:
                from sim.errors import suggestion  # noqa: PLC0415

                hint = suggestion(str(key), keys) if self.lang is Tongue.en else ""
                self.fail(
                    inside,
                    f"unknown key '{key}'; expected one of: {', '.join(keys)}.{hint}",
                    f"clé « {key} » inconnue ; attendu l'une de : {', '.join(keys)}.",
                )

    def day(self, value: Any, inside: str) -> int:
        return day(str(value), f"{self.path}: {inside}", self.lang)

    def flag(self, value: Any, inside: str) -> bool:
        if not isinstance(value, bool):
            self.fail(inside, f"'{value}'; expected true or false", f"« {value} » ; attendu true ou false")
        return value

    def count(self, value: Any, inside: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            self.fail(inside, f"'{value}'; expected a whole number", f"« {value} » ; attendu un nombre entier")
        return value


def _loader() -> type[SafeLoader]:
    """A safe loader that leaves dates as they are written: they are read here, with their place."""
    import yaml  # noqa: PLC0415

    class Words(yaml.SafeLoader):
        pass

    Words.yaml_implicit_resolvers = {
        first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
        for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return Words


def read_sentences(path: Path, lang: Tongue) -> Committal:
    """Read the sentences of a file, and their sum.

    Raises
    ------
    RequestError
        If the file cannot be read, or says something wrong: its name, the place inside it, the value met, what was expected.
    """
    import yaml  # noqa: PLC0415

    from sim.dates import NEVER  # noqa: PLC0415
    from sim.errors import ordinary_file, reason  # noqa: PLC0415
    from sim.law.rulebook.execution import merged, under_committal  # noqa: PLC0415
    from sim.law.rulebook.maximum import within_maximum  # noqa: PLC0415
    from sim.presentation.messages import french  # noqa: PLC0415

    places = _Places(path, lang)
    try:
        content = yaml.load(ordinary_file(path).read_text(encoding="utf-8"), Loader=_loader())  # noqa: S506  a safe loader, less its dates
    except OSError as error:
        why = reason(error)
        places.fail("", f"cannot be read ({why})", f"illisible ({french(why) or why})")
    except UnicodeDecodeError:
        places.fail("", "is not text in UTF-8", "n'est pas un texte en UTF-8")
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        places.fail("", f"is not YAML{line}", f"n'est pas du YAML{line.replace('line', 'ligne')}")
    if not isinstance(content, dict) or not isinstance(content.get("sentences"), list) or not content["sentences"]:
        places.fail(
            "",
            "expected 'committed' and a list 'sentences'",
            "attendu « committed » et une liste « sentences »",
        )
    places.known(content, _TOP, "")
    if "committed" not in content:
        places.fail("", "'committed' is missing", "« committed » manque")
    committed = places.day(content["committed"], "committed")
    names = [
        str(item.get("name", number)) if isinstance(item, dict) else "" for number, item in enumerate(content["sentences"])
    ]
    for number, name in enumerate(names):
        if name and names.index(name) != number:
            places.fail(
                f"sentences[{number}].name",
                f"'{name}' is the name of two sentences; expected one name for each",
                f"« {name} » nomme deux peines ; attendu un nom pour chacune",
            )
    extracts = tuple(_extract(item, number, names, places) for number, item in enumerate(content["sentences"]))
    _check_mergers(extracts, places)
    facts: dict[str, Any] = {"birth_day": committed, "child_born_day": NEVER, "child_due_day": NEVER, "surety_end_day": -1}
    facts |= {field: places.day(content[key], key) for key, field in _DAYS.items() if key in content}
    facts |= {field: places.flag(content[key], key) for key, field in _FLAGS.items() if key in content}
    remand = places.count(content.get("remand", 0), "remand")
    told, most = extracts, None
    cuts: tuple[Cut, ...] = ()
    if "legal_maximum" in content:
        most = _maximum(str(content["legal_maximum"]), extracts, places)
        extracts, cuts = within_maximum(merged(extracts), most)
    return Committal(under_committal(extracts, committed, remand_days=remand, **facts), extracts, told, most, cuts)


def _maximum(text: str, extracts: tuple[Extract, ...], places: _Places) -> int:
    """Months of the highest legal maximum; one below a sentence pronounced is refused."""
    from sim.law.rulebook.maximum import counted  # noqa: PLC0415
    from sim.law.rulebook.words import lasting  # noqa: PLC0415

    months, days, life = quantum(text, f"{places.path}: legal_maximum", places.lang)
    if life:
        # Life incurred and not pronounced: thirty years (132-5).
        months, days = _LIFE_MONTHS, 0
    if days or not months:
        places.fail(
            "legal_maximum",
            f"'{text}'; expected months or years, as in '5 years'",
            f"« {text} » ; attendu des mois ou des années",
        )
    for number, extract in enumerate(extracts):
        if counted(extract) and (extract.months, extract.days) > (months, 0):
            name = extract.name or number + 1
            en, fr = (lasting(extract.months, extract.days, tongue) for tongue in ("en", "fr"))
            places.fail(
                "legal_maximum",
                f"'{text}', below sentence '{name}' of {en}; expected the highest maximum that the concurrent offences incur, "
                "récidive counted (CP 132-4, 132-5)",
                f"« {text} », inférieur à la peine « {name} » de {fr} ; attendu le maximum le plus élevé encouru pour les "
                "infractions en concours, récidive comprise (CP 132-4, 132-5)",
            )
    return months


def _check_mergers(extracts: tuple[Extract, ...], places: _Places) -> None:
    """Refuse withdrawals without a sentence, and mergers that art. 132-4 does not know."""
    if all(extract.withdrawal for extract in extracts):
        places.fail(
            "sentences",
            "only withdrawals of reductions; expected the sentence they were taken from",
            "seulement des retraits de réduction ; attendu la peine dont ils viennent",
        )
    for number, extract in enumerate(extracts):
        into, share = extract.merged_into, extract.merged_months
        if extract.withdrawal and into is not None:
            places.fail(
                f"sentences[{number}].merged_into",
                "a withdrawal of reductions is no sentence (CP 132-4); take it out",
                "un retrait de réduction n'est pas une peine (CP 132-4) ; à retirer",
            )
        if share == 0:
            places.fail(
                f"sentences[{number}].merged_months",
                "'0' merges nothing; expected at least one month, or no merger",
                "« 0 » ne confond rien ; attendu au moins un mois, ou aucune confusion",
            )
        if into is not None and share is not None and share > extracts[into].months:
            most = extracts[into].months
            places.fail(
                f"sentences[{number}].merged_months",
                f"'{share}' with a sentence of {most} months; expected no more than the shorter of the two has",
                f"« {share} » avec une peine de {most} mois ; attendu au plus la durée de la plus courte des deux",
            )


def _extract(item: Any, number: int, names: list[str], places: _Places) -> Extract:
    from sim.law.rulebook.execution import Extract  # noqa: PLC0415

    inside = f"sentences[{number}]"
    if not isinstance(item, dict):
        places.fail(inside, f"'{item}'; expected a mapping", f"« {item} » ; attendu un ensemble clé : valeur")
    places.known(item, _ONE, inside)
    if "quantum" not in item:
        places.fail(inside, "'quantum' is missing", "« quantum » manque")
    months, days, life = quantum(str(item["quantum"]), f"{places.path}: {inside}.quantum", places.lang)
    if life:
        places.fail(
            f"{inside}.quantum",
            "life absorbs every other sentence (CP 132-5): ask sortie law timeline",
            "la perpétuité absorbe toute autre peine (CP 132-5) : demandez sortie law timeline",
        )

    def position(key: str) -> int | None:
        if key not in item:
            return None
        named = str(item[key])
        if named not in names:
            places.fail(
                f"{inside}.{key}",
                f"no sentence '{named}'; expected one of: {', '.join(names)}",
                f"aucune peine « {named} » ; attendu l'une de : {', '.join(names)}",
            )
        if names.index(named) == number:
            places.fail(
                f"{inside}.{key}",
                f"'{named}' is this sentence itself; expected the name of another",
                f"« {named} » est cette peine même ; attendu le nom d'une autre",
            )
        return names.index(named)

    absorbed = places.count(item["merged_months"], f"{inside}.merged_months") if "merged_months" in item else None
    if absorbed is not None and absorbed > months:
        places.fail(
            f"{inside}.merged_months",
            f"'{absorbed}' of {months} months; expected no more than the sentence has",
            f"« {absorbed} » mois sur {months} ; attendu au plus la durée de la peine",
        )
    flags = {
        key: places.flag(item[key], f"{inside}.{key}")
        for key in ("recidive", "follows_remand", "against_the_state", "withdrawal")
        if key in item
    }
    return Extract(
        months,
        days,
        name=str(item.get("name", "")),
        revoked_by=position("revoked_by"),
        merged_into=position("merged_into"),
        merged_months=absorbed,
        judged_day=places.day(item["judged"], f"{inside}.judged") if "judged" in item else -1,
        facts_day=places.day(item["facts"], f"{inside}.facts") if "facts" in item else -1,
        **flags,
    )
