"""A notebook of results: prose in which no number is typed, every number being looked up, shown and recorded with its origin.

A text holds marks, ``[[fill_vacant_posts · dry_rate]]``: the difference that the policy makes, with its 90 % interval and what
can be said of it. ``[[baseline · dry_rate · level]]`` is a level. Its ``close`` writes every number that was shown to
``numbers.json``, beside the notebook, so that a number of the prose can be traced to a scenario, an indicator and a group.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd
from IPython.display import Image, Markdown, display

from sim.library.read import Reference, open_reference
from sim.presentation import calibration_summary, charts
from sim.presentation.formatting import below_zero_text, difference_table, interval_text, png
from sim.presentation.headlines import BY_KEY, CAUSES, Outcome
from sim.presentation.texts import Texts
from sim.records.atomic import write_atomically

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from sim.library.read import Figure, Verdict

FIGURES, NUMBERS = "SORTIE_REFERENCE", "SORTIE_NUMBERS"
"""Variables of the environment: the figures read, and the folder that ``numbers.json`` files are written into."""

HERE = Path(__file__).resolve().parents[2] / "results"
_MARK = re.compile(r"\[\[([^\]]+)\]\]")
_MORE = {
    "posts": Outcome("posts", "posts", "all", "people"),
    "slots": Outcome("slots", "hearing_slots", "all", "people"),
    "held": Outcome("held", "hearings_held", "all", "people"),
    "late": BY_KEY["late"],
    "files": Outcome("files", "files_done", "all", "people"),
    "requests": Outcome("requests", "requests_waiting", "all", "people"),
    "foreign": Outcome("foreign", "dry_rate_exits", "nationality=foreign", "share"),
    "removal": Outcome("removal", "dry_rate_exits", "removal=yes", "share"),
    "up_to_6": Outcome("up_to_6", "dry_rate_exits", "band=≤6 months", "share"),
    "entries": Outcome("entries", "flow", "flow=entries", "people"),
    **{f"on_{code}": Outcome(f"on_{code}", "on_measure", f"regime={code}", "people") for code in ("SL", "PE", "DDSE")},
    **{f"by_{code}": Outcome(f"by_{code}", "releases", f"route={code}", "people") for code in ("LC", "SL", "PE", "DDSE")},
    **{cause: Outcome(cause, "dry_cause", f"cause={cause}", "people") for cause in CAUSES},
}
OUTCOMES = {**BY_KEY, **_MORE}
"""Figures a text may name."""


@dataclass
class NotebookReport:
    """One notebook being executed.

    Parameters
    ----------
    name
        Of the notebook: its numbers go to ``<name>.numbers.json``.
    lang
        Language of what is written.
    """

    name: str
    lang: str = "fr"
    numbers: list[dict[str, Any]] = field(default_factory=list)
    absent: list[str] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Open the figures that the environment names."""
        self.told: Reference = open_reference(os.environ.get(FIGURES, HERE / "reference"))
        self.figures = self.told.figures
        self.t = Texts(self.lang)

    def has(self, *names: str) -> bool:
        """Whether the figures hold these scenarios; what they lack is recorded and told at the end."""
        lacking = [name for name in names if name not in self.figures.scenarios]
        self.absent += [name for name in lacking if name not in self.absent]
        return not lacking

    def held(self, names: Sequence[str]) -> list[str]:
        """Those of these scenarios that the figures hold."""
        return [name for name in names if self.has(name)]

    # ------------------------------------------------------------------ prose

    def filled(self, text: str, t: Texts | None = None) -> str:
        """Return a text with its marks looked up."""
        return _MARK.sub(lambda found: self._mark(found[1], t or self.t), text)

    def say(self, text: str) -> None:
        """Show a text."""
        display(Markdown(self.filled(text)))  # type: ignore[no-untyped-call]

    def answer(self, *, needs: Sequence[str], fr: str, en: str) -> None:
        """Show the answer, in both languages, and keep it; without the scenarios it needs, say so instead."""
        missing = [name for name in needs if not self.has(name)]
        for lang, text in (("fr", fr), ("en", en)):
            t = Texts(lang)
            names = ", ".join(f"`{name}`" for name in missing)
            self.answers[lang] = t("book.missing", names=names) if missing else self.filled(text, t)
        display(Markdown(f"**{self.answers['fr']}**\n\n*{self.answers['en']}*"))  # type: ignore[no-untyped-call]

    def when(self, scenario: str, key: str, verdict: Verdict, then: str, otherwise: str = "") -> str:
        """Return a text that holds only if a difference has this verdict, else the other: prose that figures may overturn."""
        outcome = OUTCOMES[key]
        figure = self.figures.get(scenario, outcome.indicator, outcome.group)
        return then if figure is not None and figure.verdict == verdict else otherwise

    def _mark(self, mark: str, t: Texts) -> str:
        scenario, key, *form = [part.strip() for part in mark.split("·")]
        if not self.has(scenario):
            return t("book.absent", name=scenario)
        outcome = OUTCOMES[key]
        figure = self.figures.get(scenario, outcome.indicator, outcome.group)
        if figure is None:
            return t("book.nobody")
        level = form == ["level"] or scenario == self.figures.base
        text = t.level(figure.mean, outcome.kind) if level else self._difference(figure, outcome, t)
        self.record(text, scenario, outcome.indicator, outcome.group, figure, level=level)
        return text

    def _difference(self, figure: Figure, outcome: Outcome, t: Texts) -> str:
        said = f"{t.change(figure.difference, outcome.kind)} ({interval_text(t, figure, outcome.kind)})"
        return said if figure.verdict in {"lower", "higher"} else f"{said}, {t('verdict.' + figure.verdict)}"

    def record(self, text: str, scenario: str, indicator: str, group: str, figure: Figure, *, level: bool) -> None:
        """Keep a number that is shown, with where it comes from."""
        value, low, high = (
            (figure.mean, figure.mean_low, figure.mean_high)
            if level
            else (figure.difference, figure.difference_low, figure.difference_high)
        )
        row = {
            "text": text,
            "scenario": scenario,
            "indicator": indicator,
            "group": group,
            "what": "level" if level else "difference",
            "value": value,
            "low": low,
            "high": high,
            "interval": "chance" if level else figure.holds,
        }
        if row not in self.numbers:
            self.numbers.append(row)

    # ------------------------------------------------------------------ figures and tables

    def show(self, chart: Any, alt: str) -> None:
        """Show a chart as an image, with the words that stand for it."""
        display(Image(png(self.t, chart, scale=1.25), alt=alt))  # type: ignore[no-untyped-call]

    def policies(self, names: Sequence[str], key: str = "dry_rate") -> None:
        """Draw the difference each policy makes on one outcome, with its interval against zero."""
        outcome, scale = OUTCOMES[key], 100 if OUTCOMES[key].kind in {"share", "density"} else 1
        rows = []
        for name in self.held(names):
            figure = self.figures.get(name, outcome.indicator, outcome.group)
            if figure is None:
                continue
            label = self._difference(figure, outcome, self.t)
            self.record(label, name, outcome.indicator, outcome.group, figure, level=False)
            low, high = figure.difference_low * scale, figure.difference_high * scale
            rows.append({"name": self.title(name), "difference": figure.difference * scale, "low": low, "high": high})
            rows[-1]["label"] = label
        if rows:
            alt = "; ".join(f"{row['name']} : {row['label']}" for row in rows)
            self.show(charts.intervals(self.t, pd.DataFrame(rows), self.t(f"book.axis.{outcome.kind}")), alt)

    def table(self, names: Sequence[str], keys: Sequence[str]) -> None:
        """Show the differences that policies make on several outcomes: one line each, in words."""
        held, outcomes = self.held(names), [OUTCOMES[key] for key in keys]
        for outcome in outcomes:
            for name in (self.figures.base, *held):
                figure = self.figures.get(name, outcome.indicator, outcome.group)
                if figure is not None:
                    level = name == self.figures.base
                    value = figure.mean if level else figure.difference
                    text = self.t.level(value, outcome.kind) if level else self.t.change(value, outcome.kind)
                    self.record(text, name, outcome.indicator, outcome.group, figure, level=level)
        self.frame(difference_table(self.t, self.figures, held, outcomes))

    def causes(self, names: Sequence[str]) -> None:
        """Show the ledger of causes: the base, and what each policy moves from one cause to another."""
        held = self.held(names)
        rows = []
        for cause in (*CAUSES, "all"):
            indicator, group = ("dry_releases", "all") if cause == "all" else ("dry_cause", f"cause={cause}")
            base = self.figures.get(self.figures.base, indicator, group)
            if base is None:
                continue
            text = self.t.level(base.mean, "people")
            self.record(text, self.figures.base, indicator, group, base, level=True)
            row = {
                self.t("book.cause"): self.t("causes.all" if cause == "all" else f"cause.{cause}"),
                self.t("table.base"): text,
            }
            for policy in held:
                figure = self.figures.get(policy, indicator, group)
                row[self.title(policy)] = "–" if figure is None else self.t.change(figure.difference, "people")
                if figure is not None:
                    self.record(row[self.title(policy)], policy, indicator, group, figure, level=False)
            rows.append(row)
        self.frame(pd.DataFrame(rows))

    def causes_chart(self) -> None:
        """Draw the causes of dry releases in the base."""
        rows = []
        for cause in CAUSES:
            figure = self.figures.get(self.figures.base, "dry_cause", f"cause={cause}")
            if figure is not None and figure.mean > 0:
                label = self.t.level(figure.mean, "people")
                self.record(label, self.figures.base, "dry_cause", f"cause={cause}", figure, level=True)
                rows.append({"name": self.t(f"cause.{cause}"), "value": figure.mean, "label": label})
        rows.sort(key=lambda row: -float(str(row["value"])))
        alt = "; ".join(f"{row['name']} : {row['label']}" for row in rows)
        self.show(charts.bars(self.t, pd.DataFrame(rows), self.t("chart.dry_a_year")), alt)

    def routes(self, name: str) -> None:
        """Show who leaves by another route under a policy, the largest changes first."""
        if not self.has(name):
            return
        frame = self.told.table("routes")
        rows = frame[frame["scenario"] == name].nlargest(8, "people_per_year")
        named = [self._route(str(way)) for way in [*rows["base"], *rows["policy"]]]
        before, after = named[: len(rows)], named[len(rows) :]
        counts = [self.t.level(float(value), "people") for value in rows["people_per_year"]]
        self.frame(pd.DataFrame({self.t("table.base"): before, self.title(name): after, self.t("book.people_a_year"): counts}))

    def _route(self, code: str) -> str:
        return self.t("route.absent") if code == "not out in the window" else self.t.name("route", code)

    def curve(self, sweep: str, indicator: str, group: str = "all") -> None:
        """Draw an output along a lever moved alone, with its interval, and show its ends."""
        points = self.told.curve(sweep, indicator, group)
        spec = self.told.sweep(sweep)
        outcome = next(o for o in OUTCOMES.values() if (o.indicator, o.group) == (indicator, group))
        lines = []
        for row in points.to_dict("records"):
            mean, low, high = (self.t.level(row[name], outcome.kind) for name in ("mean", "low", "high"))
            said = f"{mean} ({self.t('card.plain', low=low, high=high)})"
            lines.append({self.t.title(spec["unit"]): self.t.signed(row["setting"]), self.t(f"outcome.{outcome.key}"): said})
        alt = "; ".join(" → ".join(str(cell) for cell in line.values()) for line in lines)
        axis = self.t.title(spec["title"])
        self.show(charts.lever(self.t, points, axis, self.t(f"outcome.{outcome.key}"), number=".1%"), alt)
        self.frame(pd.DataFrame(lines))

    def shares_of_uncertainty(self) -> None:
        """Show how much of the uncertainty of each difference comes from the assumptions; say so if they were not drawn."""
        if not self.told.manifest["draws"]:
            self.say(self.t("book.no_draws"))
            return
        rows = []
        for name in self.figures.scenarios[1:]:
            figure = self.figures.get(name, "dry_rate_exits")
            if figure is not None:
                outcome = OUTCOMES["dry_rate"]
                said, share = self._difference(figure, outcome, self.t), self.t.percent(figure.share_parameters)
                self.record(said, name, outcome.indicator, outcome.group, figure, level=False)
                rows.append((self.title(name), said, share))
        self.frame(pd.DataFrame(rows, columns=[self.t("book.policy"), self.t("outcome.dry_rate"), self.t("book.share")]))

    def reach(self, headline: str) -> None:
        """Show what each uncertain value moves a headline by over its range, and what would be most worth publishing.

        A sentence says so if no calibration was kept beside the figures.
        """
        validation = self.told.validation
        found = None if validation is None else calibration_summary.reach(self.t, validation, headline)
        if validation is None or found is None:
            self.say(self.t("book.no_sensitivity"))
            return
        chart, alt, lines = found
        self.show(chart, alt)
        shown = pd.DataFrame(lines)
        self.frame(shown)
        for row, text in zip(validation["tornado"][headline], shown.iloc[:, -1], strict=True):
            low, high = row["outputs"]
            of = {"scenario": self.figures.base, "indicator": headline, "group": row["path"]}
            told = {"text": text, **of, "what": "reach", "value": high - low, "low": low, "high": high}
            self.numbers.append({**told, "interval": "range"})
        worth = calibration_summary.worth(self.t, validation, headline)
        if len(worth):
            self.say(self.t("method.worth_lead"))
            self.frame(worth)

    def reconviction(self, names: Sequence[str], months: int = 60) -> None:
        """Show reconviction under the three causal assumptions, which are read together or not at all."""
        rows = []
        for name in (self.figures.base, *self.held(names)):
            row = {self.t("book.policy"): self.title(name)}
            for assumption in ("none", "central", "all_causal"):
                group = f"assumption={assumption},months={months}"
                figure = self.figures.get(name, "reconviction", group)
                if figure is None:
                    continue
                level = name == self.figures.base
                text = self.t.level(figure.mean, "share")
                if not level:
                    text = f"{self.t.change(figure.difference, 'share')} ({interval_text(self.t, figure, 'share')})"
                self.record(text, name, "reconviction", group, figure, level=level)
                row[f"`{assumption}`"] = text if level else f"{text}, {below_zero_text(self.t, figure)}"
            rows.append(row)
        self.frame(pd.DataFrame(rows))

    def title(self, name: str) -> str:
        """Title of a scenario."""
        return self.t.title(self.figures.titles[name])

    def frame(self, rows: pd.DataFrame | Sequence[Mapping[str, str]]) -> None:
        """Show a table, or lines in words."""
        frame = pd.DataFrame(rows)
        lines = [list(frame.columns), ["---"] * len(frame.columns), *frame.to_numpy().tolist()]
        text = "\n".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |" for line in lines)
        display(Markdown(text))  # type: ignore[no-untyped-call]

    # ------------------------------------------------------------------ the end

    def close(self) -> None:
        """Say what the intervals hold and what is missing, and write the numbers."""
        manifest = self.told.manifest
        t = self.t
        lines = [t("holds.both" if manifest["draws"] else "holds.chance", n=manifest["replications"])]
        if manifest["fraction"] < 1:
            lines.append(t("app.sampled", share=t.percent(manifest["fraction"]), n=manifest["replications"]))
        if self.absent:
            lines.append(t("book.lacking", names=", ".join(f"`{name}`" for name in self.absent)))
        lines.append(t("book.made", version=manifest["version"], source=manifest["source"][:12], seed=manifest["seed"]))
        display(Markdown("\n\n".join(lines)))  # type: ignore[no-untyped-call]
        content = {
            "notebook": self.name,
            "figures": {key: manifest[key] for key in ("version", "source", "fraction", "replications", "draws", "seed")},
            "answer": self.answers,
            "absent": self.absent,
            "numbers": self.numbers,
        }
        target = Path(os.environ.get(NUMBERS, HERE / "notebooks")) / f"{self.name}.numbers.json"
        write_atomically(target, (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode())
