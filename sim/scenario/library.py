"""Where scenarios are found: the ``scenarios`` folder of the working directory, then the package's own copy."""

from __future__ import annotations

import errno
from pathlib import Path

from sim.errors import ScenarioError, suggestion
from sim.scenario.document import shown

_SUFFIXES = (".yaml", ".yml")


def folders() -> tuple[Path, ...]:
    """Return the folders in which a name is looked for, in order; those that do not exist are left out."""
    package = Path(__file__).resolve().parent.parent
    # A checkout has its scenarios beside the package, an installed wheel inside it.
    found = (Path.cwd() / "scenarios", package / "_scenarios", package.parent / "scenarios")
    return tuple(dict.fromkeys(folder.resolve() for folder in found if folder.is_dir()))


def files() -> dict[str, Path]:
    """Return every scenario file by name, sorted; a file of the working directory hides the package's own."""
    found: dict[str, Path] = {}
    for folder in folders():
        for path in sorted(folder.iterdir()):
            if path.suffix in _SUFFIXES and path.is_file():
                found.setdefault(path.stem, path)
    return dict(sorted(found.items()))


def label_of(path: Path) -> str:
    """Return how messages call a file: relative to the working directory when it stands below it."""
    try:
        return str(path.relative_to(Path.cwd()))
    except ValueError:
        return str(path)


def find(name_or_path: str | Path, *, beside: Path | None = None, asked_by: str = "") -> Path:
    """Return the file that a name or a path means.

    Parameters
    ----------
    name_or_path
        A name (``baseline``) or a path to a YAML file.
    beside
        Folder of the file that asks (``extends``), looked at first.
    asked_by
        Beginning of the message when nothing is found, ``scenarios/cap.yaml:1: extends: ``.

    Raises
    ------
    ScenarioError
        If there is no such scenario; near names are suggested.
    """
    text = str(name_or_path)
    path = Path(name_or_path)
    is_path = isinstance(name_or_path, Path) or path.suffix in _SUFFIXES or "/" in text or "\\" in text
    library = files()
    if is_path:
        candidates = [path] if path.is_absolute() or beside is None else [beside / path]
        if beside is not None and path.parent == Path():
            candidates += [folder / path for folder in folders()]
        for candidate in candidates:
            if _exists(candidate):
                return candidate
        neighbours = [item.name for item in _siblings(candidates[0]) if item.suffix in _SUFFIXES]
        known = [*neighbours, *(f"{name}.yaml" for name in library)]
        msg = f"{asked_by}no file {shown(text)}.{suggestion(path.name, known)} List the scenarios with: sortie list"
        raise ScenarioError(msg)
    if text in library:
        return library[text]
    where = ", ".join(label_of(folder) for folder in folders()) or "./scenarios, which does not exist"
    msg = (
        f"{asked_by}no scenario {shown(text)} (looked in {where}).{suggestion(text, library)}"
        " List the scenarios with: sortie list"
    )
    raise ScenarioError(msg)


def mixed(name_or_path: str | Path) -> tuple[str, ...]:
    """Return the scenarios that ``a+b`` puts together; none if it is the name or the path of one."""
    text = str(name_or_path)
    if "+" not in text or isinstance(name_or_path, Path) or text in files() or _exists(Path(text)):
        return ()
    parts = tuple(part.strip() for part in text.split("+"))
    if not all(parts):
        msg = f"{shown(text)}: met nothing beside a '+', expected names of scenarios, as in a+b. List them with: sortie list"
        raise ScenarioError(msg)
    twice = next((part for part in parts if parts.count(part) > 1), None)
    if twice is not None:  # once would be taken for the double of it
        msg = f"{shown(text)}: met {shown(twice)} twice, expected each policy once. For the double, write it in a file."
        raise ScenarioError(msg)
    return parts


def _exists(path: Path) -> bool:
    """Whether something has this name: a file that cannot be read, or a link to nothing, is told when it is read."""
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError, ValueError):  # the last for a null byte
        return False
    except OSError as problem:
        return problem.errno != errno.ENAMETOOLONG
    return True


def _siblings(path: Path) -> list[Path]:
    try:
        return sorted(path.parent.iterdir())
    except (OSError, ValueError):
        return []
