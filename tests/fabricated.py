"""Tables made by hand or by a few lines of chance, consistent with each other, for tests that need no engine."""

from __future__ import annotations

import numpy as np

from sim.dates import first_of_month, first_of_next_month, parse_day
from sim.indicators.context import Context, Price, Prices
from sim.reconviction import ReconvictionModel
from sim.records.codes import Cause, Movement, Outcome, Status, WaitingList
from sim.records.tables import SCHEMA, Codebook, Records

REGIMES = ("LC", "SL", "PE", "DDSE")
ADJUSTMENTS = ("LC", "SL", "PE", "DDSE", "LSC", "LSC-PD")
CODEBOOK = Codebook(
    streams=("fast-track", "investigation", "sentenced"),
    adjustments=ADJUSTMENTS,
    regimes=REGIMES,
    kinds=("MA", "CD", "SL"),
    interregions=("Paris", "Lille"),
    sites=("Fresnes", "Loos"),
    site_ids=("F1", "L1"),
    site_interregion=(0, 1),
    quarters=("Fresnes — MA", "Loos — CD", "Loos — SL"),
    quarter_kind=(0, 1, 2),
    quarter_site=(0, 1, 1),
)
START, MEASURE_FROM, END = parse_day("2024-01-01"), parse_day("2025-01-01"), parse_day("2026-12-31")

RECONVICTION = ReconvictionModel(
    knots=(4.0, 12.0, 24.0, 36.0, 60.0),
    targets=(0.152, 0.346, 0.472, 0.554, 0.629),
    cohort_adjusted=0.3,
    cohort_routes={"DDSE": 0.5, "SL": 0.3, "LC": 0.2},
    gaps={"raw": -0.06, "adjusted": -0.04, "months": 36.0},
    set_apart=("LC",),
    score_sd=0.7,
    unseen_sd=0.71,
    effects={"DDSE": -0.12, "SL": -0.14, "PE": -0.15, "LC": -0.22, "LSC-DDSE": -0.04},
    routes=("dry", *REGIMES),
    constrained=(4, 5),
)


PRICES = Prices(
    marginal_day={
        "cell": Price(10.0, 25.0, 60.0),
        "SL": Price(5.0, 12.0, 30.0),
        "PE": Price(33.0, 45.0, 60.0),
        "DDSE": Price(4.0, 5.0, 6.0),
        "LC": Price(0.0, 0.5, 2.0),
    },
    contracts={"DDSE": "devices", "PE": "external_placements"},
    supervised="LC",
    staff_year={"secretaries": Price(30_000.0, 40_000.0, 50_000.0)},
    idle_inside=Price(0.0, 0.0, 0.2),
    idle_outside=Price(0.0, 0.5, 0.6),
    building={"MA": Price(150_000.0, 300_000.0, 400_000.0), "SL": Price(60_000.0, 120_000.0, 160_000.0)},
    place_years=Price(25.0, 40.0, 60.0),
    budget={"building": 634.0, "alternatives": 52.0, "devices": 28.0, "external": 13.9},
)


def context(**changes: object) -> Context:
    """What indicators are told about these tables."""
    settings: dict[str, object] = {
        "start_day": START,
        "measure_from_day": MEASURE_FROM,
        "end_day": END,
        "weight": 1.0,
        "boards": ("LSC", "LSC-PD"),
        "cost_per_day": {
            "cell": Price(100.0, 105.0, 130.0),
            "SL": Price(40.0, 50.0, 60.0),
            "PE": Price(30.0, 33.0, 45.0),
            "DDSE": Price(9.0, 10.0, 14.0),
            "LC": Price(2.0, 3.0, 5.0),
        },
        "counsellor_year": Price(50_000.0, 60_000.0, 70_000.0),
        "reconviction": RECONVICTION,
        "hearing": Price(120.0, 200.0, 300.0),
        "lodging_day": Price(30.0, 40.0, 50.0),
        "prices": PRICES,
        "steps": {"secretaries": ((START, 3.0),), "hearings_elsewhere": ((START, 100.0),)},
        "judges": 450.0,
        "judge_hearings": 352.0,
    }
    return Context(**{**settings, **changes})  # type: ignore[arg-type]


