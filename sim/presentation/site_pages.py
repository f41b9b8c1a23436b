"""Pages of the site beside the questions: how the figures are made, known limits by weight, what to read."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from sim.presentation.calibration_summary import named
from sim.presentation.question.finding import settled
from sim.presentation.question.svg import fine
from sim.scenario.describe import figure

if TYPE_CHECKING:
    from sim.library.read import Reference
    from sim.presentation.texts import Texts

HOW = ("compare", "race", "year", "rule", "tests", "round", "cost")
"""Parts of the method, in order."""
LIMITS = range(1, 9)
"""Known limits, the heaviest first."""
READERS = ("cpip", "press", "analyst", "modeller", "contributor")
HEADLINE = "dry_2024"
_MOST, _DIGITS = 8, 3


def method_body(t: Texts, reference: Reference) -> str:
    """How the figures are made, and how to make them again."""
    manifest = reference.manifest
    made = t("page.made", n=manifest["replications"], draws=manifest["draws"], share=t.percent(float(manifest["fraction"])))
    told = "".join(f"<p>{escape(t(f'site.method.{n}'))}</p>" for n in (1, 2, 3))
    year = settled(reference.figures)
    parts = "".join(
        f'<section id="{part}"><h2>{escape(t(f"site.how.{part}.head"))}</h2>'
        f"<p>{escape(t(f'site.how.{part}.text', year=year) if part == 'year' else t(f'site.how.{part}.text'))}</p></section>"
        for part in HOW
    )
    again = t("site.method.again", version=manifest["version"], seed=manifest["seed"], made=made)
    body = (
        f'<div class="wrap"><section class="top"><h1>{escape(t("site.method"))}</h1>{told}</section>{parts}'
        f'<section class="last"><p class="note">{escape(again)} <code>sortie reference</code> '
        f"<code>sortie site --to site</code></p></section></div>"
    )
    return fine(body, t.lang)


def weights(reference: Reference) -> list[tuple[str, tuple[float, float], tuple[float, float]]]:
    """Assumptions that move the share of dry releases most, one at a time: path, ends of the range, share at each end."""
    found = reference.validation
    rows = [] if found is None else found["tornado"].get(HEADLINE, [])
    ranked = sorted(rows, key=lambda row: -abs(row["outputs"][1] - row["outputs"][0]))
    return [(row["path"], tuple(row["levels"]), tuple(row["outputs"])) for row in ranked[:_MOST]]


def limits_body(t: Texts, reference: Reference) -> str:
    """Known limits from the heaviest to the lightest, and what each assumption alone would do."""
    told = "".join(
        f'<li id="limit{n}"><h2>{escape(t(f"site.limits.{n}.head"))}</h2><p>{escape(t(f"site.limits.{n}.text"))}</p></li>'
        for n in LIMITS
    )
    heads = "".join(
        f'<th scope="col">{escape(t(f"site.limits.weigh.{word}"))}</th>' for word in ("what", "range", "low", "high")
    )
    rows = "".join(
        f'<tr><th scope="row">{escape(named(t, reference.validation or {}, path))}</th>'
        f"<td>{escape(' – '.join(figure(level, t.lang, _DIGITS) for level in levels))}</td>"
        f"<td>{escape(t.percent(shares[0]))}</td><td>{escape(t.percent(shares[1]))}</td></tr>"
        for path, levels, shares in weights(reference)
    )
    table = (
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="weigh"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
    weigh = (
        f'<section class="last" id="weights"><h2 id="weigh">{escape(t("site.limits.weigh.head"))}</h2>{table}</section>'
        if rows
        else ""
    )
    body = (
        f'<div class="wrap"><section class="top"><h1>{escape(t("site.limits.head"))}</h1><p>{escape(t("site.limits.lead"))}</p>'
        f"<ol>{told}</ol></section>{weigh}</div>"
    )
    return fine(body, t.lang)


def reading_body(t: Texts) -> str:
    """What to read, by who you are."""
    parts = "".join(
        f'<section id="{reader}"><h2>{escape(t(f"site.reading.{reader}.head"))}</h2>'
        f"<p>{escape(t(f'site.reading.{reader}.text'))}</p></section>"
        for reader in READERS
    )
    body = (
        f'<div class="wrap"><section class="top"><h1>{escape(t("site.reading.head"))}</h1>'
        f'<p>{escape(t("site.reading.lead"))}</p></section>{parts}<section class="last"></section></div>'
    )
    return fine(body, t.lang)
