"""F16: the clock of a counter's device is wrong by a day or by more than a year, and it knows that or does not."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import count
from typing import Any

import asyncpg

from onebox.simulator.history import Call, Kind, Outcome
from onebox.simulator.network import TAKEO_HUB
from onebox.simulator.retrying import until_known
from shared.ids import new_id
from tests.faults.deeds import Clerk
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario

DAY, YEAR = timedelta(days=1), timedelta(days=367)
"""A scan may come a year late; what is older than 366 days is taken for a wrong clock."""
REFUSED = {DAY: "in-the-future", YEAR: "in-the-future", -YEAR: "too-long-ago"}
"""What a device is told that sends such a time and says nothing of its drift."""
RECEIVED_WITHIN_S = 60.0
SHOWN_WITHIN_S = 15.0

Form = Mapping[str, Any]


async def scan_with_wrong_clocks(run: Run) -> None:
    """Scan a parcel at both ends of its first ride with each wrong clock, while work with right ones goes on."""
    clerk, sequence = Clerk(run), count(1)
    async with run.window("clocks of counters wrong", floor=20):
        for _ in range(run.rounds):
            for wrong in (DAY, -DAY, YEAR, -YEAR):
                parcel, number = await clerk.register()
                scan = partial(_scan, run, number, parcel["office"], wrong, sequence)
                await _is_corrected(run, number, [await scan("EDE", drifts=True), await scan("EDD", drifts=True)])
                await _is_judged(run, await scan("EDD", drifts=False), wrong)
        await shown_again(run, SHOWN_WITHIN_S, "clocks of counters were wrong")


async def _scan(
    run: Run, number: str, office: str, wrong: timedelta, sequence: "count[int]", code: str, *, drifts: bool
) -> Call:
    """Send one scan from a device that is wrong by so much, with or without its drift."""
    at = office if code == "EDE" else run.office.network.hub_of.get(office, TAKEO_HUB)
    form: Form = {
        "scan_id": str(new_id()),
        "item_number": number,
        "event_code": code,
        "office": at,
        "device": f"{at}-9",
        "device_sequence": next(sequence),
        "device_time": (datetime.now(UTC) + wrong).isoformat(),
        "drift_ms": wrong // timedelta(milliseconds=1) if drifts else 0,
    }
    return await until_known(lambda: run.client.scan(at, form), Kind.SCAN)


async def _is_corrected(run: Run, number: str, scans: list[Call]) -> None:
    """Have the scans stand at their true time, behind the registration and in the order in which they were made."""
    for call in scans:
        run.must(call.outcome is Outcome.OK, f"I5 a scan with its drift was answered {call.status} {call.reason}")
    read = await until_known(lambda: run.client.read_journey(number), Kind.READ_JOURNEY)
    shown = [(event["event_code"], datetime.fromisoformat(event["occurred_at"])) for event in read.answer["events"]]
    due = [(str(call.asked["event_code"]), _true_time(call.asked)) for call in scans]
    run.must(shown[-len(due) :] == due, f"I5 {number} shows {shown}, and its devices say {due}")
    await _was_received_now(run, [str(call.key) for call in scans])


async def _is_judged(run: Run, call: Call, wrong: timedelta) -> None:
    """Have a time that cannot be refused with its reason; a day ago may be, and what is told stands beside ours."""
    if wrong not in REFUSED:
        run.must(call.outcome is Outcome.OK, f"I5 a scan of a day ago was answered {call.status} {call.reason}")
        await _was_received_now(run, [call.key])
        return
    codes = [error["code"] for error in call.answer.get("errors", ())]
    told = f"I5 a device that is wrong by {wrong.days} days was answered {call.status} {codes}"
    run.must(call.status == 422 and codes == [REFUSED[wrong]], told)


async def _was_received_now(run: Run, scan_ids: list[str]) -> None:
    connection = await asyncpg.connect(run.office.stack.databases["tracking"].service, timeout=5)
    try:
        in_time = await connection.fetchval(
            """
            select count(*) from scan where scan_id = any($1::uuid[])
                and received_at between now() - make_interval(secs => $2) and now() + make_interval(secs => $2)
            """,
            scan_ids,
            RECEIVED_WITHIN_S,
        )
    finally:
        await connection.close()
    run.must(in_time == len(scan_ids), f"I5 {in_time} of {len(scan_ids)} scans stand beside the time when they came")


def _true_time(form: Form) -> datetime:
    return datetime.fromisoformat(form["device_time"]) - timedelta(milliseconds=form["drift_ms"])


SCENARIOS = [Scenario("F16", "clocks of counters wrong", scan_with_wrong_clocks, workers=2)]
