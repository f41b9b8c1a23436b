"""Charts: observed past and fan, intervals of differences, waterfall of causes, bars of routes, map, curve of a sweep."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any, Literal

import altair as alt
import pandas as pd

from sim.presentation.texts import VEGA_FR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from sim.presentation.texts import Texts

INK, GREY = "#1A1F24", "#5B6670"
COLOURS = ("#0072B2", "#D55E00", "#00795A", "#8A4F7D")
"""Base, then up to three policies: told apart by dashes and labels as well."""
DASHES = ([1, 0], [7, 3], [2, 2], [9, 3, 2, 3])
ROUTE_COLOURS = {"dry": "#D55E00", "LC": "#8A4F7D", "DDSE": "#0072B2", "SL": "#00795A", "PE": "#B8860B"}


def finished(chart: Any, t: Texts) -> Any:
    """Give a chart the numbers and dates of the language, and a legible axis."""
    chart = chart.configure_axis(labelFontSize=13, titleFontSize=13, labelColor=INK, titleColor=GREY, gridColor="#E6E9EC")
    chart = chart.configure_view(strokeWidth=0).configure_legend(labelFontSize=13, titleFontSize=13, labelLimit=420)
    return chart.configure(locale=VEGA_FR) if t.lang == "fr" else chart


def fan(
    t: Texts,
    past: pd.DataFrame,
    capacity: pd.DataFrame,
    series: Sequence[tuple[str, pd.DataFrame]],
    measured_from: pd.Timestamp,
) -> Any:
    """Observed past as a dark line, the model as median with bands of 50 and 90 %, places as a dashed line.

    ``series`` holds ``(name, months)``; the bands are drawn for the first one only, whose spread is the base's.
    """
    x = alt.X("day:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelAngle=0))
    y = alt.Y("value:Q", title=None, scale=alt.Scale(domain=[0, _ceiling(past, series)]), axis=alt.Axis(format=",.0f"))
    base = series[0][1]
    layers = [
        alt.Chart(base).mark_area(opacity=0.16, color=COLOURS[0]).encode(x=x, y=alt.Y("low:Q", title=None), y2="high:Q"),
        alt.Chart(base).mark_area(opacity=0.28, color=COLOURS[0]).encode(x=x, y=alt.Y("q25:Q", title=None), y2="q75:Q"),
    ]
    for position, (name, months) in enumerate(series):
        lines = months.assign(value=months["median"], who=name)
        tooltip = [
            alt.Tooltip("who:N", title=" "), alt.Tooltip("day:T", title=t("chart.month"), format="%B %Y"),
            alt.Tooltip("value:Q", title=t("chart.median"), format=",.0f"), alt.Tooltip("low:Q", title="5 %", format=",.0f"),
            alt.Tooltip("high:Q", title="95 %", format=",.0f"),
        ]  # fmt: skip
        layers.append(
            alt.Chart(lines)
            .mark_line(strokeWidth=2.5, strokeDash=DASHES[position], color=COLOURS[position])
            .encode(x=x, y=y, tooltip=tooltip)
        )
        above = lines["value"].iloc[-1] == max(float(other["median"].iloc[-1]) for _, other in series)
        layers.append(_label(lines.tail(1), name, COLOURS[position], dy=-10 if above else 14))
    if len(past):
        seen = past.assign(who=t("chart.observed"))
        tooltip = [
            alt.Tooltip("who:N", title=" "), alt.Tooltip("day:T", title=t("chart.month"), format="%d %B %Y"),
            alt.Tooltip("value:Q", title=" ", format=",.0f"), alt.Tooltip("source:N", title=t("chart.source")),
        ]  # fmt: skip
        layers.append(
            alt.Chart(seen)
            .mark_line(color=INK, strokeWidth=2, point={"size": 14, "color": INK})
            .encode(x=x, y=y, tooltip=tooltip)
        )
        layers.append(_label(seen.iloc[[0]], t("chart.observed"), INK, dy=-14, align="left"))
    if len(capacity):
        layers.append(alt.Chart(capacity).mark_line(color=GREY, strokeDash=[5, 4], strokeWidth=2).encode(x=x, y=y))
        layers.append(_label(capacity.tail(1), t("chart.places"), GREY, dy=16))
    rule = pd.DataFrame({"day": [measured_from]})
    layers.append(alt.Chart(rule).mark_rule(color=GREY, strokeWidth=1).encode(x="day:T"))
    note = alt.Chart(rule).mark_text(text=t("chart.today"), align="left", dx=4, color=GREY, fontSize=12, baseline="bottom")
    layers.append(note.encode(x="day:T", y=alt.value(284)))
    return finished(alt.layer(*layers).properties(height=340), t)


def _ceiling(past: pd.DataFrame, series: Sequence[tuple[str, pd.DataFrame]]) -> float:
    """Top of the axis: room above the highest curve for its label."""
    tops = [float(months["high"].max()) for _, months in series] + ([float(past["value"].max())] if len(past) else [])
    return 1.12 * max(tops)


def _label(row: pd.DataFrame, text: str, colour: str, *, dy: int, align: Literal["left", "center", "right"] = "right") -> Any:
    mark = alt.Chart(row).mark_text(text=text, align=align, dy=dy, color=colour, fontSize=13, fontWeight="bold")
    return mark.encode(x="day:T", y=alt.Y("value:Q", title=None))


def intervals(t: Texts, rows: pd.DataFrame, unit: str) -> Any:
    """Differences as dots with their 90 % interval against 0: columns ``name, difference, low, high, label``."""
    order = rows["name"].tolist()
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=330, labelFontSize=13, ticks=False, domain=False))
    base = alt.Chart(rows)
    reach = base.mark_rule(strokeWidth=3, color=COLOURS[0]).encode(
        x=alt.X("low:Q", title=unit, axis=alt.Axis(tickCount=6)), x2="high:Q", y=y
    )
    dots = base.mark_point(filled=True, size=95, color=COLOURS[0]).encode(x="difference:Q", y=y, tooltip=["name", "label"])
    words = base.mark_text(align="left", dy=-13, fontSize=12, color=INK).encode(x="difference:Q", y=y, text="label:N")
    zero = alt.Chart(pd.DataFrame({"x": [0]})).mark_rule(color=INK, strokeDash=[3, 3]).encode(x="x:Q")
    return finished(alt.layer(zero, reach, dots, words).properties(height=64 + 56 * len(rows)), t)


def waterfall(t: Texts, rows: pd.DataFrame) -> Any:
    """From the base's dry releases to the policy's, cause by cause: columns ``name, begin, end, sort, label``."""
    order = rows["name"].tolist()
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=300, labelFontSize=13, ticks=False, domain=False))
    ends = pd.concat([rows["begin"], rows["end"]])
    steps = pd.concat([rows.loc[rows["sort"] != "total", "begin"], rows.loc[rows["sort"] != "total", "end"]])
    room = max(float(steps.max() - steps.min()), 1.0) if len(steps) else 1.0
    low = max(0.0, float(ends[ends > 0].min()) - 0.35 * room)
    colours = alt.Scale(domain=["total", "less", "more"], range=[GREY, COLOURS[0], COLOURS[1]])
    shown = rows.assign(begin=rows["begin"].clip(lower=low))
    scale = alt.Scale(domain=[low, float(ends.max()) + 0.3 * room], nice=False, zero=False)
    base = alt.Chart(shown)
    bars = base.mark_bar(height=17).encode(
        x=alt.X("begin:Q", title=t("chart.dry_a_year"), scale=scale, axis=alt.Axis(format=",.0f", tickCount=5)),
        x2="end:Q",
        y=y,
        color=alt.Color("sort:N", scale=colours, legend=None),
        tooltip=["name", "label"],
    )
    words = base.transform_calculate(right="max(datum.begin, datum.end)").mark_text(align="left", dx=5, fontSize=12, color=INK)
    return finished(alt.layer(bars, words.encode(x="right:Q", y=y, text="label:N")).properties(height=25 * len(rows) + 56), t)


def shares(t: Texts, rows: pd.DataFrame, order: Sequence[str], domain: Sequence[str], colours: Sequence[str]) -> Any:
    """Bars of 100 %: columns ``who, part, share, label``; ``domain`` names the parts in order."""
    ranked = rows.assign(rank=rows["part"].map({part: position for position, part in enumerate(domain)}))
    y = alt.Y("who:N", sort=list(order), title=None, axis=alt.Axis(labelLimit=260, labelFontSize=13, ticks=False, domain=False))
    x = alt.X("share:Q", stack="normalize", title=None, axis=alt.Axis(format=".0%"))
    bars = alt.Chart(ranked).mark_bar(height=34, stroke="white", strokeWidth=1)
    bars = bars.encode(
        x=x,
        y=y,
        order="rank:Q",
        color=alt.Color(
            "part:N",
            scale=alt.Scale(domain=list(domain), range=list(colours)),
            sort=list(domain),
            legend=alt.Legend(title=None, orient="top", columns=2, labelLimit=420),
        ),
        tooltip=["who", "part", "label"],
    )
    words = alt.Chart(ranked[ranked["share"] >= 0.05]).mark_text(color="white", fontSize=12, fontWeight="bold")
    middle = alt.X("share:Q", stack="normalize", bandPosition=0.5)
    text = words.encode(x=middle, y=y, order="rank:Q", detail="part:N", text="label:N")
    return finished(alt.layer(bars, text).properties(height=52 * len(order) + 120), t)


def bars(t: Texts, rows: pd.DataFrame, title: str, *, number: str = ",.0f") -> Any:
    """Horizontal bars: columns ``name, value, label``."""
    order = rows["name"].tolist()
    y = alt.Y("name:N", sort=order, title=None, axis=alt.Axis(labelLimit=330, labelFontSize=13, ticks=False, domain=False))
    base = alt.Chart(rows)
    drawn = base.mark_bar(height=18, color=COLOURS[0]).encode(
        x=alt.X("value:Q", title=title, axis=alt.Axis(format=number)), y=y, tooltip=["name", "label"]
    )
    words = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x="value:Q", y=y, text="label:N")
    return finished(alt.layer(drawn, words).properties(height=30 * len(rows) + 30), t)


def tornado(t: Texts, rows: pd.DataFrame, title: str, *, number: str) -> Any:
    """Reach of an output over the range of each value, around what it is now: columns ``name, low, high, now, label``."""
    # Names of values are sentences: cut into lines, or the axis would clip them.
    rows = rows.assign(name=["\n".join(textwrap.wrap(name, 42)) for name in rows["name"]])
    order = rows["name"].tolist()
    axis = alt.Axis(labelExpr="split(datum.label, '\\n')", labelLimit=330, labelFontSize=12, ticks=False, domain=False)
    y = alt.Y("name:N", sort=order, title=None, axis=axis)
    x = alt.X("low:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(format=number, tickCount=6))
    base = alt.Chart(rows)
    reach = base.mark_bar(height=16, color=COLOURS[0]).encode(x=x, x2="high:Q", y=y, tooltip=["name", "label"])
    words = base.mark_text(align="left", dx=5, fontSize=12, color=INK).encode(x="high:Q", y=y, text="label:N")
    now = base.mark_rule(color=INK, strokeDash=[3, 3]).encode(x="now:Q")
    return finished(alt.layer(reach, now, words).properties(height=38 * len(rows) + 40), t)


def grouped(t: Texts, rows: pd.DataFrame, title: str, mark: float | None, mark_text: str, *, number: str = ",.0f") -> Any:
    """Dots with intervals, scenario by scenario, with a labelled mark: columns ``what, who, value, low, high, label``."""
    whats, whos = list(dict.fromkeys(rows["what"])), list(dict.fromkeys(rows["who"]))
    y = alt.Y("what:N", sort=whats, title=None, axis=alt.Axis(labelLimit=260, labelFontSize=13))
    offset = alt.YOffset("who:N", sort=whos)
    colour = alt.Color(
        "who:N",
        sort=whos,
        scale=alt.Scale(domain=whos, range=list(COLOURS)),
        legend=alt.Legend(title=None, orient="top", columns=1, labelLimit=420),
    )
    shape = alt.Shape("who:N", sort=whos, scale=alt.Scale(domain=whos), legend=None)
    base = alt.Chart(rows)
    x = alt.X("value:Q", title=title, scale=alt.Scale(zero=True), axis=alt.Axis(format=number))
    layers = [
        base.mark_rule(strokeWidth=3).encode(x=alt.X("low:Q", title=title), x2="high:Q", y=y, yOffset=offset, color=colour),
        base.mark_point(filled=True, size=90).encode(
            x=x, y=y, yOffset=offset, color=colour, shape=shape, tooltip=["what", "who", "label"]
        ),
        base.mark_text(align="left", dx=9, fontSize=12, color=INK).encode(x="high:Q", y=y, yOffset=offset, text="label:N"),
    ]
    if mark is not None:
        line = alt.Chart(pd.DataFrame({"x": [mark]}))
        layers.append(line.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.5).encode(x="x:Q"))
        note = line.mark_text(text=mark_text, align="left", dx=4, dy=-6, fontSize=12, color=INK)
        layers.append(note.encode(x="x:Q", y=alt.value(6)))
    return finished(alt.layer(*layers).properties(height=(24 * len(whos) + 18) * len(whats) + 110 + 22 * len(whos)), t)


def over_time(t: Texts, rows: pd.DataFrame, title: str, *, number: str = ",.0f") -> Any:
    """Lines over time with their band, scenario by scenario: columns ``period`` (dates), ``who, value, low, high, label``."""
    whos = list(dict.fromkeys(rows["who"]))
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=420)
    # Past the colours told apart by eye, Altair's own.
    scale = alt.Scale(domain=whos, range=list(COLOURS)) if len(whos) <= len(COLOURS) else alt.Scale(domain=whos)
    colour = alt.Color("who:N", sort=whos, scale=scale, legend=legend)
    x = alt.X("period:T", title=None, axis=alt.Axis(format="%Y", tickCount="year", labelAngle=0))
    base = alt.Chart(rows)
    layers = [
        base.mark_area(opacity=0.16).encode(x=x, y=alt.Y("low:Q", title=title), y2="high:Q", color=colour),
        base.mark_line(strokeWidth=2.5).encode(
            x=x,
            y=alt.Y("value:Q", title=title, scale=alt.Scale(zero=False), axis=alt.Axis(format=number)),
            color=colour,
            tooltip=["who", alt.Tooltip("period:T", title=" ", format="%d %B %Y"), "label"],
        ),
    ]
    return finished(alt.layer(*layers).properties(height=340), t)


def cumulative(
    t: Texts, rows: pd.DataFrame, title: str, mark: float | None, mark_text: str, *, height: int, names: bool = True
) -> Any:
    """Shares that grow with time, scenario by scenario, with a labelled mark: columns ``x, y, who, label``."""
    whos = list(dict.fromkeys(rows["who"]))
    legend = alt.Legend(title=None, orient="top", columns=1, labelLimit=420) if names else None
    colour = alt.Color("who:N", sort=whos, scale=alt.Scale(domain=whos, range=list(COLOURS)), legend=legend)
    dash = alt.StrokeDash("who:N", sort=whos, scale=alt.Scale(domain=whos, range=list(DASHES)), legend=None)
    x = alt.X("x:Q", title=title, axis=alt.Axis(format=",.0f", values=sorted(set(rows["x"]))))
    y = alt.Y("y:Q", title=None, scale=alt.Scale(domain=[0, 1]), axis=alt.Axis(format=".0%", tickCount=5))
    base = alt.Chart(rows)
    layers = [
        base.mark_line(strokeWidth=2.5).encode(x=x, y=y, color=colour, strokeDash=dash),
        base.mark_point(filled=True, size=45).encode(x=x, y=y, color=colour, tooltip=["who", "label"]),
    ]
    last = rows[(rows["who"] == whos[0]) & (rows["x"] > 0)]
    layers.append(alt.Chart(last).mark_text(dy=-11, fontSize=12, color=INK).encode(x=x, y=y, text="label:N"))
    if mark is not None:
        line = alt.Chart(pd.DataFrame({"x": [mark]}))
        layers.append(line.mark_rule(color=INK, strokeDash=[4, 3], strokeWidth=1.5).encode(x="x:Q"))
        note = line.mark_text(text=mark_text, align="left", dx=5, fontSize=12, color=INK)
        layers.append(note.encode(x="x:Q", y=alt.value(10)))
    return finished(alt.layer(*layers).properties(height=height), t)


def places(t: Texts, rows: pd.DataFrame, legend: str) -> Any:
    """Map of establishments from their coordinates, no background: ``longitude, latitude, density, held, site, label``."""
    colour = alt.Color(
        "density:Q",
        scale=alt.Scale(scheme="viridis", domain=[0.6, 2.2], clamp=True, reverse=True),
        legend=alt.Legend(title=legend, format=".0%", orient="bottom", gradientLength=260),
    )
    size = alt.Size("held:Q", scale=alt.Scale(range=[25, 900]), legend=None)
    chart = alt.Chart(rows).mark_circle(opacity=0.82, stroke="#1A1F24", strokeWidth=0.5)
    chart = chart.encode(longitude="longitude:Q", latitude="latitude:Q", size=size, color=colour, tooltip=["site", "label"])
    return finished(chart.project(type="mercator").properties(height=520), t)


def curve(t: Texts, rows: pd.DataFrame, x_title: str, y_title: str, target: float, answer: tuple[float, float, float] | None,
          *, number: str) -> Any:  # fmt: skip
    """Output against setting with its band, the target, and the answer with its interval."""
    x = alt.X("setting:Q", title=x_title, axis=alt.Axis(format=",.0f"))
    base = alt.Chart(rows)
    layers = [
        base.mark_area(opacity=0.2, color=COLOURS[0]).encode(x=x, y=alt.Y("low:Q", title=y_title), y2="high:Q"),
        base.mark_line(color=COLOURS[0], strokeWidth=2.5, point=True).encode(
            x=x, y=alt.Y("mean:Q", title=y_title, scale=alt.Scale(zero=False), axis=alt.Axis(format=number))
        ),
    ]
    line = alt.Chart(pd.DataFrame({"y": [target]}))
    layers.append(line.mark_rule(color=COLOURS[1], strokeDash=[6, 3], strokeWidth=2).encode(y="y:Q"))
    note = line.mark_text(text=t("chart.target"), align="left", dx=4, dy=-8, color="#A84300", fontSize=13)
    layers.append(note.encode(y="y:Q", x=alt.value(4)))
    if answer is not None:
        low, middle, high = answer
        found = alt.Chart(pd.DataFrame({"low": [low], "x": [middle], "high": [high], "y": [target]}))
        layers.append(found.mark_rule(strokeWidth=7, opacity=0.35, color=INK).encode(x="low:Q", x2="high:Q", y="y:Q"))
        layers.append(found.mark_point(filled=True, size=130, color=INK).encode(x="x:Q", y="y:Q"))
    return finished(alt.layer(*layers).properties(height=340), t)


def lever(t: Texts, rows: pd.DataFrame, x_title: str, y_title: str, *, number: str) -> Any:
    """Output against the setting of a lever, with its band: columns ``setting, mean, low, high``."""
    x = alt.X("setting:Q", title=x_title, axis=alt.Axis(format="+,.0f"))
    y = alt.Y("mean:Q", title=y_title, scale=alt.Scale(zero=False), axis=alt.Axis(format=number))
    base = alt.Chart(rows)
    band = base.mark_area(opacity=0.2, color=COLOURS[0]).encode(x=x, y=alt.Y("low:Q", title=y_title), y2="high:Q")
    line = base.mark_line(color=COLOURS[0], strokeWidth=2.5, point=True).encode(x=x, y=y)
    return finished(alt.layer(band, line).properties(height=300), t)
