"""Reconviction: the model, its joint solution, one person's hazard, and the words that go with every figure."""

from sim.reconviction.model import ASSUMPTIONS, HORIZON_MONTHS, HazardTables, ReconvictionModel

__all__ = ["ASSUMPTIONS", "HORIZON_MONTHS", "HazardTables", "ReconvictionModel"]
