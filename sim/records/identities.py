"""What adds up in the tables of a run, to the person: accounts that hold in every month, by construction of what they count.

Each is a SELECT of DuckDB over the tables of one run (views of ``sortie query``) that gives, for each replication and first of
the month, the ``gap``: 0 if the account holds. The view ``identities`` runs them all. What they say is the answer to the first
thing that is tried with published tables: the change of a stock against the flows between two dates.
"""

from __future__ import annotations

from typing import NamedTuple


class Identity(NamedTuple):
    """One account."""

    name: str
    says: str
    """In words, with the names of columns."""
    needs: tuple[str, ...]
    """Tables it is made of."""
    gap: str
    """SELECT of ``run, replication, day, gap``. ``months`` stands for each first of the month with the one before."""


MONTHS = """
    select experiment, run, replication, day, lag(day) over w as since, inside, outside,
        remand + sentenced - lag(remand + sentenced) over w as more_in_cells,
        inside + outside - lag(inside + outside) over w as more_on_measures,
        detained + outside - lag(detained + outside) over w as more_under_committal
    from nation window w as (partition by experiment, run, replication order by day)
"""
_KEY = "experiment, run, replication, day"


def _months(gap: str, tables: str = "months m join flows f using (experiment, run, replication, day)") -> str:
    return f"select {_KEY}, {gap} as gap from {tables} where m.since is not null"  # noqa: S608


def _counted(table: str, condition: str = "true") -> str:
    """Number of rows of a table in the month before a census."""
    return (
        f"(select count(*) from {table} t where t.experiment = m.experiment and t.run = m.run "  # noqa: S608
        f"and t.replication = m.replication and t.day >= m.since and t.day < m.day and {condition})"
    )


def _against(table: str, number: str, added: str, condition: str = "true") -> str:
    """Return a number of ``nation`` less what the rows of another table on the same day add up to."""
    return (
        f"select {_KEY}, any_value({number}) - sum({added}) as gap from nation n "  # noqa: S608
        f"join {table} t using ({_KEY}) where {condition} group by {_KEY}"
    )


_OF_LODGING = (
    ("to_file", "to_file", "asked − filed − unwritten", "asked - filed - unwritten"),
    ("pending", "with_siao + waiting", "filed + expired − admitted − dropped", "filed + expired - admitted - dropped"),
    ("kept", "kept", "admitted − expired − returned − moved_in", "admitted - expired - returned - moved_in"),
    ("lodged", "lodged", "moved_in − moved_out", "moved_in - moved_out"),
)
"""Stocks of requests and of places to live in, and what moves them, in words and in SQL."""

