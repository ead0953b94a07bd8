"""The command that verifies the ledger: `verify-ledger`, beside the running service."""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

import asyncpg
from aiokafka.errors import KafkaError

from services.parcel.cash.domain.verification import Fault
from services.parcel.cash.use_cases.verify_ledger import Verified, verify_ledger
from services.parcel.settings import ParcelSettings
from shared.contracts.parcel import EVENTS_TOPIC, ParcelLedgerHeadV1
from shared.messaging.decode import Arrived, Decoder
from shared.messaging.read_back import read_back

CONNECT_WITHIN_S = 10
SAY_EVERY_S = 2.0


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found."""

    verified: Verified
    heads_read: bool
    """Whether the broker was asked which heads were told."""
    seconds: float

    @property
    def lines(self) -> list[str]:
        """Say it in sentences."""
        verified = self.verified
        told = (
            f"{verified.told:,} heads that were told"
            if self.heads_read
            else "no head that was told: no broker answered"
        )
        return [
            f"{verified.entries:,} entries of {verified.offices:,} offices verified in {self.seconds:.1f} s,"
            f" against {told}.",
            *(_sentence(fault) for fault in verified.faults),
            "The ledger is as it was made." if not verified.faults else f"{len(verified.faults):,} faults.",
        ]


async def verify_from_environment(settings: ParcelSettings) -> None:
    """Verify the ledger; ends with status 1 where it is not as it was made."""
    report = await verify(settings.database_url.get_secret_value(), settings.kafka_bootstrap, _say)
    print("\n".join(report.lines))
    if report.verified.faults:
        sys.exit(1)


async def verify(database_url: str, bootstrap: str | None, say: Callable[[str], None]) -> Report:
    """Verify the ledger of every office as it stands now, against the heads that the broker still holds."""
    began = time.monotonic()
    told = await _told(bootstrap, say) if bootstrap else None
    connection = await asyncpg.connect(database_url, timeout=CONNECT_WITHIN_S)
    try:
        # One picture of all tables, so that a running service takes nothing apart.
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            verified = await verify_ledger(connection, told or {}, _now_and_then(say))
    finally:
        await connection.close()
    return Report(verified, told is not None, time.monotonic() - began)


async def _told(bootstrap: str, say: Callable[[str], None]) -> dict[str, dict[int, str]] | None:
    """Return the heads that were told; None where no broker answers, which stops no verification."""
    decoder, told = Decoder([ParcelLedgerHeadV1]), dict[str, dict[int, str]]()
    try:
        async for records in read_back(bootstrap, EVENTS_TOPIC):
            for record in records:
                outcome = decoder.read(record)
                if isinstance(outcome, Arrived) and isinstance(outcome.event, ParcelLedgerHeadV1):
                    told.setdefault(outcome.event.office, {})[outcome.event.sequence] = outcome.event.sha256
    except (KafkaError, TimeoutError, OSError) as error:
        say(f"No broker answers ({type(error).__name__}): the heads that were told are not compared.")
        return None
    return told


def _now_and_then(say: Callable[[str], None]) -> Callable[[Verified], None]:
    said_at = time.monotonic()

    def tell(verified: Verified) -> None:
        nonlocal said_at
        if time.monotonic() - said_at > SAY_EVERY_S:
            said_at = time.monotonic()
            say(f"{verified.entries:,} entries verified.")

    return tell


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _sentence(fault: Fault) -> str:
    where = f"entry {fault.sequence}" if fault.sequence else "the ledger"
    return f"{fault.office}: {where}: {fault.wrong}"
