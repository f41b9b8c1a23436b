"""The movements of ``events`` as plain integers, for compiled code (:class:`sim.records.codes.Movement`)."""

from __future__ import annotations

from sim.records.codes import Movement

COMMITTED, CONVICTED, CHARGES_ENDED, ASSIGNED, FILE_OPENED, FILE_READY, REQUESTED, HEARD = map(int, list(Movement)[:8])
EXAMINED, PLACED, WITHDRAWN, TRANSFERRED, REMITTED, RELEASED, REOFFENDED, FURTHER = map(int, list(Movement)[8:])
