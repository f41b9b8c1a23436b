"""Who made a run folder, from what, and with which means: ``manifest.json``.

A manifest has two halves. What identifies the run (scenario, seed, version, the hashes of the tables) is equal between
two makings of the same run, on any machine. What was met on the way (machine, Python, git commit, seconds, memory) is
under ``made`` and takes no part in any comparison.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import subprocess
import sys
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

from sim.errors import RunFolderError, reason
from sim.records.json_text import load
from sim.records.manifest_checks import ManifestError, manifest_of

FORMAT = 3
"""Version of the folder's layout. Raised when a reader of the old one would be misled. 2: days are dates in every
file. 3: a regime is its position in the codebook, or -1, in every table."""

_PACKAGE = Path(__file__).resolve().parents[1]
_ENGINE = (
    "dates.py", "engine", "errors.py", "experiments/forking.py", "institutions", "law", "pathways", "policies", "population",
    "randomness.py", "reconviction", "records", "scenario", "simulation", "timeline.py",
)  # fmt: skip
"""What the tables of a run depend on: the packages that a replication imports, and how arms share their past."""
_MEASURES = ("experiments/measurement.py", "indicators")
"""What its indicators depend on besides."""
_NEITHER = (
    "indicators/catalogue.py", "indicators/drift.py", "indicators/estimates.py", "indicators/routes_changed.py", "law/rulebook",
    "scenario/months",
)  # fmt: skip
"""Words about indicators, what is made of several runs, law that no run asks, reading a published month.
``tests/architecture`` holds the three lists against what is imported."""


@dataclass(frozen=True)
class FileRecord:
    """One file of a replication: enough to know that it is whole."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    sha256: str
    bytes: int
    rows: int


@dataclass(frozen=True)
class Resources:
    """What one replication cost. Not part of the run's identity."""

    simulate_seconds: float
    wall_seconds: float
    peak_memory_mb: float


@dataclass
class Manifest:
    """Contents of ``manifest.json``; read back by :func:`sim.records.manifest_checks.manifest_of`."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    run_id: str
    scenario: str
    title: dict[str, str]
    digest: str
    """SHA-256 of the resolved scenario."""
    seed: int
    start_day: int
    measure_from_day: int
    end_day: int
    sampling_fraction: float
    version: str
    source: str
    """SHA-256 of the code and packaged data that tables depend on (:func:`engine_digest`)."""
    context: dict[str, Any] = field(default_factory=dict)
    """What indicators were told besides the tables (:meth:`sim.indicators.context.Context.to_plain`)."""
    replications: dict[int, dict[str, FileRecord]] = field(default_factory=dict)
    """File name -> record, for each replication that is finished."""
    measures: dict[int, str] = field(default_factory=dict)
    """SHA-256 of the code that measured each replication (:func:`measures_digest`); none for runs of before it was kept."""
    made: dict[str, Any] = field(default_factory=dict)
    """Machine, versions, git, resources: kept out of :meth:`identity`."""

    def identity(self) -> dict[str, Any]:
        """Return what two makings of the same run have in common, as plain data."""
        plain = self.to_plain()
        del plain["made"]
        return plain

    def to_plain(self) -> dict[str, Any]:
        """Return the manifest as plain data, replications in order."""
        plain = asdict(self)
        plain["replications"] = {str(n): dict(sorted(plain["replications"][n].items())) for n in sorted(self.replications)}
        plain["measures"] = {str(n): self.measures[n] for n in sorted(self.measures)}
        return {"format": FORMAT, **plain}

    def to_json(self) -> str:
        """Return the text of ``manifest.json``."""
        return json.dumps(self.to_plain(), ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str, *, path: Path) -> Manifest:
        """Read the text of a ``manifest.json``; ``path`` is named in errors.

        Raises
        ------
        RunFolderError
            If the text is not a manifest, or one of another format.
        """
        try:
            plain = load(text)
        except ValueError as problem:
            msg = f"{path}: cannot be read ({reason(problem)}). {_REMAKE}"
            raise RunFolderError(msg) from problem
        if not isinstance(plain, dict) or "format" not in plain:
            msg = f"{path}: expected the manifest of a run with a 'format', met {_shown(plain)}. {_REMAKE}"
            raise RunFolderError(msg)
        if plain["format"] != FORMAT:
            msg = (
                f"{path}: format: met {_shown(plain['format'])}, expected {FORMAT}. This folder was written by another "
                f"version of sortie ({_shown(plain.get('version', 'unknown'))}); this one is {package_version()}. {_REMAKE}"
            )
            raise RunFolderError(msg)
        try:
            return manifest_of({key: value for key, value in plain.items() if key != "format"})
        except ManifestError as problem:
            msg = f"{path}: {problem}. The manifest is damaged, or of another version. {_REMAKE}"
            raise RunFolderError(msg) from problem


_REMAKE = "Make the run again with `sortie run`, in another --output if you want to keep this folder."


def _shown(met: object) -> str:
    text = repr(met)
    return text if len(text) <= 60 else text[:60] + "…"


def run_identifier(digest: str, seed: int, *, engine: str) -> str:
    """Return the 12 hexadecimal digits that name a run.

    Same resolved scenario, seed, version and engine: same name. The number of replications takes no part, so that more of
    them can be added to a run later; nor do the indicators, which can be measured anew on the tables of a run.
    """
    return hashlib.sha256(f"{digest}/{seed}/{package_version()}/{engine}".encode()).hexdigest()[:12]


@lru_cache(maxsize=1)
def package_version() -> str:
    """Version of the installed sortie; ``0+unknown`` when the package is used without being installed."""
    try:
        return version("sortie")
    except PackageNotFoundError:
        return "0+unknown"


@lru_cache(maxsize=1)
def engine_digest() -> str:
    """SHA-256 of the code and packaged data that the tables of a run depend on: it is part of what names a run."""
    sources = _sources(_ENGINE)
    # Establishments and series are data the results depend on. A checkout keeps them beside the package, an installed
    # sortie inside it, under one name here. Scenario files themselves are in the digest of the run's own scenario.
    for root in (_PACKAGE / "_scenarios", _PACKAGE.parent / "scenarios"):
        for path in (root / "observed").glob("*.csv"):
            sources[f"observed/{path.name}"] = path
    return _digest_of(sources)


@lru_cache(maxsize=1)
def measures_digest() -> str:
    """SHA-256 of the code that makes indicators of the tables of a run."""
    return _digest_of(_sources(_MEASURES))


def source_digest() -> str:
    """SHA-256 of the code and packaged data that figures depend on: the engine's and that of the measures."""
    return hashlib.sha256(f"{engine_digest()}/{measures_digest()}".encode()).hexdigest()


