"""Requests about announced parcels, sittings and files that are in order, but for the token."""

from dataclasses import replace
from typing import Any

from services.parcel.imports.domain.draft_import import DraftImport, ImportState, RowProblem
from services.parcel.imports.domain.row import Defaults
from services.parcel.imports.store import imports, pieces, row_problems
from services.parcel.posting.domain.person import Person
from shared.access.roles import Role
from shared.clock import now
from shared.ids import new_id
from tests.access import cash_asks
from tests.access.asks import Ask
from tests.access.running_post import Post
from tests.access.signed_in import SHOPS, actor_id, good
from tests.parcel.bodies import HOME, SENDER, SENDER_PHONE, THIRD, keyed, person
from tests.parcel.drafts.shop import draft_body, one_body

SHOP = SHOPS[HOME]


async def _done(post: Post, wanted: Ask, role: Role = Role.CLERK) -> dict[str, Any]:
    """Send a request that must succeed; returns its answer."""
    headers = wanted.headers | good(post.key, actor_id(role, HOME))
    answer = await post.clients["parcel"].post(wanted.path, json=wanted.body, headers=headers)
    assert answer.is_success, answer.text
    told: dict[str, Any] = answer.json()
    return told


async def announce(_post: Post) -> Ask:
    """Announce a parcel."""
    return Ask(f"/traders/{SHOP}/drafts", draft_body(), keyed())


async def announced(post: Post) -> str:
    """Announce a parcel; returns the id of its draft."""
    return str((await _done(post, await announce(post)))["draft_id"])


async def announce_list(_post: Post) -> Ask:
    """Announce two parcels."""
    body = {"sender": person(name=SENDER, phone=SENDER_PHONE), "drafts": [one_body(), one_body()]}
    return Ask(f"/traders/{SHOP}/drafts/batch", body, keyed())


async def fill(post: Post) -> Ask:
    """Put a draft into a sack."""
    return Ask(f"/traders/{SHOP}/sacks", {"draft_ids": [await announced(post)]}, keyed())


async def sack(post: Post) -> str:
    """Fill a sack; returns its path."""
    return f"/sacks/{(await _done(post, await fill(post)))['sack_id']}"


async def read_message(_post: Post) -> Ask:
    """Ask what a message says."""
    return Ask("/drafts/text", {"text": "Dara, 012 345 678"})


async def withdraw(post: Post) -> Ask:
    """Take a draft back."""
    return Ask(f"/drafts/{await announced(post)}/withdrawal")


async def sit(_post: Post) -> Ask:
    """Begin a sitting."""
    return Ask("/sittings", {"office": HOME, "trader": str(SHOP), "fits_limits": True}, keyed())


async def sitting(post: Post) -> str:
    """Begin a sitting; returns its path."""
    return f"/sittings/{(await _done(post, await sit(post)))['sitting_id']}"


async def accept(post: Post) -> Ask:
    """Accept an announced parcel."""
    body = {"draft_id": await announced(post), "weight_g": 1_200}
    return Ask(f"{await sitting(post)}/acceptances", body, keyed())


async def pay(post: Post) -> Ask:
    """Pay a sitting of one parcel."""
    wanted = await accept(post)
    parcel = await _done(post, wanted)
    path = wanted.path.removesuffix("/acceptances")
    drawer = await cash_asks.open_drawer(post)
    total_riel = parcel["postage"]["price"]["total_riel"]
    body = {"method": "cash", "total_riel": total_riel, "drawer_id": str(drawer.drawer_id)}
    return Ask(f"{path}/payment", body)


async def paid(post: Post) -> str:
    """Pay a sitting; returns its path."""
    wanted = await pay(post)
    await _done(post, wanted)
    return wanted.path.removesuffix("/payment")


async def begin_import(_post: Post) -> Ask:
    """Begin an import; the shop has few that are open."""
    async with _post.service("parcel").database.transaction() as tx:
        await tx.execute("update draft_import set state = 'withdrawn' where state in ('uploading', 'ready')")
    return Ask(f"/traders/{SHOP}/imports", {"file_name": "monday.csv", "sender": person()}, keyed())


