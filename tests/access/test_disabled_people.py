"""A person who is disabled is out everywhere: in parcel at once, in the others with the directory's event."""

from dataclasses import dataclass, field

import httpx
import pytest

from shared.access.roles import Role
from shared.messaging import outbox
from shared.messaging.outbox import Row
from tests.access.running_post import Post, without_broker
from tests.access.signed_in import actor_id, good
from tests.access.writing_routes import PASSPHRASE, colleague, scan_body
from tests.parcel.bodies import AWAY, HOME

pytestmark = without_broker


@dataclass(frozen=True)
class Sent:
    """A row of parcel's outbox as the record that tracking reads."""

    row: Row
    offset: int
    partition: int = 0
    headers: list[tuple[str, bytes | None]] = field(default_factory=list)

    @property
    def topic(self) -> str:
        return self.row.topic

    @property
    def key(self) -> bytes:
        return self.row.key.encode()

    @property
    def value(self) -> bytes:
        return self.row.payload


def record(row: Row, offset: int) -> Sent:
    texts = {"type": row.type, "id": str(row.event_id), "traceparent": row.traceparent, "checksum": row.checksum}
    return Sent(row, offset, headers=[(name, text.encode()) for name, text in texts.items()])


async def pass_on(post: Post, person: str) -> None:
    """Do what relay, broker and consumer do with what parcel told of a person."""
    async with post.service("parcel").database.connection() as connection:
        rows = [unsent.row for unsent in await outbox.unsent(connection, 0, 10_000)]
    about = [record(row, offset) for offset, row in enumerate(rows) if row.key == f"actor:{person}"]
    tracking = post.service("tracking")
    assert tracking.consumer is not None
    await tracking.consumer.apply(about)  # type: ignore[arg-type]  # read-only fields are enough for reading
    await tracking.directory.refresh(tracking.database)


async def scan(post: Post, person: str) -> int:
    headers = good(post.key, person)
    return (await post.clients["tracking"].post("/scans", json=scan_body(), headers=headers)).status_code


async def list_offices(post: Post, person: str) -> int:
    return (await post.clients["parcel"].get("/offices", headers=good(post.key, person))).status_code


async def disable(post: Post, person: str, office: str) -> httpx.Response:
    headers = good(post.key, actor_id(Role.OFFICE_MANAGER, office))
    return await post.clients["parcel"].put(f"/staff/{person}/disabled", headers=headers)


@pytest.fixture
async def clerk(post: Post) -> str:
    person = str(await colleague(post))
    parcel = post.service("parcel")
    await parcel.directory.refresh(parcel.database)
    await pass_on(post, person)
    assert (await list_offices(post, person), await scan(post, person)) == (200, 201)
    return person


async def test_parcel_refuses_at_once_and_tracking_when_the_event_is_applied(post: Post, clerk: str) -> None:
    assert (await disable(post, clerk, HOME)).status_code == 204

    assert await list_offices(post, clerk) == 401
    await pass_on(post, clerk)
    assert await scan(post, clerk) == 401


async def test_what_was_told_before_does_not_let_a_disabled_person_in_again(post: Post, clerk: str) -> None:
    await disable(post, clerk, HOME)
    for _ in range(2):
        await pass_on(post, clerk)

    assert await scan(post, clerk) == 401


async def test_a_manager_of_another_office_disables_nobody(post: Post, clerk: str) -> None:
    before = await post.digest("parcel")

    assert (await disable(post, clerk, AWAY)).status_code == 404

    assert await post.digest("parcel") == before
    await pass_on(post, clerk)
    assert (await list_offices(post, clerk), await scan(post, clerk)) == (200, 201)


async def test_who_is_enabled_again_is_let_in_by_parcel_at_once_and_by_tracking_with_the_event(
    post: Post, clerk: str
) -> None:
    await disable(post, clerk, HOME)
    await pass_on(post, clerk)
    headers, body = good(post.key, actor_id(Role.OFFICE_MANAGER, HOME)), {"passphrase": PASSPHRASE}

    answer = await post.clients["parcel"].put(f"/staff/{clerk}/enabled", json=body, headers=headers)

    assert answer.status_code == 204, answer.text
    assert (await list_offices(post, clerk), await scan(post, clerk)) == (200, 401)
    await pass_on(post, clerk)
    assert await scan(post, clerk) == 201
