"""What can be said of a file that was looked at: mistakes, contradictions, surprises, and what was taken as it is."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

_REPEATED = 3


class Place(NamedTuple):
    """Where in a file."""

    file: str
    sheet: str = ""
    row: int = 0
    """Line of the sheet or file; 0 for the whole of it."""

    def __str__(self) -> str:
        sheet = f"[{self.sheet}]" if self.sheet else ""
        return f"{self.file}{sheet}:{self.row}" if self.row else f"{self.file}{sheet}"

    @property
    def token(self) -> str:
        """How the row is named on the command line: ``Tab19:24``, or its line in a file without sheets."""
        return f"{self.sheet}:{self.row}" if self.sheet else str(self.row)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, contradictory or surprising."""

    case: str
    """Name of the case, the same in every language."""
    place: Place
    column: str
    met: str
    expected: str
    way_out: str
    weight: Literal["mistake", "contradiction", "surprise"] = "mistake"
    """A mistake is to be mended. A contradiction stops everything unless it is accepted by name. A surprise may well be true:
    the table is shown, and written once the surprise is accepted."""
    accept: str = ""
    """What ``--accept`` takes to answer it; empty for a mistake."""
    others: int = 0
    """Rows that make the same mistake and are not listed."""

    @property
    def answer(self) -> str:
        """The option that answers it, empty for a mistake."""
        return f"--accept '{self.accept}'" if self.accept else ""

    def __str__(self) -> str:
        return self.told(str)

    def told(self, say: Callable[[str], str]) -> str:
        """Tell it whole; ``say`` gives words of the catalogue in the language of the reader."""
        where = f"{self.place}: {self.column}" if self.column else str(self.place)
        words = [say(f"{where}: met {say(self.met)}, expected {say(self.expected)}.")]
        words += [say(self.way_out)] if self.way_out else []
        words += [say(f"The same in {self.others} other rows.")] if self.others else []
        words += [say(f"If it is true: {self.answer}")] if self.accept else []
        return " ".join(words)

    def as_dict(self) -> dict[str, object]:
        """Plain data, for programs."""
        return {
            "case": self.case, "weight": self.weight, "file": self.place.file, "sheet": self.place.sheet,
            "row": self.place.row, "column": self.column, "met": self.met, "expected": self.expected,
            "way_out": self.way_out, "accept": self.accept, "others": self.others,
        }  # fmt: skip


def told_once(findings: Sequence[Finding]) -> list[Finding]:
    """Say a mistake that many rows make once, with how many make it."""
    alike = defaultdict(list)
    for finding in findings:
        alike[finding.case, finding.column, finding.accept].append(finding)
    found = []
    for same in alike.values():
        if len(same) <= _REPEATED:
            found += same
        else:
            found.append(replace(same[0], others=len(same) - 1))
    return found


def split(findings: Sequence[Finding], accepted: Collection[str]) -> tuple[list[Finding], list[Finding]]:
    """Return what stops the reading, and the surprises that are left to be answered."""
    left = [finding for finding in findings if not (finding.accept and finding.accept in accepted)]
    return [one for one in left if one.weight != "surprise"], [one for one in left if one.weight == "surprise"]
