"""What a set of replications says while it runs: a bar for people, JSON lines for programs."""

from __future__ import annotations

import json
import sys
import time
from typing import TYPE_CHECKING, Protocol, TextIO

from sim.dates import iso

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import TracebackType

_LINE = 70
"""Characters of a line written again: it covers the one before."""

MODES = ("auto", "bar", "json", "lines", "none")


class Listener(Protocol):
    """Told what happens to each unit, a unit being one replication of one scenario."""

    def begin(self, units: int, months: int, skipped: int) -> None:
        """Open: so many units of so many months each are to be run, so many are there already."""

    def month(self, unit: str, day: int) -> None:
        """Tell that a unit has reached the first of a month."""

    def note(self, text: str) -> None:
        """Tell something about the run as a whole."""

    def compiling(self, done: int, total: int, seconds: float) -> None:
        """Tell that so many functions of the engine are compiled, of how many, and about how many seconds it still takes."""

    def done(self, unit: str, seconds: float) -> None:
        """Tell that a unit is finished and saved."""

    def failed(self, unit: str, message: str) -> None:
        """Tell that a unit failed; the others go on."""

    def close(self) -> None:
        """End, finished or not."""


class NullListener:
    """Says nothing."""

    def begin(self, units: int, months: int, skipped: int) -> None:
        """Do nothing."""

    def month(self, unit: str, day: int) -> None:
        """Do nothing."""

    def note(self, text: str) -> None:
        """Do nothing."""

    def compiling(self, done: int, total: int, seconds: float) -> None:
        """Do nothing."""

    def done(self, unit: str, seconds: float) -> None:
        """Do nothing."""

    def failed(self, unit: str, message: str) -> None:
        """Do nothing."""

    def close(self) -> None:
        """Do nothing."""


class _Remaining:
    """Remaining time, from the months simulated so far: a unit's last years cost what its first ones did."""

    def __init__(self, units: int, months: int) -> None:
        self.total = units * months
        self.months = months
        self.made: dict[str, int] = {}
        self.start = time.monotonic()

    def month(self, unit: str) -> None:
        self.made[unit] = min(self.made.get(unit, 0) + 1, self.months)

    def finish(self, unit: str) -> None:
        self.made[unit] = self.months

    @property
    def share(self) -> float:
        return sum(self.made.values()) / self.total if self.total else 1.0

    @property
    def seconds(self) -> float | None:
        share = self.share
        return (time.monotonic() - self.start) * (1 - share) / share if share > 0.01 else None


def compiled_so_far(done: int, total: int, seconds: float) -> str:
    """Line about a compilation under way."""
    return f"compiling the engine: {done} of {total} functions" + (f", about {seconds:.0f} s left" if done < total else "")


class Lines:
    """One line of text, or of JSON, for each thing that happens: for logs, pipes and other programs."""

    def __init__(self, stream: TextIO, *, as_json: bool, words: Callable[[str], str] = str) -> None:
        self._stream = stream
        self._words = words
        self._as_json = as_json
        self._remaining = _Remaining(0, 0)
        self._told: dict[str, int] = {}

    def begin(self, units: int, months: int, skipped: int) -> None:
        """Say how much there is to do."""
        self._remaining = _Remaining(units, months)
        self._say("begin", f"{units} replications to run, {skipped} already there", units=units, skipped=skipped)

    def month(self, unit: str, day: int) -> None:
        """Say each January, or each month in JSON."""
        self._remaining.month(unit)
        if self._as_json:
            self._say("month", "", unit=unit, day=iso(day), **self._ahead())

    def note(self, text: str) -> None:
        """Say it."""
        self._say("note", text, message=text)

    def compiling(self, done: int, total: int, seconds: float) -> None:
        """Say it at each fifth, and at each function in JSON."""
        if self._as_json or done * 5 // total > (done - 1) * 5 // total:
            text = compiled_so_far(done, total, seconds)
            self._say("compiling", text, done=done, total=total, remaining_seconds=round(seconds, 1))

    def done(self, unit: str, seconds: float) -> None:
        """Say that a unit is saved."""
        self._remaining.finish(unit)
        ahead = self._ahead()["remaining_seconds"]
        text = f"{unit}: saved after {seconds:.1f} s" + (f", about {ahead:.0f} s remain" if ahead else "")
        self._say("done", text, unit=unit, seconds=round(seconds, 2), **self._ahead())

    def failed(self, unit: str, message: str) -> None:
        """Say that a unit failed."""
        self._remaining.finish(unit)
        self._say("failed", f"{unit}: failed: {message}", unit=unit, message=message)

    def close(self) -> None:
        """Leave the stream as it is."""

    def _ahead(self) -> dict[str, float | None]:
        seconds = self._remaining.seconds
        return {
            "share": round(self._remaining.share, 4),
            "remaining_seconds": None if seconds is None else round(seconds, 1),
        }

    def _say(self, event: str, text: str, **facts: object) -> None:
        line = json.dumps({"event": event, **facts}, ensure_ascii=False) if self._as_json else self._words(text)
        self._stream.write(line + "\n")
        self._stream.flush()


