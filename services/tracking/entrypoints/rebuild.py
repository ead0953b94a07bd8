"""The command that makes the projection anew from the log of scans, while the service goes on."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

import asyncpg

from services.tracking.entrypoints.restore import Restored, restore
from services.tracking.settings import TrackingSettings
from services.tracking.store import journeys, rebuilt
from services.tracking.use_cases.catch_up_journeys import catch_up_journeys
from services.tracking.use_cases.compare_journeys import Fault, RebuiltOtherwise, compare_journeys
from services.tracking.use_cases.rebuild_journeys import rebuild_journeys
from services.tracking.use_cases.swap_journeys import ShapeDiffers, swap_journeys
from services.tracking.use_cases.tell_again import tell_again
from shared.db.connection import Database, Tx
from shared.failpoints import Place, reached
from shared.messaging.outbox import Outbox

Say = Callable[[str], None]

PORTION = 10_000
"""Scans of a range: what is in memory at a time."""
CHANGED_AT_ONCE = 1_000
FEW_CHANGED = 100
"""So many may be left to fold while the live table is locked."""
TOLD_AT_ONCE = 500
LOCK_WITHIN_S = 0.5
PAUSE_S = 0.5
TRIES = 120
SAY_EVERY_S = 2.0
SHOWN = 10


class CannotRebuild(Exception):
    """The projection cannot be rebuilt now; the text says why and what to do."""


@dataclass(slots=True)
class Report:
    """What a rebuild did."""

    restored: Restored | None = None
    scans: int = 0
    journeys: int = 0
    faults: Counter[Fault] = field(default_factory=Counter)
    numbers: list[str] = field(default_factory=list)
    """Some of the numbers with faults."""
    told_again: int = 0
    seconds: float = 0.0
    """What the rebuild took, without restoring before it and telling behind it."""

    @property
    def lines(self) -> list[str]:
        """Say it in sentences."""
        rate = self.scans / max(self.seconds, 0.001)
        lines = self.restored.lines if self.restored else []
        lines.append(
            f"{self.scans:,} scans folded into {self.journeys:,} journeys in {self.seconds:.1f} s: {rate:,.0f}/s."
        )
        faults = ", ".join(f"{self.faults[fault]:,} {fault}" for fault in Fault)
        shown = f" (such as {', '.join(self.numbers)})" if self.numbers else ""
        lines.append(f"In the table before: {faults}{shown}.")
        if self.told_again:
            lines.append(f"{self.told_again:,} numbers stood otherwise than was told; they were told again.")
        return lines


async def rebuild_from_environment(settings: TrackingSettings) -> None:
    """Rebuild the database that TRACKING_OWNER_DATABASE_URL names, and print what was done."""
    await _print_rebuild(settings, None)


async def rebuild_from_topics(settings: TrackingSettings) -> None:
    """Fill up the log from the topics first."""
    await _print_rebuild(settings, settings.kafka_bootstrap)


async def _print_rebuild(settings: TrackingSettings, bootstrap: str | None) -> None:
    if settings.owner_database_url is None:
        sys.exit("Set TRACKING_OWNER_DATABASE_URL: the service's own role may not make tables.")
    try:
        report = await rebuild(settings.owner_database_url.get_secret_value(), print, bootstrap)
    except CannotRebuild as error:
        sys.exit(str(error))
    print("\n".join(report.lines))


async def rebuild(owner_url: str, say: Say, bootstrap: str | None = None) -> Report:
    """Make journeys anew in a shadow table and swap it in; with bootstrap servers, restore scans from topics first.

    Raises: CannotRebuild; the live table then is as it was.
    """
    database = await Database.open(owner_url, pool_size=1, application="rebuild")
    try:
        async with database.connection() as connection:
            report = Report(await restore(connection, bootstrap, say) if bootstrap else None)
            began_at = time.monotonic()
            await _rebuild(connection, report, say)
            report.seconds = time.monotonic() - began_at
            await _tell_again(connection, report)
            return report
    except (RebuiltOtherwise, ShapeDiffers) as error:
        raise CannotRebuild(str(error)) from error
    except asyncpg.InsufficientPrivilegeError as error:
        raise CannotRebuild("Name the owner of the database: the service's own role may not make tables.") from error
    finally:
        await database.close()


async def _rebuild(connection: Tx, report: Report, say: Say) -> None:
    if not await rebuilt.hold(connection):
        raise CannotRebuild("A migration or another rebuild is at work; wait until it has ended.")
    await _patiently(lambda: _begin(connection), say)
    reached(Place.REBUILD_BEGUN)
    await _fill(connection, report, say)
    reached(Place.REBUILD_FILLED)
    async with connection.transaction():
        await rebuilt.index(connection)
    await _catch_up(connection)
    say("Comparing with the journeys as they are.")
    await _compare(connection, report)
    await _catch_up(connection)
    await _patiently(lambda: _swap(connection), say)
    reached(Place.REBUILD_COMMITTED)
    say("The rebuilt journeys are in place.")


async def _begin(connection: Tx) -> None:
    async with connection.transaction():
        await rebuilt.lock_live(connection, LOCK_WITHIN_S)
        await rebuilt.begin(connection)


async def _fill(connection: Tx, report: Report, say: Say) -> None:
    expected, after, said_at = await rebuilt.expected_scans(connection), "", time.monotonic()
    while True:
        async with connection.transaction(isolation="repeatable_read"):
            done = await rebuild_journeys(connection, after, PORTION)
        if done is None:
            return
        after, report.scans, report.journeys = done.upto, report.scans + done.scans, report.journeys + done.journeys
        if time.monotonic() - said_at > SAY_EVERY_S:
            said_at = time.monotonic()
            say(f"{report.scans:,} of about {max(expected, report.scans):,} scans folded, up to {after}.")


async def _catch_up(connection: Tx) -> None:
    """Fold what changed until little is left; a live rate above ours would leave the rest to the lock."""
    for _ in range(TRIES):
        async with connection.transaction(isolation="repeatable_read"):
            if await catch_up_journeys(connection, CHANGED_AT_ONCE) < FEW_CHANGED:
                return


async def _compare(connection: Tx, report: Report) -> None:
    after = ""
    while True:
        async with connection.transaction(isolation="repeatable_read"):
            compared = await compare_journeys(connection, after, PORTION)
        if compared is None:
            return
        after = compared.upto
        report.faults.update(compared.faults)
        report.numbers += compared.numbers[: SHOWN - len(report.numbers)]


async def _swap(connection: Tx) -> None:
    async with connection.transaction():
        await swap_journeys(connection, LOCK_WITHIN_S)
        reached(Place.REBUILD_SWAPPED)


async def _patiently(step: Callable[[], Awaitable[None]], say: Say) -> None:
    """Try a step that needs the live table for itself again until it gets it; those who write go first."""
    for tried in range(1, TRIES + 1):
        try:
            return await step()
        except asyncpg.LockNotAvailableError:
            if tried % 10 == 0:
                say("Waiting for a moment in which nobody writes journeys.")
        await asyncio.sleep(PAUSE_S)
    raise CannotRebuild("Somebody keeps the table of journeys locked; end that transaction and begin again.")


async def _tell_again(connection: Tx, report: Report) -> None:
    outbox, after = Outbox("tracking"), ""
    while numbers := await journeys.told_otherwise(connection, after, TOLD_AT_ONCE):
        async with connection.transaction():
            await tell_again(connection, outbox, numbers)
        after, report.told_again = numbers[-1], report.told_again + len(numbers)
