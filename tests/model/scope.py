"""For a block, the statements of the stores, the clock and the ids are the model's; all other code is the real one."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, tzinfo
from itertools import count
from types import SimpleNamespace
from uuid import UUID

import asyncpg
import pytest
import structlog
import uuid_utils.compat

from services.notifications.entrypoints import sender
from services.notifications.store import (
    attempts,
    charges,
    codes_to_send,
    contacts,
    corrections,
    customs_messages,
    customs_news,
    development_inbox,
    erased_parcels,
    messages,
    telegram_links,
)
from services.notifications.store import parcels as notified_parcels
from services.parcel.customs.store import declarations, inbound_items
from services.parcel.idempotency.store import requests
from services.parcel.people.store import reads
from services.parcel.posting.store import parcels, registrations, search
from services.tracking.store import journeys, scans
from shared import clock
from shared.messaging import consume, dead_letters, inbox, outbox, relay
from tests.model import (
    code_tables,
    correction_tables,
    messaging_tables,
    notifications_tables,
    parcel_tables,
    tracking_tables,
)
from tests.model.faults import acting
from tests.model.loop import Loop, running
from tests.model.processes import Process
from tests.model.server import Transaction, connect

STAND_INS = {
    outbox: {name: getattr(messaging_tables, name) for name in ("insert", "unsent", "mark_sent", "make_unsent")},
    inbox: {"keep_new": messaging_tables.keep_new},
    dead_letters: {"park": messaging_tables.park},
    inbound_items: {"follow": parcel_tables.follow_inbound_items},
    declarations: {"erase_people": parcel_tables.erase_declarations},
    registrations: {"insert": parcel_tables.insert},
    reads: {"note": parcel_tables.note_read},
    requests: {"find": parcel_tables.find_request},
    parcels: {
        name: getattr(parcel_tables, name)
        for name in ("find", "lock", "change_recipient", "cancel", "follow", "after", "erase_people")
    },
    search: {name: getattr(parcel_tables, name) for name in ("lock_new", "keep", "forget")},
    journeys: {name: getattr(tracking_tables, name) for name in ("open_missing", "lock", "save")},
    scans: {name: getattr(tracking_tables, name) for name in ("add", "of_numbers")},
    contacts: {
        "save": notifications_tables.save_contacts,
        "hold": notifications_tables.hold_contacts,
        "forget": notifications_tables.forget_contacts,
    },
    customs_messages: {"claim": notifications_tables.claim_of_customs},
    customs_news: {"take": notifications_tables.take_customs_news},
    corrections: {"note": correction_tables.note, "repeat": correction_tables.repeat},
    charges: {"forget": notifications_tables.forget_charges},
    erased_parcels: {
        "keep": notifications_tables.keep_erased,
        "among": notifications_tables.erased_among,
        "drop_older": notifications_tables.drop_older_erased,
    },
    development_inbox: {
        "put": notifications_tables.put_in_inbox,
        "forget": notifications_tables.forget_in_inbox,
        "latest": notifications_tables.latest_in_inbox,
    },
    notified_parcels: {"save": notifications_tables.save_parcels},
    telegram_links: {"save": notifications_tables.save_link},
    attempts: {"conclude": notifications_tables.conclude},
    messages: {
        **{
            name: getattr(notifications_tables, name)
            for name in ("add", "release", "release_missed", "claim", "take_lost", "settle", "expire", "count_open")
        },
        **{name: getattr(code_tables, name) for name in ("add_codes", "forget_codes")},
    },
    codes_to_send: {name: getattr(code_tables, name) for name in ("add", "claim", "forget")},
}


class _Clock:
    """Tells the time of the loop that runs."""

    @staticmethod
    def now(zone: tzinfo) -> datetime:
        return moment().astimezone(zone)


def _time_s() -> float:
    return _running.time()


def moment() -> datetime:
    """Return the time by the loop that runs."""
    return _running.now()


_running = Loop(0.0)  # type: ignore[abstract]  # it has what the code calls


async def _connect(url: str, **_settings: object) -> Transaction:
    process = acting.get().process
    assert isinstance(process, Process)
    return await connect(process.around.servers[url])


@contextmanager
def stand_ins() -> Iterator[None]:
    """Put the stand-ins in the place of the statements, quietly; a batch of three is large here, and goes in lanes."""
    with pytest.MonkeyPatch.context() as patch:
        for module, functions in STAND_INS.items():
            for name, function in functions.items():
                patch.setattr(module, name, function)
        patch.setattr(clock, "datetime", _Clock)
        patch.setattr(asyncpg, "connect", _connect)
        patch.setattr(consume, "CATCHING_UP", 2)
        for module in (relay, sender):
            patch.setattr(module, "time", SimpleNamespace(monotonic=_time_s))
        kept = structlog.get_config()
        structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
        try:
            yield
        finally:
            structlog.configure(**kept)


@contextmanager
def history() -> Iterator[Loop]:
    """Begin a history: its own time, and ids that are the same in each run of it."""
    global _running  # noqa: PLW0603  # the real clock is one for a process, too
    loop = Loop(0.0)  # type: ignore[abstract]  # the same
    ids = count(1)
    with pytest.MonkeyPatch.context() as patch, running(loop):
        _running = loop
        patch.setattr(uuid_utils.compat, "uuid7", lambda: new_uuid(next(ids)))
        yield loop


@contextmanager
def portions(rows: int) -> Iterator[None]:
    """Let relays read so many rows at once, for a block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(relay, "BATCH", rows)
        yield


def new_uuid(number: int) -> UUID:
    """Return an id of version 7; those of later numbers sort after it."""
    return UUID(int=(number << 80) | (7 << 76) | (2 << 62))
