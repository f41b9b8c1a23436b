"""SQL strings and monthly tables made to break what reads them: two hundred questions, sixty tables, under the ``slow`` marker.

A sample of them, always the same, in every run of the tests. Each question is refused in words or reads the results alone; each
table is refused in words, questioned, or possible; nothing takes over five seconds of processor. Counts are printed.
"""

# ruff: noqa: S311, T201 (the luck is the same every time; the counts are the result)

from __future__ import annotations

import random
import time
from collections import Counter

import pytest

from sim.errors import SimError
from sim.experiments.querying import open_results
from sim.experiments.replicate import replicate
from sim.scenario.months import Asked, read_new
from tests.experiments.conftest import FakeScenario, fabricated_engine
from tests.experiments.test_questions import BEYOND
from tests.ministry import changed, month, own, text, until, without, workbook, xlsx

LONGEST_SECONDS = 5.0
MAY = "2026-05-01"
KEPT_OUT = "not yours"
READERS = [question for question in BEYOND if question.startswith("select * from ")]
GOOD = (
    "from units", "select scenario, count(*) n from units group by all order by all", "from headline", "describe headline",
    "select count(*) n from exits where regime_name = 'dry' and scenario = 'baseline' and replication = 0", "show views",
    "with t as (from units) select count(*) from t", "select 'a' || scenario from units", "select 1", "show tables",
)  # fmt: skip
AROUND = (
    "{q}", "({q})", "select * from ({q}) t", "with t as ({q}) select * from t", "select (select count(*) from ({q}) t)",
    "select scenario from units where exists ({q})", "from units union all by name {q}", "{q} -- from units", "/* units */ {q}",
    "describe {q}", "explain {q}", "summarize {q}", "{q};", "{q}; select 1", "select 1; {q}", "from ({q}) a, units b limit 3",
    "prepare p as {q}", "create temp table t as {q}", "execute p", "select * from units where scenario in ({q})",
)  # fmt: skip
PIECES = (
    "select", "from", "units", "figures", "headline", "exits", "events", "where", "group by all", "order by all", "limit 3",
    "*", "(", ")", ",", "'", '"', "count(*)", "avg(value)", "scenario", "indicator", "=", "'dry'", "null", "1e999", "-1",
    "join", "using", "unnest([1])", "lateral", "::varchar", "/*", "--", ";", "\0", "é", "😀", "with recursive t as",
    "union all", "qualify", "sample 5", "pivot", "over ()", "getenv('HOME')", "current_setting('home_directory')", "\\",
    "$1", "?", "{x}",
)  # fmt: skip
CELLS = (
    "", " ", "-1", "NC", "1e9", "99999999999", "12,5", "=1+1", "n/a", "MA", "2026-13-01", "1er avril 2026", "😀", "\0",
    "x" * 5_000,
)  # fmt: skip


def question(number: int, other: str) -> str:
    """One question of the two hundred, by its number: some ask what may be asked, some reach outside, some are soup."""
    luck = random.Random(f"question {number}")
    if number % 10 == 9:
        return luck.choice(GOOD)
    if number % 3 == 0:
        return luck.choice(AROUND).format(q=luck.choice(READERS)).format(other=other)
    if number % 3 == 1:
        reach = luck.choice(BEYOND).format(other=other, file=other)
        letters = (letter.upper() if luck.random() < 0.3 else letter for letter in reach)
        return "".join(letters) + luck.choice(("", ";", " --", " ;;"))
    return " ".join(luck.choice(PIECES) for _ in range(luck.randint(1, 14)))


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    folder = tmp_path_factory.mktemp("questions")
    with pytest.MonkeyPatch.context() as patch:
        fabricated_engine(patch)
        replicate([FakeScenario("baseline"), FakeScenario("policy", grant=0.6)], replications=1, workers=1, output=folder)
    return folder


def _contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def _questions(tree, outside, numbers):
    counts, faults = Counter(), []
    other = outside / "other.txt"
    other.write_text(KEPT_OUT)
    before = _contents(tree) | _contents(outside)
    results = open_results(tree)
    for number in numbers:
        asked = question(number, str(other))
        begun = time.process_time()
        try:
            answer = results.sql(asked, seconds=LONGEST_SECONDS, most=50)
            counts["answered"] += 1
            if KEPT_OUT in answer.to_string() or "/root" in answer.to_string():
                faults.append(f"{asked}: read what is no result")
        except SimError:
            counts["refused"] += 1
        except Exception as problem:  # noqa: BLE001 (whatever is raised is what is looked for)
            faults.append(f"{asked}: {type(problem).__name__}: {problem}")
        if time.process_time() - begun > LONGEST_SECONDS:
            faults.append(f"{asked}: {time.process_time() - begun:.1f} s")
    assert before == _contents(tree) | _contents(outside), "nothing was written, changed or taken out"
    print(f"\nSQL strings: {sum(counts.values())} tried, {dict(counts)}, {len(faults)} faults")
    assert not faults, "\n".join(faults)
    assert counts["refused"] > counts["answered"] > 0


