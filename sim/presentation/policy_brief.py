"""The one-page note: question, differences with intervals, hypotheses, limits, how to make it again. HTML that prints on A4."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any

import pandas as pd

from sim.presentation import charts
from sim.presentation.formatting import difference_table, svg, what_the_interval_holds
from sim.presentation.headlines import CARDS, TABLE
from sim.presentation.key_assumptions import key_assumptions
from sim.presentation.outside import outside_told

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.library.read import Figures
    from sim.presentation.texts import Texts

_STYLE = """
@page { size: A4; margin: 11mm 13mm; }
body { font: 8.5pt/1.25 "DejaVu Sans", Arial, sans-serif; color: #1A1F24; max-width: 184mm; margin: 8mm auto; }
h1 { font-size: 13pt; margin: 0 0 1.2mm; } h2 { font-size: 10pt; margin: 2mm 0 .5mm; }
p, ul { margin: 0 0 1mm; } ul { padding-left: 4mm; font-size: 8pt; line-height: 1.2; } small { font-size: 8pt; }
table { border-collapse: collapse; width: 100%; font-size: 8pt; line-height: 1.2; } th, td { text-align: left;
padding: .5mm 1mm; border-bottom: .3mm solid #D5DADF; vertical-align: top; } th { border-bottom-color: #1A1F24; }
svg { display: block; max-width: 100%; height: auto; }
.foot { font-size: 8pt; color: #37414A; margin-top: 1.5mm; }
code { font-size: 8pt; overflow-wrap: anywhere; }
@media print { body { margin: 0; } }
"""
"""No text below 8 points: what is too long for the page is said in fewer words, never smaller."""
_CHART = (690, 40, 36)
"""Width of the chart, its height without policies and for each, in pixels of 1/96 inch: as it is printed, so that its text is
as large as it says."""


def note_html(t: Texts, figures: Figures, policies: Sequence[str], manifest: Mapping[str, Any]) -> str:
    """Return the note as one HTML page that fetches nothing."""
    titles = [t.title(figures.titles[name]) for name in policies]
    table = difference_table(t, figures, policies, TABLE if len(policies) == 1 else (*CARDS, TABLE[2]))
    rows = []
    for name in policies:
        figure = figures.get(name, "dry_rate_exits")
        if figure is not None:
            rows.append(
                {
                    "name": t.title(figures.titles[name]),
                    "difference": 100 * figure.difference,
                    "low": 100 * figure.difference_low,
                    "high": 100 * figure.difference_high,
                    "label": t.change(figure.difference, "share"),
                }
            )
    drawn = _drawn(t, rows) if rows else ""
    limits = "".join(f"<li>{html.escape(t(f'overview.limit{n}'))}</li>" for n in (1, 2, 3))
    said = html.escape(outside_told(t, policies, manifest))
    outside = f'<p class="foot">{said}</p>' if said else ""
    leans = "".join(f"<li>{html.escape(line)}</li>" for line in key_assumptions(t, _families(policies, manifest)))
    made = t(
        "note.made",
        n=manifest["replications"],
        share=t.percent(float(manifest["fraction"])),
        seed=manifest["seed"],
        version=manifest["version"],
    )
    if "period" in manifest:
        made = f"{t('note.period', period=manifest['period'])} {made}"
    identity = "" if "run_id" not in manifest else t("note.run", run=manifest["run_id"])
    command = manifest.get("command") or f"sortie compare {figures.base} {policies[0]}"
    return (
        f'<!doctype html><html lang="{t.lang}"><head><meta charset="utf-8"><title>{html.escape(t("note.title"))}</title>'
        f"<style>{_STYLE}</style></head><body><h1>{html.escape(t('note.title'))}</h1>"
        f"<p><strong>{html.escape(' · '.join(titles))}</strong></p>{_questions(t, policies, manifest)}{outside}"
        f"<h2>{html.escape(t('note.figures'))}</h2>{_table(table)}"
        f"<p>{html.escape(what_the_interval_holds(t, figures, policies[0]))}</p>"
        f"<h2>{html.escape(t('note.chart'))}</h2>{drawn}"
        f"<h2>{html.escape(t('note.leans'))}</h2><ul>{leans}</ul>"
        f"<h2>{html.escape(t('overview.limits'))}</h2><ul>{limits}</ul>"
        f'<p class="foot">{html.escape(made)} {html.escape(identity)} {html.escape(t("note.again"))} '
        f"<code>{html.escape(command)}</code></p></body></html>"
    )


def _drawn(t: Texts, rows: Sequence[Mapping[str, object]]) -> str:
    width, frame, each = _CHART
    return svg(t, charts.intervals(t, pd.DataFrame(rows), t("note.axis")), (width, frame + each * len(rows)))


def _families(policies: Sequence[str], manifest: Mapping[str, Any]) -> list[str]:
    """Families of the policies; a run that somebody has just made is of none in particular."""
    known = {row["name"]: row["family"] for row in manifest.get("scenarios", ())}
    return list(dict.fromkeys(known.get(name, "other") for name in policies))


def _questions(t: Texts, policies: Sequence[str], manifest: Mapping[str, Any]) -> str:
    """Question of each policy, who asked it and where; nothing for a run that somebody has just made."""
    lines = []
    for row in manifest.get("scenarios", ()):
        if row["name"] not in policies or not row["question"]:
            continue
        asked = "" if not row["asked_by"] else f" {t('note.asked', who=t.title(row['asked_by']))}"
        source = "" if not row["source"] else f" {t('note.source', source=row['source']['title'])}"
        lines.append(f"<p>{html.escape(t.title(row['question']))}<small>{html.escape(asked + source)}</small></p>")
    return "".join(lines)


def _table(frame: pd.DataFrame) -> str:
    head = "".join(f'<th scope="col">{html.escape(str(name))}</th>' for name in frame.columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{html.escape(str(value))}</td>" for value in row) + "</tr>" for row in frame.to_numpy().tolist()
    )
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
