"""Traders who ask for a code to sign in with, each of them once, beside the load."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial

import asyncpg

from onebox.simulator.client import ANSWER_WITHIN_S, Client
from onebox.simulator.history import Kind
from onebox.simulator.retrying import until_known
from services.parcel.people.domain.sign_in_code import AGAIN_AFTER
from shared.ids import new_id
from tests.faults.post_office import PostOffice
from tests.faults.watch import OURS

TRADERS = 5_000
"""More than can ask in the longest run: nobody asks twice, so that nobody is to be told twice."""
AT_ONCE, REST_S = 4, 2.0
"""Some at once: a service that was just started may be killed again before one of them alone has come to its turn."""
LAST_TRADER = f"+8559680{TRADERS:05d}"
"""Asks when all is well again."""
SHOWN = "select count(*) from development_inbox where phone = $1"
SHOWN_WITHIN_S, PAUSE_S = 20.0, 0.1
GIVES_UP_AFTER_S = AGAIN_AFTER.total_seconds() - 2 * ANSWER_WITHIN_S
"""Whoever asks again later than that may be sent another code, and rightly."""


@asynccontextmanager
async def asking_for_codes(office: PostOffice, client: Client) -> AsyncIterator[None]:
    """Have traders ask while the block lasts, each until he knows that he was heard."""
    await _enrol(office)
    waiting, stopping = phones(), asyncio.Event()

    async def ask() -> None:
        for phone in waiting:
            await until_known(partial(client.ask_for_code, phone), Kind.ASK_CODE, GIVES_UP_AFTER_S)
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), REST_S)
                return

    async with asyncio.TaskGroup() as group:
        for _ in range(AT_ONCE):
            group.create_task(ask())
        try:
            yield
        finally:
            # Whoever has asked meanwhile goes on until he is heard: a short fault would else be over before that.
            stopping.set()


async def ask_once_more(office: PostOffice, client: Client) -> None:
    """Have one trader more ask, and wait until his phone shows a code, or until it should have."""
    await until_known(partial(client.ask_for_code, LAST_TRADER), Kind.ASK_CODE, SHOWN_WITHIN_S)
    with suppress(OSError, TimeoutError, asyncpg.PostgresError):
        url, as_ours = office.stack.databases["notifications"].service, {"application_name": OURS}
        connection = await asyncpg.connect(url, timeout=5, server_settings=as_ours)
        try:
            async with asyncio.timeout(SHOWN_WITHIN_S):
                while not await connection.fetchval(SHOWN, LAST_TRADER):
                    await asyncio.sleep(PAUSE_S)
        finally:
            await connection.close()


def phones() -> Iterator[str]:
    """Yield the phones of traders, which nobody of the load has."""
    return (f"+8559680{number:05d}" for number in range(TRADERS))


async def _enrol(office: PostOffice) -> None:
    """Open a shop whose members these traders are."""
    connection = await asyncpg.connect(office.stack.databases["parcel"].service, timeout=5)
    shop, now = new_id(), datetime.now(UTC)
    try:
        await connection.execute(
            """
            insert into trader (trader_id, shop_name, office, identity, payout, opened_by, opened_at)
            values ($1, 'A shop', $2, '{}', '{}', 'nobody', $3)
            """,
            shop,
            office.network.counters[0],
            now,
        )
        await connection.executemany(
            """
            insert into trader_member (member_id, trader_id, name, phone, language, role, added_at)
            values ($1, $2, 'A trader', $3, 'km', 'member', $4)
            """,
            [(new_id(), shop, phone, now) for phone in (*phones(), LAST_TRADER)],
        )
    finally:
        await connection.close()
