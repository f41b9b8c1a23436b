"""Who leaves otherwise, and what it costs: what the measure costs apart from what it displaces, never one sum."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from sim.presentation.question.change import told
from sim.presentation.question.finding import period_text
from sim.presentation.question.svg import INK, LESS, MARK, MORE, MUTED, OUT, SOFT, Frame, wrapped

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.library.read import Figures
    from sim.presentation.texts import Texts

DRY, OUTSIDE = "dry", ("LC", "DDSE", "SL", "PE")
FEWEST = 20
"""People a year below which a passage is not drawn."""
Flows = list[tuple[str, float]]


def passages(changes: Mapping[tuple[str, str], float]) -> tuple[Flows, Flows]:
    """Split people who change route (``(base, policy)`` to people a year) into those who escape and those who fall."""
    away = [(route, changes.get((DRY, route), 0.0)) for route in OUTSIDE]
    into = [(route, changes.get((route, DRY), 0.0)) for route in OUTSIDE]
    kept = ([(route, number) for route, number in side if number >= FEWEST] for side in (away, into))
    first, second = (sorted(side, key=lambda row: -row[1]) for side in kept)
    return first, second


def routes(t: Texts, changes: Mapping[tuple[str, str], float], width: int, source: str) -> str:
    """Two fans: from dry release to each measure, and from each measure to dry release; nothing where nobody changes."""
    away, into = passages(changes)
    if not away and not into:
        return ""
    said = [told(t, sum(number for _, number in side), "people", sign=False) for side in (away, into)]
    alt = "; ".join(
        f"{t('route.' + route)} {told(t, number, 'people', sign=False)}" for side in (away, into) for route, number in side
    )
    frame = Frame(t, width, t("chart.routes.title", away=said[0], into=said[1]), t("chart.routes.subtitle"), alt)
    y = frame.y + 8
    frame.text(0, y + 8, t("chart.routes.without"), 14, MUTED, weight=600)
    frame.text(width, y + 8, t("chart.routes.with"), 14, MUTED, "end", 600)
    scale = 150 / max(sum(number for _, number in away), sum(number for _, number in into), 1)
    y += 26
    for side, tone, escapes in ((away, LESS, True), (into, MORE, False)):
        if side:
            y = _fan(t, frame, side, (y, scale), tone, escapes=escapes) + 30
    frame.y = y - 24
    return frame.done(t("chart.routes.note"), source)


def _fan(t: Texts, frame: Frame, side: Flows, place: tuple[float, float], tone: str, *, escapes: bool) -> float:
    y, scale = place
    node, margin = 12.0, 104.0 if frame.narrow else 178.0
    gap = 22.0
    heights = [max(number * scale, 2.0) for _, number in side]
    whole = sum(heights)
    fan = whole + gap * (len(side) - 1)
    one_y = y + (fan - whole) / 2
    left, right = margin, frame.width - margin - node
    one_x, fan_x = (left, right) if escapes else (right, left)
    frame.bar(one_x, one_x + node, one_y, whole, MARK)
    x, anchor = (one_x - 8, "end") if escapes else (one_x + node + 8, "start")
    pieces = wrapped(t("route.dry"), margin - 20, 15, bold=True)
    for n, piece in enumerate(pieces):
        frame.text(x, one_y + whole / 2 - 4 - (len(pieces) - 1 - n) * 17, piece, 15, INK, anchor, 650)
    frame.text(
        x, one_y + whole / 2 + 16, told(t, sum(number for _, number in side), "people", sign=False), 17, tone, anchor, 700
    )
    top, from_y = y, one_y
    for (route, number), high in zip(side, heights, strict=True):
        frame.bar(fan_x, fan_x + node, top, high, OUT)
        x1, x2, a, b = (one_x + node, fan_x, from_y, top) if escapes else (fan_x + node, one_x, top, from_y)
        middle = (x1 + x2) / 2
        frame.shape(
            f"M{x1},{a:.1f} C{middle},{a:.1f} {middle},{b:.1f} {x2},{b:.1f} L{x2},{b + high:.1f} "
            f"C{middle},{b + high:.1f} {middle},{a + high:.1f} {x1},{a + high:.1f} Z",
            tone,
            opacity=0.3,
        )
        inner, at = (x2 - 10, "end") if escapes else (x1 + 10, "start")
        frame.text(inner, top + high / 2 + 5, told(t, number, "people", sign=False), 15, tone, at, 700)
        outer, to = (fan_x + node + 8, "start") if escapes else (fan_x - 8, "end")
        lines = wrapped(t(f"route.{route}"), margin - 22, 14)
        for n, piece in enumerate(lines):
            frame.text(outer, top + high / 2 + 5 - (len(lines) - 1) * 8 + n * 16, piece, 14, INK, to)
        top += high + gap
        from_y += high
    return y + fan


class Price(NamedTuple):
    """A yearly cost in euros: low, central and high price."""

    low: float
    central: float
    high: float


def price_of(figures: Figures, policy: str, indicator: str, dimension: str, period: str) -> Price | None:
    """Return the change of a cost at its three prices; None where the figures do not have it."""
    met = [figures.get(policy, indicator, f"{dimension},price={price}", period) for price in ("low", "central", "high")]
    if any(figure is None or figure.difference != figure.difference for figure in met):
        return None
    return Price(*(figure.difference for figure in met if figure is not None))


def costs(figures: Figures, policy: str, period: str) -> tuple[Price | None, Price | None, list[tuple[str, Price]]]:
    """Return what the measure costs, what it displaces at mean prices, and the parts of the second by place."""
    measure = price_of(figures, policy, "cost_of_means", "item=all", period)
    displaced = price_of(figures, policy, "cost", "place=places", period)
    parts = []
    for place in ("cell", "DDSE", "SL", "PE", "LC"):
        price = price_of(figures, policy, "cost", f"place={place}", period)
        if price is not None and abs(price.central) >= 1e5:
            parts.append((place, price))
    return measure, displaced, parts


def cost(t: Texts, figures: Figures, policy: str, period: str, width: int, source: str) -> str:
    """Two accounts without a sum; a measure whose cost the figures do not have says so."""
    measure, displaced, parts = costs(figures, policy, period)
    if measure is None and displaced is None:
        return ""
    spoken = {
        "paid": "–" if measure is None else told(t, measure.central, "euros"),
        "moved": "–" if displaced is None else told(t, displaced.central, "euros"),
    }
    title = t("chart.cost.title" if measure is not None else "chart.cost.title_unpaid", **spoken)
    when = period_text(t, period)
    frame = Frame(t, width, title, t("chart.cost.subtitle", when=when), title)
    rows: list[tuple[str, Price | None, str]] = [(t("chart.cost.measure"), measure, INK)]
    if displaced is not None:
        rows += [(t("chart.cost.displaced"), displaced, MARK), *((t(f"place.{name}"), price, SOFT) for name, price in parts)]
    _accounts(t, frame, rows)
    return frame.done(t("chart.cost.note"), source)


def _accounts(t: Texts, frame: Frame, rows: Sequence[tuple[str, Price | None, str]]) -> None:
    ends = [end for _, price, _ in rows if price is not None for end in price]
    below, above = max(0.0, *(-end for end in ends)), max(0.0, *ends)
    left, room = (0.0 if frame.narrow else 230.0), 60.0
    scale = (frame.width - left - 2 * room) / max(below + above, 1.0)
    zero = left + room + scale * below
    y = frame.y + 8
    for n, (name, price, tone) in enumerate(rows):
        if n == 1:
            frame.line((0, y + 2, frame.width, y + 2))
            y += 8
        more = 0
        weight = 600 if n < 2 else 400
        if frame.narrow:
            frame.text(0, y + 16, name, 14, INK, weight=weight)
            y += 18
        else:
            pieces = wrapped(name, left - 10, 14, bold=weight > 400)
            for line, piece in enumerate(pieces):
                frame.text(0, y + 18 + 16 * line, piece, 14, INK, weight=weight)
            more = 14 * (len(pieces) - 1)
        if price is None:
            frame.text(zero if frame.narrow else left, y + 18, t("chart.cost.unknown"), 14, MUTED)
        else:
            frame.line((zero, y, zero, y + 28), INK)
            frame.bar(zero, zero + scale * price.central, y + 5, 17, tone)
            frame.line((zero + scale * price.low, y + 13.5, zero + scale * price.high, y + 13.5), INK, 1.5)
            side = -1 if price.central < 0 else 1
            reach = max(side * end for end in price) * scale
            frame.text(
                zero + side * (max(reach, 0) + 8),
                y + 19,
                told(t, price.central, "euros"),
                15,
                INK,
                "end" if side < 0 else "start",
                650,
            )
        y += 36 + more
    frame.y = y