def add(records: Records, table: str, **values: float) -> None:
    """Append a row; columns that are not named are 0, days and codes of nothing -1."""
    nothing = {"cause": -1, "adjustment": -1, "regime": -1, "quarter": 0, "day": 0}
    row = []
    for column in SCHEMA[table]:
        default = nothing.get(column.name, -1 if column.name.endswith("_day") else 0)
        value = values.pop(column.name, default)
        row.append(float(value) if column.code == "f" else int(value))
    assert not values, f"{table} has no column {', '.join(values)}"
    records.tables[table].rows += records.tables[table].row(*row)


def months(start: int = START, end: int = END) -> list[int]:
    """First days of the months of a run, the one after its end included."""
    found = [first_of_month(start)]
    while found[-1] <= end:
        found.append(first_of_next_month(found[-1]))
    return found


def census(records: Records, *, held: int = 150, places: int = 100, posts: float = 2.0) -> None:
    """Constant monthly tables: a prison of one cell quarter, so many counsellors, a queue of 30 for 20 slots."""
    for day in months():
        add(records, "nation", day=day, detained=held + 10, remand=40, sentenced=held - 40, inside=10, outside=20)
        add(records, "quarters", day=day, quarter=0, remand=40, sentenced=held - 40, capacity=places)
        add(records, "quarters", day=day, quarter=2, sentenced=10, capacity=20)
        add(
            records, "services", day=day, posts=posts, held=150, waiting=5, assigned=4, wait_days=80,
            hours_offered=100.0, hours_used=90.0, queue=30, slots=20, heard=15, files_open=3, files_done=6,
        )  # fmt: skip
        add(records, "lists", day=day, list=WaitingList.JUDGE, site=0, interregion=0, waiting=30, waited_days=1_500)
        add(records, "lists", day=day, list=WaitingList.DEVICE, site=-1, interregion=-1, waiting=1, waited_days=9)
        for interregion in range(2):
            add(records, "open_setting", day=day, interregion=interregion, posts=1.0, followed=7, background=90.0)
        add(
            records, "free_convicts", day=day, waiting=60, came=10, heard=6, absent=1, measures=3, converted=1, enforced=2,
            lapsed=4, wait_days=1_800, waited_days=1_200,
        )  # fmt: skip
        for quarter in range(2):
            add(records, "jobs", day=day, quarter=quarter, jobs=25, working=20, waiting=30, started=5, wait_days=500)
        add(records, "care", day=day, slots=12, treated=10, waiting=8, started=4, completed=3, wait_days=320)
        for interregion in range(2):
            add(
                records, "lodging", day=day, interregion=interregion, places=100, rivals=80, lodged=12, kept=5, to_file=2,
                with_siao=3, waiting=9, asked=8, filed=7, queued=6, unwritten=1, dropped=2, refused=3, admitted=4,
                wait_days=200, returned=1, moved_in=3, moved_out=3,
            )  # fmt: skip
            add(records, "lodging", day=day, interregion=interregion, reserved=1, places=10, lodged=6, kept=1)
        add(
            records, "probation", day=day, standing=50, more=10, began=4, followed=3, hours=200, not_done=1, failed=1,
            hours_waiting=90,
        )  # fmt: skip
        add(
            records,
            "flows",
            day=day,
            entries=10,
            home_starts=3,
            exits=9,
            returns=1,
            released=1,
            soon=1,
            free_days=120,
            recalls=1,
        )
        add(records, "standing", day=day, regime=1, custody=10, waiting=2, places=20)
        add(records, "standing", day=day, regime=3, custody=12, liberty=8, waiting=1, places=-1)


def fabricate(replication: int = 0, *, seed: int = 1, grant: float = 0.4, people: int = 400) -> Records:
    """Lives drawn at random but consistent: each stay has its exits and its end, measures and decisions.

    ``grant`` is the share of people who are granted a measure: people keep their luck when it changes, so that two
    calls differ only for those between the two shares.
    """
    records = Records(CODEBOOK)
    census(records)
    luck = np.random.default_rng([seed, replication]).random((people, 8))
    for person in range(people):
        _life(records, person, luck[person], grant)
    events = records.events.array()  # a run writes them day after day
    records.events.rows = bytearray(events[np.argsort(events["day"], kind="stable")].tobytes())
    return records


