"""Makes a running post office ready for a practice: its offices are loaded, and every service knows of them."""

import asyncio
import time
from datetime import UTC, datetime

from onebox.errors import CannotRun
from onebox.simulator.client import Client, Request
from onebox.simulator.history import Kind, Outcome
from onebox.simulator.network import Network, made_up_offices
from services.parcel.setup.entrypoints.samples import load
from shared.ids import new_id

KNOWN_WITHIN_S = 60.0
ADMINISTRATOR = "admin"
PORTION = 400
NOBODYS_NUMBER = "PD000000005KH"


class NotReady(CannotRun):
    """The services do not know the offices of the practice."""

    def __init__(self, unknown: int) -> None:
        super().__init__(
            f"{unknown} offices of the practice are not known to the services after {KNOWN_WITHIN_S:.0f} s."
            " Does the post office run, and was it started with this state folder?"
        )


async def load_offices(parcel_database_url: str, passphrase: str, network: Network) -> int:
    """Load the offices that a network has beyond the sample set, each with a clerk; returns how many were new."""
    return len(await load(parcel_database_url, passphrase, made_up_offices(network)))


async def until_known_everywhere(client: Client, network: Network) -> None:
    """Wait until parcel and tracking know every office; asks for what no service does, so that nothing is left.

    Raises: NotReady.
    """
    deadline = time.monotonic() + KNOWN_WITHIN_S
    while (unknown := await _unknown_to_tracking(client, network) + await _unknown_to_parcel(client, network)) > 0:
        if time.monotonic() > deadline:
            raise NotReady(unknown)
        await asyncio.sleep(0.5)


async def _unknown_to_tracking(client: Client, network: Network) -> int:
    offices, unknown = list(network.everywhere), 0
    for first in range(0, len(offices), PORTION):
        portion = offices[first : first + PORTION]
        call = await client.scan_batch(ADMINISTRATOR, [_no_scan(office) for office in portion])
        results = call.answer.get("results", ()) if call.outcome is Outcome.OK else ()
        known = [result for result in results if "unknown-office" not in {error["code"] for error in result["errors"]}]
        unknown += len(portion) - len(known)
    return unknown


async def _unknown_to_parcel(client: Client, network: Network) -> int:
    # The parcel service reads its whole directory at once, so one office stands for all.
    body = {"office": network.counters[-1], "collecting_office": network.counters[-1], "weight_g": 100_000}
    person = {"name": "Nobody", "phone": "012 345 678"}
    too_heavy = {**body, "sender": person, "recipient": person}
    request = Request(
        Kind.REGISTER, "practice", "parcel", "POST", "/parcels", too_heavy, {"Idempotency-Key": "practice"}
    )
    call = await client.ask(ADMINISTRATOR, request)
    codes = {error["code"] for error in call.answer.get("errors", ())}
    return 0 if "too-heavy" in codes and "unknown-office" not in codes else 1


def _no_scan(office: str) -> dict[str, str]:
    """Return a scan that is refused wherever it is sent, for a hold needs a reason."""
    return {
        "scan_id": str(new_id()),
        "item_number": NOBODYS_NUMBER,
        "event_code": "EDF",
        "office": office,
        "device_time": datetime.now(UTC).isoformat(),
    }


async def open_counters(client: Client, network: Network) -> None:
    """Sign in the clerks of all offices, one after the other; one that is refused signs in when they first act."""
    for office in network.everywhere:
        await client.sign_in(office)