def belongs_to(name: str) -> str:
    """Say what depends on a file of the package, by its path inside it: ``engine``, ``measures``, or nothing (empty)."""
    here = {part: _is_in(name, roots) for part, roots in (("engine", _ENGINE), ("measures", _MEASURES))}
    return "" if _is_in(name, _NEITHER) else next((part for part, found in here.items() if found), "")


def _is_in(name: str, roots: tuple[str, ...]) -> bool:
    return any(name == root or name.startswith(f"{root}/") for root in roots)


def _sources(roots: tuple[str, ...]) -> dict[str, Path]:
    found = {}
    for root in roots:
        start = _PACKAGE / root
        for path in [start] if start.is_file() else start.rglob("*"):
            name = path.relative_to(_PACKAGE).as_posix()
            if path.suffix in {".py", ".yaml", ".csv"} and not _is_in(name, _NEITHER):
                found[name] = path
    return found


def _digest_of(sources: dict[str, Path]) -> str:
    digest = hashlib.sha256()
    for name in sorted(sources):
        digest.update(name.encode())
        digest.update(hashlib.sha256(sources[name].read_bytes()).digest())
    return digest.hexdigest()


def describe_machine() -> dict[str, Any]:
    """Describe where the run is made: machine, versions and git state (for ``made``)."""
    return {
        "machine": platform.machine(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
        "python": sys.version.split()[0],
        "packages": {name: _version_of(name) for name in ("numpy", "simpy", "pandas", "pyarrow", "scipy", "pydantic")},
        "git": _git_state(),
    }


def _version_of(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _git_state() -> dict[str, Any] | None:
    git = shutil.which("git")
    if git is None or not (_PACKAGE.parent / ".git").exists():
        return None
    try:
        commit, status = (
            subprocess.run(  # noqa: S603 (fixed words, no user input)
                [git, "-C", str(_PACKAGE.parent), *words], capture_output=True, text=True, timeout=5, check=True
            ).stdout.strip()
            for words in (["rev-parse", "HEAD"], ["status", "--porcelain", "--", "sim", "scenarios"])
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return {"commit": commit, "dirty": bool(status)}
