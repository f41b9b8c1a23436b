"""What the phases of a run take, one after the other in this process: seconds of processor, and memory held and at its peak.

``python benchmarks/phases.py [--fraction 1]``: the baseline, seed 1, with events, measured and encoded as ``sortie run`` does
(files are not written). Linux only: memory is read from ``/proc``.
"""

from __future__ import annotations

import argparse
import gc
import time
from dataclasses import replace
from pathlib import Path


def told(phase: str) -> None:
    """Print what the process has taken by the end of a phase."""
    held = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    rss, peak = (int(held[name].split()[0]) // 1024 for name in ("VmRSS", "VmHWM"))
    print(f"{phase:32} {time.process_time():8.2f} s {rss:6} MB {peak:6} MB at most", flush=True)


def main() -> None:
    """Run, and print a line for each phase."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--fraction", type=float, default=1.0)
    asked = parser.parse_args()
    told("Python")
    from sim.scenario import load_scenario  # here, and not above: what imports take is a phase too

    scenario = replace(load_scenario("baseline"), sampling_fraction=asked.fraction)
    told("scenario read")
    from sim.experiments.measurement import context_for
    from sim.experiments.units import give_back_memory, large_blocks
    from sim.indicators.summary import TablesInMemory, measure
    from sim.records.parquet import encode
    from sim.simulation.run import assemble, paused_garbage_collection

    told("imports")
    large_blocks(apart=True)
    with paused_garbage_collection():
        world = assemble(scenario, seed=1, replication=0, keep_events=True)
        told("first day (machine code, stock)")
        world.env.run()
    told("simulated")
    records = world.records
    del world
    large_blocks(apart=False)
    gc.collect()
    give_back_memory()
    told("world given back")
    measure(TablesInMemory(records), context_for(scenario))
    give_back_memory()
    told("measured")
    size = 0
    for name, table in records.tables.items():
        size += len(encode(name, table.blocks(), records.codebook))
        if name == "events":
            told("events encoded")
    told(f"all encoded ({size / 1e6:.0f} MB)")


if __name__ == "__main__":
    main()
