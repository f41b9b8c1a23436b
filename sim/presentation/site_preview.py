"""The picture that others show of a link: question, answer and first number, as an image of 1200 by 630."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.presentation.question.svg import INK, LESS, MORE, MUTED, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.presentation.question.finding import Number

_WIDTH, _HEIGHT, _MARGIN = 1200, 630, 70
_FONT = "'Liberation Sans', Arial, sans-serif"
"""Wider than that of the pages, and everywhere: lines are broken for it."""
_TONES = {"less": LESS, "more": MORE, "unsure": MUTED}


def preview_svg(question: str, verdict: str, numbers: Sequence[Number], foot: str) -> str:
    """Draw the preview as text."""
    parts: list[str] = []

    def write(text: str, size: int, y: float, fill: str, weight: int = 400) -> float:
        for line in wrapped(text, _WIDTH - 2 * _MARGIN, 1.12 * size, bold=weight > 400):
            parts.append(
                f'<text x="{_MARGIN}" y="{y:.0f}" font-size="{size}" fill="{fill}" font-weight="{weight}">{escape(line)}</text>'
            )
            y += 1.22 * size
        return y

    y = write(question, 38, 100, MUTED) + 34
    y = write(verdict, 56, y, INK, 700) + 26
    for number in numbers:
        y = write(f"{number.text} {number.what} ({number.interval})", 36, y, _TONES[number.tone], 700)
    write(foot, 22, _HEIGHT - 46, MUTED)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" width="{_WIDTH}" height="{_HEIGHT}" '
        f'font-family="{_FONT}"><rect width="100%" height="100%" fill="#fff"/>'
        f'<rect width="16" height="100%" fill="{INK}"/>{"".join(parts)}</svg>'
    )


def preview(question: str, verdict: str, numbers: Sequence[Number], foot: str) -> bytes:
    """Return the preview as a PNG image."""
    import vl_convert  # noqa: PLC0415 (30 MB of a browser's engine)

    drawn: bytes = vl_convert.svg_to_png(preview_svg(question, verdict, numbers, foot), scale=1)
    return drawn