def test_a_sample_of_questions(tree, tmp_path):
    _questions(tree, tmp_path, range(0, 200, 7))


@pytest.mark.slow
def test_two_hundred_questions(tree, tmp_path):
    _questions(tree, tmp_path, range(200))


def _harmed(luck, grid):
    """Harm a table once: a cell, its end, a column, two exchanged, lines twice, lines in another order, a cell too many."""
    at, column, other = luck.randrange(len(grid)), luck.randrange(len(grid[0])), luck.randrange(len(grid[0]))
    turned = {column: other, other: column}
    cell = luck.choice(CELLS)

    def exchanged(row):
        return [row[turned.get(n, n)] if turned.get(n, n) < len(row) else old for n, old in enumerate(row)]

    return luck.choice((
        lambda: [[*row[:column], cell, *row[column + 1 :]] if n == at else row for n, row in enumerate(grid)],
        lambda: grid[: at + 2],
        lambda: [[*row[:column], *row[column + 1 :]] for row in grid],
        lambda: [exchanged(row) for row in grid],
        lambda: [*grid, *grid[at : at + 3]],
        lambda: [grid[0], *luck.sample(grid[1:], len(grid) - 1)],
        lambda: [[*row, cell] if n == at else row for n, row in enumerate(grid)],
    ))()  # fmt: skip


def table(number: int, folder):
    """One table of the sixty: a month of the ministry or one's own, some as they should be, the others harmed once or more."""
    luck = random.Random(f"table {number}")
    rows = month(MAY)
    harms = 0 if number % 7 == 0 else luck.randint(1, 4)
    if harms and luck.random() < 0.2:
        rows = without(rows, luck.choice(rows).establishment)
    if harms and luck.random() < 0.2:
        one = luck.choice(rows)
        rows = changed(rows, one.establishment, one.quarter_type, detainees=luck.choice((0, 1, 9_999, 10**9)))
    if number % 4 == 1:
        book = workbook(rows)
        tab, often = luck.choice(sorted(book)), 0.01 * harms
        book[tab] = [[luck.choice(CELLS[:12]) if luck.random() < often else cell for cell in row] for row in book[tab]]
        return xlsx(folder / f"t{number}.xlsx", book)
    grid = own(rows)
    for _ in range(harms):
        if len(grid) > 2 and len(grid[0]) > 2:
            grid = _harmed(luck, grid)
    if number % 4 == 0:
        return xlsx(folder / f"t{number}.xlsx", {"T": [[cell.replace("\0", "") for cell in row] for row in grid]})
    path = text(folder / f"t{number}.csv", grid, luck.choice((",", ";", "\t")), luck.choice(("utf-8", "utf-16")))
    if number % 4 == 3 and harms:
        content = bytearray(path.read_bytes())
        for _ in range(luck.randint(1, 30)):
            content[luck.randrange(len(content))] = luck.randrange(256)
        path.write_bytes(content)
    return path


def _tables(folder, numbers):
    counts, faults = Counter(), []
    for number in numbers:
        path = table(number, folder)
        begun = time.process_time()
        try:
            found = read_new(path, until(MAY), Asked())
            counts["refused" if found.stops else "questioned" if found.questions else "read"] += 1
            if not found.stops:
                faults += [
                    f"table {number}: {row}"
                    for row in found.rows
                    if row.capacity_operational < 0 or not 0 <= (row.detainees or 0) <= 20_000
                ]
        except SimError:
            counts["refused"] += 1
        except Exception as problem:  # noqa: BLE001 (whatever is raised is what is looked for)
            faults.append(f"table {number}: {type(problem).__name__}: {problem}")
        if time.process_time() - begun > LONGEST_SECONDS:
            faults.append(f"table {number}: {time.process_time() - begun:.1f} s")
    print(f"\ntables: {sum(counts.values())} tried, {dict(counts)}, {len(faults)} faults")
    assert not faults, "\n".join(faults[:20])
    assert counts["refused"] > 0
    assert counts["read"] + counts["questioned"] > 0


def test_a_sample_of_tables(tmp_path):
    _tables(tmp_path, range(0, 60, 9))


@pytest.mark.slow
def test_sixty_tables(tmp_path):
    _tables(tmp_path, range(60))