def _life(records: Records, person: int, luck: np.ndarray, grant: float) -> None:
    committed = START + int(luck[0] * (END - START))
    quantum = int(30 + luck[1] * 800)
    end_day = committed + quantum
    row = {
        "person": person, "committed_day": committed, "convicted_day": committed + 10, "quantum_days": quantum,
        "felony": luck[2] < 0.05, "female": luck[3] < 0.04, "foreign": luck[4] < 0.24, "sentenced": 1, "age": 30,
        "end_day": end_day, "eligible_day": committed + quantum // 2, "care": luck[2] < 0.5, "care_stage": person % 4,
        "site": luck[3] < 0.5, "interregion": luck[3] < 0.5, "kind": luck[3] < 0.5,
        "score": luck[5] - 0.5, "seen": luck[6] * 2 - 1, "unseen": luck[7] * 2 - 1,
    }  # fmt: skip
    event = {"person": person, "quarter": int(luck[3] < 0.5)}
    add(records, "events", day=committed, movement=Movement.COMMITTED, status=Status.REMAND, value=10, **event)
    add(
        records,
        "events",
        day=committed + 10,
        movement=Movement.CONVICTED,
        status=Status.SENTENCED,
        value=quantum,
        **event,
    )
    half = committed + quantum // 2
    freed = {"day": committed + 20, "sentenced": 0, "convicted_day": -1, "end_day": -1, "eligible_day": -1}
    if luck[7] < 0.08:
        if committed + 20 <= END:
            add(
                records,
                "exits",
                **{**row, **freed},
            )
            add(records, "ends", day=committed + 20, person=person, committed_day=committed)
        return
    ends = {"person": person, "felony": row["felony"], "sentenced": 1, "committed_day": committed}
    ends |= {"end_day": end_day, "expected_day": end_day + 30 - person % 60, "credited": person % 2}
    granted = luck[6] < grant
    if half <= END:
        outcome = Outcome.GRANTED if granted else Outcome.REFUSED_PROJECT
        asked = max(half - int(40 + luck[5] * 160), committed + 10)
        add(
            records, "decisions", day=half, person=person, adjustment=3, regime=3, outcome=outcome, requested_day=asked,
            foreign=row["foreign"], board=asked % 5 == 0,
        )  # fmt: skip
        add(records, "leaves", day=half, person=person, result=granted, by_board=1, foreign=row["foreign"])
        add(records, "events", day=asked, movement=Movement.REQUESTED, detail=3, status=Status.SENTENCED, **event)
        add(records, "events", day=half, movement=Movement.HEARD, detail=outcome, status=2, value=half - asked, **event)
    if not granted:
        if end_day <= END:
            add(records, "exits", **{**row, "day": end_day, "cause": Cause.REFUSED_PROJECT, "requested_day": half})
            add(records, "ends", day=end_day, **ends)
            add(records, "events", day=end_day, movement=Movement.RELEASED, detail=-1, value=Cause.REFUSED_PROJECT + 1, **event)
        return
    if half > END:
        return
    add(records, "exits", **{**row, "day": half, "regime": 3, "adjustment": 3})
    add(records, "events", day=half, movement=Movement.PLACED, detail=3, value=3, status=4, **event)
    withdrawn = luck[5] < 0.15
    stop = half + (end_day - half) // 2 if withdrawn else end_day
    if stop <= END:
        add(records, "measures", day=stop, person=person, regime=3, adjustment=3, start_day=half, withdrawn=withdrawn)
    if withdrawn and stop <= END:
        add(records, "events", day=stop, movement=Movement.WITHDRAWN, detail=3, status=2, **event)
    if end_day <= END:
        if withdrawn:
            add(records, "exits", **{**row, "day": end_day, "spell": 1, "cause": Cause.MEASURE_WITHDRAWN})
        add(records, "ends", day=end_day, regime=-1 if withdrawn else 3, measure_day=-1 if withdrawn else half, **ends)
        value = Cause.MEASURE_WITHDRAWN + 1 if withdrawn else 0
        detail = -1 if withdrawn else 3
        add(records, "events", day=end_day, movement=Movement.RELEASED, detail=detail, value=value, **event)