async def draft_import(post: Post, state: ImportState = ImportState.READY) -> str:
    """Keep an import at a step that nothing goes on from by itself; returns its path."""
    sender = Person(SENDER, "+85512345678", "km")
    one = DraftImport(new_id(), SHOP, HOME, "monday.csv", Defaults(sender, THIRD), "tests", now(), now())
    ready = replace(one, state=state, header=["name", "phone"], mapping={"name": 0, "phone": 1}, rows_read=1)
    async with post.service("parcel").database.transaction() as tx:
        await imports.add(tx, one)
        await pieces.keep(tx, one.import_id, "file", 1, b"name,phone\nSok Dara,012 345 678\n")
        await pieces.keep(tx, one.import_id, "rows", 1, pieces.portion([(2, ["Sok Dara", "012 345 678"])]))
        await row_problems.add(tx, one.import_id, [RowProblem(3, "phone", "missing", "Write it.")])
        await imports.change(tx, ready, now())
    return f"/imports/{one.import_id}"


async def send_piece(post: Post) -> Ask:
    """Send a piece of a file."""
    path = await draft_import(post, ImportState.UPLOADING)
    return Ask(f"{path}/pieces/2", headers={"Content-Type": "application/octet-stream"}, content=b"more")


async def end_upload(post: Post) -> Ask:
    """Say that a file is there."""
    return Ask(f"{await draft_import(post, ImportState.UPLOADING)}/reading", {"pieces": 1})


async def choose_columns(post: Post) -> Ask:
    """Say which column holds what."""
    return Ask(f"{await draft_import(post)}/mapping", {"mapping": {"name": 1, "phone": 0}})


async def start_import(post: Post) -> Ask:
    """Let a file be announced."""
    return Ask(f"{await draft_import(post)}/start")


async def withdraw_import(post: Post) -> Ask:
    """Leave an import."""
    return Ask(f"{await draft_import(post)}/withdrawal")


async def look_at_drafts(post: Post) -> Ask:
    """List the drafts of an office in which there are some."""
    await announced(post)
    return Ask(f"/drafts?office={HOME}")


async def look_at_a_draft(post: Post) -> Ask:
    """Look at one draft."""
    return Ask(f"/drafts/{await announced(post)}")


async def look_at_a_sack(post: Post) -> Ask:
    """Look at a sack."""
    return Ask(await sack(post))


async def print_a_slip(post: Post) -> Ask:
    """Print the slip of a sack."""
    return Ask(f"{await sack(post)}/label")


async def look_at_a_sitting(post: Post) -> Ask:
    """Look at a sitting."""
    return Ask(await sitting(post))


async def print_a_receipt(post: Post) -> Ask:
    """Print the receipt of a sitting."""
    return Ask(f"{await paid(post)}/receipt")


async def look_at_an_import(post: Post) -> Ask:
    """Look at an import."""
    return Ask(await draft_import(post))


async def look_at_problems(post: Post) -> Ask:
    """Look at what is wrong with a file."""
    return Ask(f"{await draft_import(post)}/problems")


VALID = {
    "parcel POST /traders/{trader_id}/drafts": announce,
    "parcel POST /traders/{trader_id}/drafts/batch": announce_list,
    "parcel POST /traders/{trader_id}/sacks": fill,
    "parcel POST /drafts/text": read_message,
    "parcel POST /drafts/{draft_id}/withdrawal": withdraw,
    "parcel POST /sittings": sit,
    "parcel POST /sittings/{sitting_id}/acceptances": accept,
    "parcel POST /sittings/{sitting_id}/payment": pay,
    "parcel POST /traders/{trader_id}/imports": begin_import,
    "parcel PUT /imports/{import_id}/pieces/{piece_no}": send_piece,
    "parcel POST /imports/{import_id}/reading": end_upload,
    "parcel PUT /imports/{import_id}/mapping": choose_columns,
    "parcel POST /imports/{import_id}/start": start_import,
    "parcel POST /imports/{import_id}/withdrawal": withdraw_import,
}
READS = {
    "parcel GET /drafts": look_at_drafts,
    "parcel GET /drafts/{draft_id}": look_at_a_draft,
    "parcel GET /sacks/{sack_id}": look_at_a_sack,
    "parcel GET /sacks/{sack_id}/label": print_a_slip,
    "parcel GET /imports/{import_id}": look_at_an_import,
}
SHOWN = {
    "parcel GET /sittings/{sitting_id}": look_at_a_sitting,
    "parcel GET /sittings/{sitting_id}/receipt": print_a_receipt,
    "parcel GET /imports/{import_id}/problems": look_at_problems,
}
"""Those that name no person."""
