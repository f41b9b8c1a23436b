"""The language of the reader: ``--lang``, else ``SORTIE_LANG``, else the locale of the system; English if none says.

It is known before the commands are built, so that their help is written in it.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Literal

from sim.errors import RequestError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Language = Literal["en", "fr"]
LANGUAGES: tuple[Language, ...] = ("en", "fr")
OPTION = "--lang"
VARIABLE = "SORTIE_LANG"

_NARROW = "\u202f"
_spoken: Language = "en"


def speak(lang: Language) -> None:
    """Choose the language of everything said from now on."""
    global _spoken  # noqa: PLW0603 (one command, one reader)
    _spoken = lang


def spoken() -> Language:
    """Return the language in which the reader is spoken to."""
    return _spoken


def say(text: str) -> str:
    """Return a text of the catalogue, its blanks filled in, in the language of the reader."""
    if _spoken == "en" or not text:
        return text
    from sim.presentation.messages import french  # noqa: PLC0415 (English needs no catalogue)

    told = french(text)
    return text if told is None else told


def written(number: str) -> str:
    """Return a number written in English (``1,234.5``) as the reader writes it."""
    return number.replace(",", _NARROW).replace(".", ",") if _spoken == "fr" else number


def of_system(environment: Mapping[str, str]) -> Language:
    """Return the language that the environment asks for.

    Raises
    ------
    RequestError
        If ``SORTIE_LANG`` names another language than ours.
    """
    asked = environment.get(VARIABLE, "").strip()
    if asked:
        return _checked(VARIABLE, asked.partition("_")[0].partition("-")[0].partition(".")[0].lower())
    locale = next((found for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (found := environment.get(name))), "")
    locale = locale or _of_windows()
    if locale.partition(".")[0] in {"", "C", "POSIX"}:
        return "en"
    preferred = environment.get("LANGUAGE", "").partition(":")[0] or locale
    return "fr" if preferred.lower().startswith("fr") else "en"


def _of_windows() -> str:
    """Return the locale that Windows shows its own words in; empty elsewhere."""
    if os.name != "nt":
        return ""
    import ctypes  # noqa: PLC0415
    import locale  # noqa: PLC0415

    windows = getattr(ctypes, "windll", None)
    return "" if windows is None else locale.windows_locale.get(windows.kernel32.GetUserDefaultUILanguage(), "")


def chosen(arguments: Sequence[str], environment: Mapping[str, str] = os.environ) -> tuple[Language, list[str]]:
    """Return the language asked for, and the arguments without ``--lang``, which any command takes anywhere.

    Raises
    ------
    RequestError
        For another language than ours, or two of them.
    """
    rest: list[str] = []
    asked: list[str] = []
    waiting = list(arguments)
    while waiting:
        word = waiting.pop(0)
        if word == "--":
            rest += [word, *waiting]
            break
        if word == OPTION and waiting:
            asked.append(waiting.pop(0))
        elif word.startswith(OPTION + "="):
            asked.append(word.partition("=")[2])
        else:
            rest.append(word)
    lang = of_system(environment)
    speak(lang)
    if len(asked) > 1:
        msg = f"{OPTION}: given {len(asked)} times, expected once."
        raise RequestError(msg)
    return (_checked(OPTION, asked[0]) if asked else lang), rest


def _checked(where: str, lang: str) -> Language:
    if lang not in LANGUAGES:
        msg = f"{where}: met '{lang}', expected {' or '.join(LANGUAGES)}."
        raise RequestError(msg)
    return lang
