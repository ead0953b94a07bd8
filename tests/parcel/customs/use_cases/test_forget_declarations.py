"""What a declaration says of people is forgotten with the people of its parcel, and not before."""

from datetime import timedelta

import pytest

from services.parcel.posting.use_cases.erase_people import erase_people
from shared.clock import now
from shared.db.connection import Database
from shared.messaging.outbox import Outbox
from shared.sealing import KeyRing
from tests.parcel.customs.desk import Desk, declaration_body

KEPT_FOR = timedelta(days=180)


@pytest.mark.parametrize(("ago", "forgotten"), [(timedelta(days=179), False), (timedelta(days=181), True)])
async def test_a_declaration_is_forgotten_with_its_parcel(
    desk: Desk, parcel_db: Database, key_ring: KeyRing, ago: timedelta, forgotten: bool
) -> None:
    number = await desk.parcel_to_korea()
    body = declaration_body(importer_reference="P123456789012", comments="for Kim Minji")
    assert (await desk.declare(number, body)).status_code == 200
    async with parcel_db.transaction() as tx:
        await tx.execute("update parcel set state = 'delivered', ended_at = now() - $1::interval", ago)
        await erase_people(tx, Outbox("parcel", key_ring), KEPT_FOR, now())

    content = (await desk.ask("GET", f"/parcels/{number}/customs-declaration")).json()["content"]
    assert (content["importer_reference"] is None, content["comments"] is None) == (forgotten, forgotten)
    assert content["total_value_minor"] == 2_400
