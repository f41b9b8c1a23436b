"""Differences in words and tables, charts as images: what a page of the explorer, a note and a report have in common.

Nothing here needs Streamlit, so the command line and the notebooks write the same words.
"""

from __future__ import annotations

from math import isnan
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

    from sim.library.read import Figure, Figures
    from sim.presentation.headlines import Outcome
    from sim.presentation.texts import Texts

ARROWS = {"lower": "↓", "higher": "↑", "unclear": "→", "nothing": "=", "unknown": "?"}


def interval_text(t: Texts, figure: Figure, kind: str) -> str:
    """Interval of a difference, in words: ``de −40 à −12``."""
    low, high = t.bare_change(figure.difference_low, kind), t.bare_change(figure.difference_high, kind)
    return t("interval.difference", low=low, high=high)


def below_zero_text(t: Texts, figure: Figure) -> str:
    """Chance that a difference of reconviction is below zero, without which none is told."""
    return t("reconviction.chance", share="–" if isnan(figure.below_zero) else t.percent(figure.below_zero))


def verdict_text(t: Texts, figure: Figure) -> str:
    """What can be said of a difference, in words."""
    return f"{ARROWS[figure.verdict]} {t('verdict.' + figure.verdict)}"


def difference_table(t: Texts, figures: Figures, policies: Sequence[str], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """Table of differences in words, one line for each outcome: what people read and download."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame(
        [
            difference_line(t, figures, policies, t(f"outcome.{outcome.key}"), outcome)
            for outcome in outcomes
            if figures.get(figures.base, outcome.indicator, outcome.group) is not None
        ]
    )


class Line(dict[str, str]):
    """One line of a table in words, with the same in numbers: one row a scenario, one value a cell."""

    def __init__(self, words: Mapping[str, str], *numbers: Mapping[str, object]) -> None:
        super().__init__(words)
        self.numbers = [dict(row) for row in numbers]


def in_numbers(lines: Sequence[Line]) -> pd.DataFrame:
    """Return the lines of a table in numbers: what a file holds, one value a cell."""
    import pandas as pd  # noqa: PLC0415

    return pd.DataFrame([row for line in lines for row in line.numbers])


def difference_line(t: Texts, figures: Figures, policies: Sequence[str], label: str, outcome: Outcome) -> Line:
    """One line of such a table, under another name."""
    base = figures.get(figures.base, outcome.indicator, outcome.group)
    line = Line({t("table.outcome"): label, t("table.base"): "–" if base is None else t.level(base.mean, outcome.kind)})
    line.numbers += [
        {"outcome": label, "scenario": t.title(figures.titles[name]), **numbers_of(figures, name, outcome)}
        for name in dict.fromkeys((figures.base, *policies))
    ]
    for name in policies:
        figure = figures.get(name, outcome.indicator, outcome.group)
        title = t.title(figures.titles[name])
        if figure is None:
            line[title] = "–"
        else:
            change = t.change(figure.difference, outcome.kind)
            line[title] = f"{change} ({interval_text(t, figure, outcome.kind)}) · {verdict_text(t, figure)}"
    return line


_NUMBERS = ("mean", "low", "high", "difference", "difference_low", "difference_high", "n")


def numbers_of(figures: Figures, name: str, outcome: Outcome) -> dict[str, object]:
    """Mean, interval and difference of one figure of a scenario, as numbers; empty where there is none."""
    figure = figures.get(name, outcome.indicator, outcome.group)
    plain = {} if figure is None else figure._asdict()
    return {"unit": outcome.kind, **{key: plain.get(key, float("nan")) for key in _NUMBERS}}


def dot(name: str, figure: Figure, label: str, factor: float) -> dict[str, object]:
    """One row of a chart of differences (:func:`sim.presentation.charts.intervals`)."""
    return {
        "name": name,
        "difference": figure.difference * factor,
        "low": figure.difference_low * factor,
        "high": figure.difference_high * factor,
        "label": label,
    }


def dots(t: Texts, figures: Figures, names: Sequence[str], outcomes: Sequence[tuple[str, Outcome]]) -> pd.DataFrame:
    """Rows of a chart of levels (:func:`sim.presentation.charts.grouped`): each outcome under its label, for each scenario."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for label, outcome in outcomes:
        for name in names:
            figure = figures.get(name, outcome.indicator, outcome.group)
            if figure is not None:
                rows.append(
                    {
                        "what": label,
                        "who": t.title(figures.titles[name]),
                        "value": figure.mean,
                        "low": figure.low,
                        "high": figure.high,
                        "label": t.level(figure.mean, outcome.kind),
                    }
                )
    return pd.DataFrame(rows)


def numbers_table(t: Texts, figures: Figures, names: Sequence[str], outcomes: Sequence[Outcome]) -> pd.DataFrame:
    """The same in numbers, for other programs."""
    import pandas as pd  # noqa: PLC0415

    rows = []
    for name in names:
        for outcome in outcomes:
            figure = figures.get(name, outcome.indicator, outcome.group)
            if figure is not None:
                what = {"outcome": t(f"outcome.{outcome.key}"), "indicator": outcome.indicator, "group": outcome.group}
                rows.append({"scenario": name, **what, **figure._asdict()})
    return pd.DataFrame(rows)


def svg(t: Texts, chart: Any, size: tuple[int, int] | None = None) -> str:
    """Return a chart as the text of an SVG image; ``size``: width and height of the whole image, labels included, in pixels."""
    import vl_convert  # noqa: PLC0415 (30 MB of a browser's engine: only exports need it)

    plain = _sized(chart)
    if size is not None:
        plain["width"], plain["height"] = size
        plain["autosize"] = {"type": "fit", "contains": "padding"}
        plain["padding"] |= {"left": 60, "right": 60}  # a number stands to the right of the last dot
        axis = plain.setdefault("config", {}).setdefault("axis", {})
        axis |= {"labelFontSize": 11, "titleFontSize": 11}
    drawn: str = vl_convert.vegalite_to_svg(plain, **_locales(t))
    return drawn


def png(t: Texts, chart: Any, scale: float = 2.0) -> bytes:
    """Return a chart as a PNG image."""
    import vl_convert  # noqa: PLC0415

    drawn: bytes = vl_convert.vegalite_to_png(_sized(chart), scale=scale, **_locales(t))
    return drawn


def _sized(chart: Any) -> dict[str, Any]:
    plain: dict[str, Any] = chart.to_dict()
    plain["width"] = 760
    plain["background"] = "white"
    # Names are measured in one font and read in another, which may be wider.
    plain["padding"] = {"left": 28, "right": 12, "top": 5, "bottom": 5}
    plain.setdefault("config", {}).pop("locale", None)
    return plain


def _locales(t: Texts) -> Mapping[str, Any]:
    from sim.presentation.texts import VEGA_FR  # noqa: PLC0415

    return {"format_locale": VEGA_FR["number"], "time_format_locale": VEGA_FR["time"]} if t.lang == "fr" else {}


def what_the_interval_holds(t: Texts, figures: Figures, name: str) -> str:
    """Say what the intervals of differences hold, and what they leave out."""
    figure = figures.get(name, "dry_rate_exits")
    if figure is None:
        return t("holds.chance", n=0)
    return t("holds.both" if figure.holds == "both" else "holds.chance", n=figure.n)
