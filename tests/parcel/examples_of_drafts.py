"""What the examples of drafts, sittings and imports need before they succeed."""

from dataclasses import replace
from typing import Any
from uuid import UUID

from services.parcel.imports.domain.draft_import import DraftImport, ImportState
from services.parcel.imports.domain.row import Defaults
from services.parcel.imports.store import imports, pieces
from services.parcel.posting.domain.person import Person
from shared.clock import now
from shared.ids import new_id
from tests.contracts.examples import Example
from tests.parcel.bodies import HOME, keyed
from tests.parcel.drafts.shop import accept, draft_body, sit
from tests.parcel.examples_ground import Ground, Prepare


async def _announced(ground: Ground, **values: Any) -> dict[str, str]:
    """Let a visitor announce a parcel, which gets the first number of the office; returns who is at the counter."""
    async with ground.database.transaction() as tx:
        await tx.execute("delete from draft")
        await tx.execute("delete from draft_number")
    body = draft_body(office=HOME, **values)
    announced = await ground.counter.client.post("/drafts", json=body, headers=keyed())
    assert announced.status_code == 201, announced.text
    ground.named["sitting_id"] = (await sit(ground.counter, trader=False)).rpartition("/")[2]
    return ground.counter.signed_in()


async def _for_a_sack(ground: Ground, _example: Example) -> dict[str, str]:
    path = f"/traders/{ground.owner.trader_id}/drafts"
    answer = await ground.counter.client.post(path, json=draft_body(), headers=ground.owner.headers | keyed())
    assert answer.status_code == 201, answer.text
    return ground.owner.headers


async def _for_a_sitting(ground: Ground, _example: Example) -> dict[str, str]:
    return await _announced(ground)


async def _accepted(ground: Ground, _example: Example) -> dict[str, str]:
    headers = await _announced(ground, payer="recipient")
    answer = await accept(ground.counter, f"/sittings/{ground.named['sitting_id']}", number="1000-8")
    assert answer.status_code == 201, answer.text
    return headers


async def _import(ground: Ground, state: ImportState) -> dict[str, str]:
    sender = Person("Sok Dara", "+85512345678", "km")
    trader_id = UUID(ground.owner.trader_id)
    one = DraftImport(new_id(), trader_id, HOME, "x", Defaults(sender), "tests", now(), now())
    async with ground.database.transaction() as tx:
        await imports.add(tx, one)
        await pieces.keep(tx, one.import_id, "file", 1, b"name,phone")
        await imports.change(tx, replace(one, state=state, header=["a", "b", "c", "d"], rows_read=1), now())
    ground.named |= {"import_id": str(one.import_id), "piece_no": "2"}
    return ground.owner.headers


async def _uploading(ground: Ground, _example: Example) -> dict[str, str]:
    return await _import(ground, ImportState.UPLOADING) | {"Content-Type": "application/octet-stream"}


async def _uploaded(ground: Ground, _example: Example) -> dict[str, str]:
    return await _import(ground, ImportState.UPLOADING)


async def _looked_at(ground: Ground, _example: Example) -> dict[str, str]:
    return await _import(ground, ImportState.READY)


DRAFTS: dict[tuple[str, str], Prepare] = {
    ("POST", "/traders/{trader_id}/sacks"): _for_a_sack,
    ("POST", "/sittings/{sitting_id}/acceptances"): _for_a_sitting,
    ("POST", "/sittings/{sitting_id}/payment"): _accepted,
    ("PUT", "/imports/{import_id}/pieces/{piece_no}"): _uploading,
    ("POST", "/imports/{import_id}/reading"): _uploaded,
    ("PUT", "/imports/{import_id}/mapping"): _looked_at,
}
"""What must be there before a request about drafts can succeed."""