class Bar:
    """A bar with the remaining time, on a terminal."""

    def __init__(self, stream: TextIO, words: Callable[[str], str] = str) -> None:
        from rich.console import Console  # noqa: PLC0415 (only a terminal needs it)
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn  # noqa: PLC0415

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(bar_width=36),
            TextColumn("{task.percentage:>3.0f} %"),
            TimeElapsedColumn(),
            TextColumn("{task.fields[ahead]}"),
            console=Console(file=stream, highlight=False),
        )
        self._words = words
        self._task = self._progress.add_task(words("starting"), total=1.0, ahead="")
        self._remaining = _Remaining(0, 0)
        self._finished = 0
        self._units = 0

    def begin(self, units: int, months: int, skipped: int) -> None:
        """Show the bar."""
        self._remaining = _Remaining(units, months)
        self._units = units
        if skipped:
            self._progress.console.print(self._words(f"{skipped} replications are already there and intact"))
        if units:
            self._progress.start()
            self._show()

    def month(self, unit: str, day: int) -> None:  # noqa: ARG002 (the bar shows the share, not the date)
        """Move the bar."""
        self._remaining.month(unit)
        self._show()

    def note(self, text: str) -> None:
        """Say it above the bar."""
        self._progress.console.print(self._words(text), markup=False)

    def compiling(self, done: int, total: int, seconds: float) -> None:
        """Say it on one line, written again and again."""
        file = self._progress.console.file
        file.write(f"\r{self._words(compiled_so_far(done, total, seconds)):<{_LINE}}" + ("\n" if done == total else ""))
        file.flush()

    def done(self, unit: str, seconds: float) -> None:  # noqa: ARG002 (shown by the bar)
        """Move the bar to the end of a unit."""
        self._finished += 1
        self._remaining.finish(unit)
        self._show()

    def failed(self, unit: str, message: str) -> None:
        """Say which unit failed, above the bar."""
        self._finished += 1
        self._remaining.finish(unit)
        self._progress.console.print(self._words(f"{unit}: failed: {message}"), style="red", markup=False)
        self._show()

    def close(self) -> None:
        """Leave the last state on the screen."""
        self._progress.stop()

    def _show(self) -> None:
        seconds = self._remaining.seconds
        ahead = "" if not seconds else f"about {int(seconds) // 60}:{int(seconds) % 60:02d} left"
        self._progress.update(
            self._task,
            completed=self._remaining.share,
            description=self._words(f"{self._finished}/{self._units} replications"),
            ahead=self._words(ahead),
        )


class progress_on:  # noqa: N801 (used as a function: `with progress_on(mode) as listener`)
    """Context that gives the listener of a mode (``auto``: a bar on a terminal, lines elsewhere) and closes it.

    ``words`` puts what is told into the language of the reader; what programs read (``json``) stays as it is.
    """

    def __init__(self, mode: str, stream: TextIO | None = None, words: Callable[[str], str] = str) -> None:
        stream = stream or sys.stderr
        if mode == "auto":
            mode = "bar" if stream.isatty() else "lines"
        self.listener: Listener
        if mode == "bar":
            self.listener = Bar(stream, words)
        elif mode == "none":
            self.listener = NullListener()
        else:
            self.listener = Lines(stream, as_json=mode == "json", words=words)

    def __enter__(self) -> Listener:
        return self.listener

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.listener.close()
