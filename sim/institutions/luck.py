"""The decision points at which luck enters a life, by name (decision 0003).

A name is what a draw is keyed by, so its place in the list is free; the numbers below are only how compiled code says it.
"""

from __future__ import annotations

DECISIONS = (
    "stay.central",
    "file.hours",
    "file.external",
    "file.release",
    "file.asked",
    "hearing.instruction",
    "hearing.grant",
    "hearing.appeal",
    "board.reached",
    "board.home",
    "board.modality",
    "board.right.reached",
    "board.right.home",
    "board.right.modality",
    "board.grant",
    "board.removal",
    "measure.hosted",
    "measure.withdrawn",
    "measure.probation",
    "return.prison",
    "return.offence",
    "return.lag",
    "stock.request",
    "stock.request.when",
    "stock.measure.origin",
    "stock.last_days",
)

(
    STAY_CENTRAL,
    FILE_HOURS,
    FILE_EXTERNAL,
    FILE_RELEASE,
    FILE_ASKED,
    HEARING_INSTRUCTION,
    HEARING_GRANT,
    HEARING_APPEAL,
    BOARD_REACHED,
    BOARD_HOME,
    BOARD_MODALITY,
    BOARD_RIGHT_REACHED,
    BOARD_RIGHT_HOME,
    BOARD_RIGHT_MODALITY,
    BOARD_GRANT,
    BOARD_REMOVAL,
    MEASURE_HOSTED,
    MEASURE_WITHDRAWN,
    MEASURE_PROBATION,
    RETURN_PRISON,
    RETURN_OFFENCE,
    RETURN_LAG,
    STOCK_REQUEST,
    STOCK_REQUEST_WHEN,
    STOCK_MEASURE_ORIGIN,
    STOCK_LAST_DAYS,
) = range(len(DECISIONS))