IDENTITIES = (
    Identity(
        "cells",
        "From one first of the month to the next, people in cells (`nation.remand + nation.sentenced`) change by "
        "`flows.entries + flows.recalls − flows.exits` of the month between. Not `detained`: somebody who begins a semi-liberty"
        " has left detention (an exit) and still sleeps in prison (`inside`).",
        ("nation", "flows"),
        _months("more_in_cells - (entries + recalls - exits)"),
    ),
    Identity(
        "detained",
        "`nation.detained` = `remand + sentenced + inside`.",
        ("nation",),
        f"select {_KEY}, detained - remand - sentenced - inside as gap from nation",  # noqa: S608
    ),
    Identity(
        "quarters",
        "`nation.detained` is the sum of `quarters.remand + quarters.sentenced` of the day: those on measures that sleep there "
        "are counted where they sleep.",
        ("nation", "quarters"),
        _against("quarters", "n.detained", "t.remand + t.sentenced"),
    ),
    Identity(
        "on_measures",
        "`nation.inside + nation.outside` is the sum of `standing.custody + standing.liberty` over the measures served under "
        "committal, all but LC.",
        ("nation", "standing"),
        _against("standing", "n.inside + n.outside", "t.custody + t.liberty", "t.regime_name <> 'LC'"),
    ),
    Identity(
        "measures",
        "People on measures under committal (`nation.inside + nation.outside`) change by the exits to such a measure and "
        "`flows.home_starts`, less those that ended (`measures`, LC apart, those turned into another apart).",
        ("nation", "flows", "exits", "measures"),
        _months(
            "more_on_measures - home_starts - "
            + _counted("exits", "t.regime_name not in ('dry', 'unsentenced', 'LC')")
            + " + "
            + _counted("measures", "t.regime_name <> 'LC' and t.withdrawn <> 3")
        ),
    ),
    Identity(
        "committals",
        "People under committal (`nation.detained + nation.outside`) change by `flows.entries + flows.home_starts`, less the "
        "rows of `ends`, and by those who return from an LC withdrawn.",
        ("nation", "flows", "ends", "measures"),
        _months(
            "more_under_committal - entries - home_starts + "
            + _counted("ends")
            + " - "
            + _counted("measures", "t.regime_name = 'LC' and t.withdrawn = 1")
        ),
    ),
    Identity("free_convicts",
             "From one first of the month to the next, free convicts before the judge (`nation.free_convicts`, as "
             "`free_convicts.waiting`) change by `came − heard − lapsed` of the month between.",
             ("nation", "free_convicts"),
             f"select {_KEY}, gap from (select {_KEY}, n.free_convicts - lag(n.free_convicts) over w - (came - heard - lapsed) "  # noqa: S608
             f"+ abs(n.free_convicts - waiting) as gap from nation n join free_convicts f using ({_KEY}) "
             "window w as (partition by experiment, run, replication order by day)) where gap is not null"),
    Identity("free_convicts_decided", "`free_convicts.heard` is `measures + converted + enforced`.", ("free_convicts",),
             f"select {_KEY}, heard - measures - converted - enforced as gap from free_convicts"),  # noqa: S608
    *(Identity(f"lodging_{name}", f"From one first of the month to the next, `lodging.{stock}` changes by `{moves}` of the "
               "month between.", ("lodging",),
               f"select {_KEY}, gap from (select {_KEY}, sum({stock}) - lag(sum({stock})) over w - (sum({came})) as gap "  # noqa: S608
               f"from lodging group by {_KEY} window w as (partition by experiment, run, replication order by day)) "
               "where gap is not null")
      for name, stock, moves, came in _OF_LODGING),
    Identity("exits", "`flows.exits` is the number of rows of `exits` of the month before.", ("nation", "flows", "exits"),
             _months("f.exits - " + _counted("exits"))),
    Identity("recalls", "`flows.recalls` is the number of `measures` withdrawn or suspended in the month before.",
             ("nation", "flows", "measures"), _months("recalls - " + _counted("measures", "t.withdrawn in (1, 2)"))),
    Identity("events", "`flows.entries + flows.home_starts` is the number of movements `COMMITTED` of the month before.",
             ("nation", "flows", "events"),
             _months("entries + home_starts - " + _counted("events", "t.movement_name = 'COMMITTED'"))),
    Identity("causes", "Each dry release of somebody sentenced has one cause: no row of `exits` has one without the other.",
             ("exits",),
             "select experiment, run, replication, max(day) as day, count(*) filter (where (cause_name is not null) <> "
             "(regime_name = 'dry')) as gap from exits group by experiment, run, replication"),
    Identity("without_counsellor", "`services.waiting` of all establishments is `lists.waiting` of the list `COUNSELLOR`.",
             ("services", "lists"),
             f"select {_KEY}, s.waiting - coalesce(l.waiting, 0) as gap from "  # noqa: S608
             f"(select {_KEY}, sum(waiting) as waiting from services group by {_KEY}) s left join "
             f"(select {_KEY}, sum(waiting) as waiting from lists where list_name = 'COUNSELLOR' group by {_KEY}) l "
             f"using ({_KEY})"),
)  # fmt: skip
