"""What was there as a migration comes is taken over as what it is."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import asyncpg
import pytest

from services.parcel.main import MIGRATIONS
from shared.db.migrate import read
from shared.web.service import SHARED_MIGRATIONS
from tests.support import databases
from tests.support.addresses import Addresses

CLOSED_BEFORE, ADDRESSEES_TOLD = "0160_closed_before.sql", "0161_addressees_told.sql"
SQL: Mapping[str, str] = {one.name: one.sql for one in read([*SHARED_MIGRATIONS, MIGRATIONS])}
OFFICES = """
insert into directory (kind, id, version, body)
values ('office', 'EXCHANGE', 1, '{"office_kind": "office_of_exchange"}'),
    ('office', 'HUB', 1, '{"office_kind": "hub"}')
"""
PARCEL = """
insert into parcel (item_number, office, service, destination_country, weight_g, sender, recipient, sender_phone,
    recipient_phone, link_secret, registered_by, registered_at, state, holding_office)
values ($1, 'HUB', $2, $3, 1, '{}', '{}', '', '', '', 'clerk', now(), $4, $5)
"""
DECLARED = """
insert into customs_declaration (item_number, body, declared_by, declared_at, updated_at, advance_data_complete_at)
values ($1, '{}', 'clerk', now(), now(), now())
"""
CONTENT = '{"addressee": {"name": "Chan Thida", "phone": "097 123 4567", "address": ["Tram Kak"]}}'
ITEM = """
insert into inbound_item (item_number, origin_country, sender_name, addressee, content, taking_office,
    collecting_office, source, link_secret, received_at, taken_by, addressee_by_hand)
values ($1, 'KR', 'Kim Minji', $2::jsonb, $3::jsonb, 'HUB', 'HUB', $4, '', '2026-11-01', 'clerk', true)
"""


@asynccontextmanager
async def before(servers: Addresses, name: str) -> AsyncIterator[asyncpg.Connection]:
    """Lend the database of a release that did not have a migration yet."""
    async with databases.fresh(servers, "parcel") as lent:
        owner = await asyncpg.connect(lent.owner_url)
        try:
            await owner.execute("create schema earlier; set search_path to earlier")
            for earlier in sorted(one for one in SQL if one < name):
                await owner.execute(SQL[earlier])
            yield owner
        finally:
            await owner.close()


@pytest.mark.parametrize(
    ("country", "service", "state", "office", "told", "is_closed"),
    [
        ("KR", "parcel", "arrived", None, True, True),
        ("KR", "parcel", "in_transit", "EXCHANGE", True, True),
        ("KR", "parcel", "at_customs", "EXCHANGE", True, True),
        ("KR", "registered_letter", "in_transit", "EXCHANGE", False, True),
        ("KR", "parcel", "in_transit", "EXCHANGE", False, False),
        ("KR", "parcel", "in_transit", "HUB", True, False),
        ("KR", "parcel", "in_transit", None, True, False),
        ("KR", "parcel", "accepted", "EXCHANGE", True, False),
        ("KH", "parcel", "arrived", "HUB", False, False),
        ("KH", "registered_letter", "in_transit", "EXCHANGE", False, False),
    ],
)
async def test_what_left_before_closings_were_noted_is_closed(
    servers: Addresses, country: str, service: str, state: str, office: str | None, told: bool, is_closed: bool
) -> None:
    async with before(servers, CLOSED_BEFORE) as owner:
        await owner.execute(OFFICES)
        await owner.execute(PARCEL, "it", service, country, state, office)
        if told:
            await owner.execute(DECLARED, "it")

        await owner.execute(SQL[CLOSED_BEFORE])

        assert await owner.fetchval("select exists (select from closed_item)") is is_closed


async def test_what_is_noted_as_closed_keeps_its_time(servers: Addresses) -> None:
    async with before(servers, CLOSED_BEFORE) as owner:
        await owner.execute(PARCEL, "it", "parcel", "KR", "arrived", None)
        await owner.execute("insert into closed_item values ('it', '2026-11-01')")

        await owner.execute(SQL[CLOSED_BEFORE])

        assert await owner.fetchval("select closed_at = '2026-11-01' from closed_item")


AS_TOLD = '{"name": "Chan Thida", "phone": "+855971234567", "language": "km", "address": ["Tram Kak"]}'
READ = """
insert into personal_data_read (actor, what, item_numbers, read_at) values ('clerk', $1, '{it}', $2::text::timestamptz)
"""
CORRECTION = """
insert into inbound_correction (item_number, version, corrected_by, corrected_at) values ('it', 2, 'clerk', now())
"""


@pytest.mark.parametrize(
    ("addressee", "content", "source", "read", "corrected", "by_hand"),
    [
        (AS_TOLD, CONTENT, "itmatt", None, False, False),
        (AS_TOLD.replace('"+855971234567"', "null"), CONTENT, "itmatt", None, False, False),
        (AS_TOLD, CONTENT, "itmatt", ("advance data", "2026-11-02"), False, False),
        (AS_TOLD, CONTENT, "itmatt", ("taken in by hand", "2025-11-02"), False, False),
        (AS_TOLD, CONTENT, "itmatt", ("taken in by hand", "2026-11-02"), False, True),
        (AS_TOLD, CONTENT, "itmatt", None, True, True),
        (AS_TOLD, CONTENT, "hand", None, False, True),
        (AS_TOLD, None, "itmatt", None, False, True),
        (AS_TOLD.replace("Thida", "Sophea"), CONTENT, "itmatt", None, False, True),
        (AS_TOLD.replace("Tram Kak", "Bati"), CONTENT, "itmatt", None, False, True),
        (AS_TOLD.replace("4567", "4568"), CONTENT, "itmatt", None, False, True),
        (AS_TOLD.replace("{", '{"place": "210101", '), CONTENT, "itmatt", None, False, True),
        (AS_TOLD, CONTENT.replace('"097 123 4567"', "null"), "itmatt", None, False, True),
    ],
)
async def test_an_addressee_that_no_clerk_wrote_is_as_the_post_told(
    servers: Addresses,
    addressee: str,
    content: str | None,
    source: str,
    read: tuple[str, str] | None,
    corrected: bool,
    by_hand: bool,
) -> None:
    async with before(servers, ADDRESSEES_TOLD) as owner:
        await owner.execute(ITEM, "it", addressee, content, source)
        if read:
            await owner.execute(READ, *read)
        if corrected:
            await owner.execute(CORRECTION)

        await owner.execute(SQL[ADDRESSEES_TOLD])

        assert await owner.fetchval("select addressee_by_hand from inbound_item") is by_hand
