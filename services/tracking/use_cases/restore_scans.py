"""Scans that were lost come back from what the topics tell of them; nobody is told anything by it."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import datetime

from services.tracking.domain.rebuilt import rebuild
from services.tracking.domain.restored import restore
from services.tracking.store import journeys, scans
from shared.contracts.envelope import Event
from shared.db.connection import Tx


async def restore_scans(tx: Tx, events: Sequence[Event], now: datetime) -> Counter[str]:
    """Add what these events tell and the log lacks; returns how many scans are new and events passed over.

    Locks the journeys of their numbers, in the order of numbers, and leaves each as its log and the events say.
    """
    by_number = defaultdict(list)
    for event in events:
        by_number[event.key].append(event)
    numbers = sorted(by_number)
    await journeys.open_missing(tx, numbers, now)
    await journeys.lock(tx, numbers)
    live, log = await journeys.rows_of_numbers(tx, numbers), await scans.of_numbers(tx, numbers)
    restored = {number: restore(log.get(number, ()), live[number], by_number[number]) for number in numbers}
    new = [scan for one in restored.values() for scan in one.new]
    restated = [scan for one in restored.values() for scan in one.restated]
    await scans.add(tx, new)
    await scans.restate(tx, restated)
    logs = {number: {scan.scan_id: scan for scan in log.get(number, ())} for number in numbers}
    for scan in [*new, *restated]:
        logs[scan.item_number][scan.scan_id] = scan
    rows = [rebuild([*logs[number].values()], live[number], restored[number].heard) for number in numbers]
    await journeys.put(tx, [row for of_number in rows for row in of_number])
    return Counter(new=len(new), passed_over=sum(one.passed_over for one in restored.values()))
