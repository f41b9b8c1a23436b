"""Frame of every picture of a question: a title that is the finding, a subtitle, labels on the marks, the source at its foot.

A picture is a plain string of SVG, so that the explorer, the static site and a file hold the same one. It is drawn twice, wide
and for a telephone, with the same sizes of type: text never shrinks.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from sim.presentation.texts import Texts

INK, MUTED, LESS, MORE, OUT = "#1a1f24", "#525c66", "#0b5c8a", "#a8480b", "#2c6e49"
RULE, MARK, SOFT, NEVER, BAND = "#dcdad3", "#858d94", "#c9ccce", "#f3e3d6", "#e9e7e1"
WIDE, HALF, NARROW = 1120, 500, 342
"""Widths in pixels: of a page, of a column of two, and of a telephone of 390."""
FONT = "'Source Sans','Source Sans 3','Source Sans Pro','Sortie Sans',system-ui,'Segoe UI',sans-serif"
SMALLEST = 12.5
"""Pixels of the smallest text."""
_BOLD, _PLAIN = 0.53, 0.48
"""Mean width of a letter, in sizes of type: where lines break. Source Sans has 0.485 and 0.437, system fonts are wider."""
_FIXED = "\u00a0"


def fine(text: str, lang: str) -> str:
    """Put the spaces that never break where French has them: before ``: ; ? ! % »`` and after ``«``."""
    if lang != "fr":
        return text
    for mark in (":", ";", "?", "!", "%", "»", "M€"):
        text = text.replace(f" {mark}", f"{_FIXED}{mark}")
    return text.replace("« ", f"«{_FIXED}")


def wrapped(text: str, width: float, size: float, *, bold: bool = False) -> list[str]:
    """Break a text into lines that fit a width, at its spaces."""
    letter = size * (_BOLD if bold else _PLAIN)
    lines: list[str] = []
    line = ""
    for word in text.split(" "):
        if line and len(f"{line} {word}") * letter > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    return [*lines, line]


class Frame:
    """A picture under way; ``y`` is how far down it has come."""

    def __init__(self, t: Texts, width: int, title: str, subtitle: str, alt: str) -> None:
        self.t, self.width, self.alt = t, width, alt
        self.narrow = width < HALF - 30
        self.parts: list[str] = []
        self.y = 20.0
        for line in wrapped(fine(title, t.lang), width, 19 if not self.narrow else 18, bold=True):
            self.text(0, self.y, line, 19 if not self.narrow else 18, weight=650)
            self.y += 24
        self.y -= 3
        for line in wrapped(fine(subtitle, t.lang), width, 14):
            self.text(0, self.y, line, 14, MUTED)
            self.y += 18
        self.y += 6

    def text(
        self, x: float, y: float, words: str, size: float = 14, fill: str = INK, anchor: str = "start", weight: int = 400
    ) -> None:
        """Write words; they are escaped here and nowhere else."""
        self.parts.append(
            f'<text x="{x:.1f}" y="{y:.1f}" font-size="{max(size, SMALLEST)}" fill="{fill}" text-anchor="{anchor}" '
            f'font-weight="{weight}">{escape(words)}</text>'
        )

    def line(self, ends: tuple[float, float, float, float], stroke: str = RULE, width: float = 1, dash: str = "") -> None:
        """Draw a line from (x, y) to (x, y)."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        x1, y1, x2, y2 = ends
        self.parts.append(
            f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{stroke}" stroke-width="{width}"{dashed}/>'
        )

    def bar(self, x1: float, x2: float, y: float, height: float, fill: str, stroke: str = "none") -> None:
        """Draw a bar between two abscissas, whichever is first."""
        self.parts.append(
            f'<rect x="{min(x1, x2):.1f}" y="{y:.1f}" width="{abs(x2 - x1):.1f}" height="{height:.1f}" fill="{fill}" '
            f'stroke="{stroke}"/>'
        )

    def dot(self, x: float, y: float, radius: float, fill: str, stroke: str = "none", dash: str = "") -> None:
        """Draw a dot, filled or ringed."""
        dashed = f' stroke-dasharray="{dash}"' if dash else ""
        self.parts.append(
            f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius}" fill="{fill}" stroke="{stroke}" stroke-width="1.6"{dashed}/>'
        )

    def shape(self, path: str, fill: str = "none", stroke: str = "none", width: float = 0, opacity: float = 1) -> None:
        """Draw a path."""
        self.parts.append(
            f'<path d="{path}" fill="{fill}" stroke="{stroke}" stroke-width="{width}" '
            f'stroke-linejoin="round" opacity="{opacity}"/>'
        )

    def done(self, note: str, source: str) -> str:
        """Close the frame: what the interval holds and where it comes from travel with the picture."""
        self.y += 10
        self.line((0, self.y, self.width, self.y))
        self.y += 18
        for line in wrapped(fine(f"{note} {source}", self.t.lang), self.width, SMALLEST):
            self.text(0, self.y, line, SMALLEST, MUTED)
            self.y += 16
        height = self.y - 6
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {height:.0f}" width="{self.width}" '
            f'height="{height:.0f}" role="img" aria-label="{escape(self.alt)}" font-family="{FONT}" '
            f'font-variant-numeric="lining-nums"><rect width="100%" height="100%" fill="#fff"/>{"".join(self.parts)}</svg>'
        )


def both(draw: Callable[[int], str], wide: int) -> str:
    """Draw a picture at two widths; the style sheet shows one."""
    return f'<div class="chart"><div class="wide">{draw(wide)}</div><div class="narrow">{draw(NARROW)}</div></div>'


def joined(points: Sequence[tuple[float, float]]) -> str:
    """Path through points."""
    return "M" + " L".join(f"{x:.1f},{y:.1f}" for x, y in points)
