"""F3: a replica of each service is stopped with SIGTERM and started again, as when a new version is put in place."""

import signal

from onebox.configuration import SERVICES
from tests.faults.invariants.versions import not_failed
from tests.faults.recovery_bounds import ENDED
from tests.faults.run import Run
from tests.faults.scenario import Scenario
from tests.system.stack import Launch

STOPPED_WITHIN_S = ENDED.here
IN_ORDER = (0, -signal.SIGTERM)
"""The server raises the signal again when everything else is done."""
READY_WITHIN_S = 60.0


async def replace_each_replica(run: Run) -> None:
    """Stop and start the two replicas of each service one after the other; nobody who calls may notice."""
    before = len(run.history.calls)
    for _ in range(run.rounds):
        for service in run.chance.sample(SERVICES, len(SERVICES)):
            async with run.window(f"{service} replaced", floor=20):
                for replica in range(2):
                    await replace_one(run, Launch(service, replica, run.office.environment))
    for call in run.history.calls[before:]:
        run.must(not_failed(call), f"F3 {call.kind} {call.key} failed: {call.status} {call.reason}")


async def replace_one(run: Run, by: Launch) -> None:
    """Stop a replica in order and start another in its place; waits until that one answers."""
    if run.office.stack.runs(by.name):
        await stop_one(run, by.name)
    await run.office.supervisor.keep(by)
    await run.office.stack.until_ready(by.name, READY_WITHIN_S)


async def stop_one(run: Run, name: str) -> None:
    """Stop a replica; it must end in order and in time."""
    status, took_s = await run.office.supervisor.stop(name)
    run.must(status in IN_ORDER, f"F3 {name} ended with {status}")
    run.must(took_s <= STOPPED_WITHIN_S, f"F3 {name} took {took_s:.1f} s to stop")


SCENARIOS = [
    Scenario("F3", "replicas replaced one after another", replace_each_replica, workers=2, replicas=2, seats=2)
]
