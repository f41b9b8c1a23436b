"""The process that makes a run for the explorer: what ``sortie run`` does, told line by line to the server.

It reads one request on standard input, then keeps reading: when the server ends, however it ends, that pipe closes and this
process ends with its workers. Nothing of Streamlit is imported here.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.engine.compile import is_ready
from sim.errors import RequestError, RunFolderError, SimError
from sim.experiments.batch import check_disk_of_run
from sim.experiments.progress import Lines
from sim.experiments.replicate import replicate
from sim.experiments.run_options import adapted
from sim.policies import POLICIES
from sim.scenario import load_scenario, read_scenario

if TYPE_CHECKING:
    from sim.scenario import Scenario


def main() -> None:
    """Make the run that standard input asks for."""
    request = json.loads(sys.stdin.readline())
    threading.Thread(target=_end_with_the_server, daemon=True).start()
    known = frozenset(POLICIES)
    if not is_ready():
        _say({"event": "compiling"})
    try:
        policy = read_scenario(request["text"], name=request["name"], known_policies=known)
        # A scenario that changes nothing is the baseline under another name: it is paired with it all the same.
        scenarios = [load_scenario("baseline", known_policies=known), policy]
        asked = [adapted(scenario, days={}, fraction=float(request["fraction"])) for scenario in scenarios]
        _must_fit(asked, request)
        outcome = replicate(
            asked,
            replications=int(request["replications"]),
            seed=int(request["seed"]),
            workers=int(request["workers"]),
            output=Path(request["output"]),
            events="none",
            fork=True,
            listener=Lines(sys.stdout, as_json=True),
        )
    except SimError as problem:
        _say({"event": "error", "message": str(problem)})
        return
    failures = [failure.message for failure in outcome.failures]
    _say({"event": "error", "message": failures[0]} if failures else {"event": "end"})


def _must_fit(scenarios: list[Scenario], request: dict[str, Any]) -> None:
    """Refuse what the disk cannot hold, before it is begun.

    Raises
    ------
    RequestError
        If so, in words for a visitor.
    """
    size = {"replications": int(request["replications"]), "seed": int(request["seed"])}
    try:
        check_disk_of_run(scenarios, **size, events="none", output=Path(request["output"]))
    except RunFolderError as problem:
        msg = (
            "the disk of this server has no room for this run: ask for fewer replications or a smaller part of the country,"
            " or run the command yourself."
        )
        raise RequestError(msg) from problem


def _say(facts: dict[str, str]) -> None:
    sys.stdout.write(json.dumps(facts, ensure_ascii=False) + "\n")
    sys.stdout.flush()


def _end_with_the_server() -> None:
    sys.stdin.read()
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)  # its own group: itself and its workers
    os._exit(1)


if __name__ == "__main__":
    main()
