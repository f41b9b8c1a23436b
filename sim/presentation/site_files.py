"""Files beside the page of a question: each picture alone, its numbers, and the code that shows it elsewhere."""

from __future__ import annotations

import base64
from functools import cache
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from sim.presentation.question.causes import LANES, causes, hundred, race
from sim.presentation.question.change import change_of
from sim.presentation.question.finding import DRY, MONTH, WAIT, cause_changes, settled, years_of
from sim.presentation.question.over_time import path, queue
from sim.presentation.question.routes_and_cost import cost, costs, routes
from sim.presentation.question.svg import fine

if TYPE_CHECKING:
    from sim.presentation.question.change import Change
    from sim.presentation.question.shown import Shown
    from sim.presentation.texts import Texts

PICTURES = ("causes", "path", "race", "queue", "routes", "cost")
"""Pictures of a question, in the order of its page."""
_WIDTHS = {"causes": 700, "path": 700, "race": 1120, "queue": 770, "routes": 770, "cost": 770}
_ASSETS = Path(__file__).with_name("assets")


class Alone(NamedTuple):
    """One picture that stands alone, with its numbers."""

    name: str
    svg: str
    table: pd.DataFrame


def pictures_of(shown: Shown) -> list[Alone]:
    """Return the pictures of a question that its figures allow."""
    tables = _tables(shown)
    drawn = {name: draw_alone(shown, name) for name in PICTURES}
    return [Alone(name, drawn[name], tables[name]) for name in PICTURES if drawn[name] and not tables[name].empty]


def draw_alone(shown: Shown, name: str) -> str:
    """Draw one picture with the letters it needs inside; nothing where the figures do not have it."""
    t, figures, policy, foot, width = shown.t, shown.figures, shown.policy, shown.foot, _WIDTHS[name]
    period = settled(figures)
    if name == "causes":
        drawn = causes(t, figures, policy, period, width, foot)
    elif name == "path":
        drawn = path(t, figures, policy, width, foot)
    elif name == "race":
        drawn = race(t, figures, policy, period, width, foot)
    elif name == "queue":
        drawn = queue(t, figures, policy, width, foot)
    elif name == "routes":
        drawn = routes(t, shown.routes, width, foot)
    else:
        drawn = cost(t, figures, policy, period, width, foot)
    return drawn.replace("<rect ", f"<style>{letters()}</style><rect ", 1) if drawn else ""


@cache
def letters() -> str:
    """Letters inside a picture: an image of a page sees none of the page's fonts, and others are wider."""
    font = base64.b64encode((_ASSETS / "fonts" / "SortieSansCharts.woff2").read_bytes()).decode()
    source = f"url(data:font/woff2;base64,{font}) format('woff2')"
    return f"@font-face{{font-family:'Sortie Sans';src:{source};font-weight:400 700}}"


def _line(label: str, period: str, unit: str, change: Change) -> dict[str, object]:
    return {
        "what": label, "period": period, "unit": unit, "base": change.base, "policy": change.value,
        "difference": change.difference, "low_90": change.low, "high_90": change.high, "interval_holds": change.holds,
        "sign_holds": change.sure,
    }  # fmt: skip


def _tables(shown: Shown) -> dict[str, pd.DataFrame]:
    """Numbers of each picture, by its name; one value a cell."""
    t, figures, policy = shown.t, shown.figures, shown.policy
    period = settled(figures)
    unit = t("number.dry_releases")
    by_cause = [
        _line(t(f"cause.{cause}"), period, unit, change) for cause, change in cause_changes(figures, policy, period).items()
    ]
    by_year = [
        _line(t("outcome.dry_releases"), year, unit, change)
        for year in years_of(figures)
        if (change := change_of(figures, policy, DRY, year)) is not None
    ]
    total = change_of(figures, policy, DRY, period)
    if total is not None and by_cause:
        by_cause.append(_line(t("outcome.dry_releases"), period, unit, total))
    before, after = hundred(figures, figures.base, period)[0], hundred(figures, policy, period)[0]
    lanes = [t(f"lane.{lane.key}") for lane in LANES] + [t("lane.out")]
    of_hundred = [
        {"what": lane, "period": period, "base": a, "policy": b} for lane, a, b in zip(lanes, before, after, strict=True)
    ]
    flows = [{"base": a, "policy": b, "people_per_year": n} for (a, b), n in sorted(shown.routes.items())]
    measure, displaced, parts = costs(figures, policy, period)
    prices = [("cost_of_means", measure), ("days", displaced), *parts]
    euros = [
        {"what": what, "period": period, "unit": "euros", **price._asdict()} for what, price in prices if price is not None
    ]
    tables = {"causes": by_cause, "path": by_year, "race": of_hundred, "routes": flows, "cost": euros}
    return {**{name: pd.DataFrame(rows) for name, rows in tables.items()}, "queue": _waits(shown)}


def _waits(shown: Shown) -> pd.DataFrame:
    """Mean wait for a judge by year, in months, of both worlds."""
    frames = []
    for scenario in (shown.figures.base, shown.policy):
        years = shown.figures.years(scenario, WAIT.indicator, WAIT.group)
        months = years[["mean", "low", "high"]] / MONTH
        frames.append(months.assign(scenario=scenario, year=years["period"].astype(str), unit="months"))
    return pd.concat(frames)[["scenario", "year", "unit", "mean", "low", "high"]]


def csv_of(t: Texts, table: pd.DataFrame) -> bytes:
    """Write numbers as a reader's spreadsheet opens them: in French semicolons, decimal commas and a mark of UTF-8."""
    if t.lang == "fr":
        return table.to_csv(index=False, sep=";", decimal=",", float_format="%.6g").encode("utf-8-sig")
    return table.to_csv(index=False, float_format="%.6g").encode()


def embed_code(t: Texts, address: str, name: str, policy_title: str) -> str:
    """Code to paste into a page elsewhere."""
    alt = f"{policy_title} – {t(f'site.picture.{name}')}"
    return f'<img src="{escape(address)}" alt="{escape(alt)}" style="max-width:100%;height:auto">'


def files_section(t: Texts, shown: Shown, alone: list[Alone], up: str, address: str) -> str:
    """Return the section of files of a page; ``up`` leads to the root of the site, ``address`` is where it will be served."""
    rows = []
    for each in alone:
        stem = f"{shown.policy}-{each.name}-{t.lang}"
        code = embed_code(t, f"{address}pictures/{stem}.svg", each.name, shown.title)
        rows.append(
            f'<tr><th scope="row">{escape(t(f"site.picture.{each.name}"))}</th>'
            f'<td><a href="{up}data/{stem}.csv">CSV</a></td><td><a href="{up}pictures/{stem}.svg">SVG</a></td>'
            f"<td><details><summary>{escape(t('site.files.embed'))}</summary><code>{escape(code)}</code></details></td></tr>"
        )
    heads = "".join(f'<th scope="col">{escape(t(f"site.files.{word}"))}</th>' for word in ("what", "data", "picture", "embed"))
    whole = f'<p><a href="{up}data/{shown.policy}.csv">{escape(t("site.files.all"))}</a></p>'
    body = (
        f'<div class="wrap"><section class="last" id="files"><h2 id="files-head">{escape(t("site.files.head"))}</h2>'
        f'<p class="note">{escape(t("site.files.lead"))}</p>'
        f'<div class="scroll" tabindex="0" role="region" aria-labelledby="files-head"><table><thead><tr>{heads}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>{whole}</section></div>"
    )
    return fine(body, t.lang)
