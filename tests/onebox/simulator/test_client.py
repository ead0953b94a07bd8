"""The client: one call for each request, with an outcome that claims no more than is known."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest

from onebox import ports
from onebox.simulator import client as module
from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind, Outcome
from tests.onebox.simulator.stub import HANG_UP, SILENCE, Stub, Told, post_office, stub

OFFICE = "TK02A"
PARCEL = {"weight_g": 100}


@asynccontextmanager
async def client_of(tell: Callable[[str, str], Told], **settings: Any) -> AsyncIterator[tuple[Client, Stub]]:
    async with stub(tell) as service:
        urls = {"parcel": service.url, "tracking": service.url}
        async with Client.open(urls, History(), "rice", **settings) as client:
            yield client, service


def registering(told: Told) -> Callable[[str, str], Told]:
    return lambda method, path: told if path == "/parcels" else post_office(method, path)


async def test_a_registration_is_one_call_after_one_sign_in() -> None:
    async with client_of(post_office) as (client, service):
        first = await client.register(OFFICE, "key 1", PARCEL)
        await client.register(OFFICE, "key 2", PARCEL)

    assert service.paths() == ["/sessions", "/parcels", "/parcels"]
    assert [call.kind for call in client.history.calls] == [Kind.SIGN_IN, Kind.REGISTER, Kind.REGISTER]
    assert (first.outcome, first.key, first.answer["item_number"]) == (Outcome.OK, "key 1", "PD100000005KH")
    assert (first.asked, first.office) == (PARCEL, OFFICE)
    assert service.asked[1][2]["authorization"] == "Bearer a token"
    assert service.asked[1][2]["idempotency-key"] == "key 1"


async def test_the_bytes_of_an_answer_are_kept_of_registrations_alone() -> None:
    async with client_of(registering((201, b'{"item_number": "PD1" }'))) as (client, _):
        registered = await client.register(OFFICE, "key 1", PARCEL)
        read = await client.read_journey("PD1")

    assert registered.body == b'{"item_number": "PD1" }'
    assert read.body == b""


async def test_anybody_asks_for_a_code_without_signing_in() -> None:
    async with client_of(lambda _method, _path: (202, {})) as (client, service):
        call = await client.ask_for_code("+855968000001")

    assert service.paths() == ["/trader-sessions/codes"]
    assert (call.kind, call.key, call.outcome) == (Kind.ASK_CODE, "+855968000001", Outcome.OK)
    assert "authorization" not in service.asked[0][2]


async def test_requests_one_after_another_use_one_connection() -> None:
    async with client_of(post_office) as (client, service):
        for number in range(5):
            await client.read_journey(f"PD{number}")

    assert service.connections == 1


@pytest.mark.parametrize(
    ("status", "slug", "outcome"),
    [
        (422, "invalid-request", Outcome.REFUSED),
        (409, "idempotency-key-in-flight", Outcome.REFUSED),
        (429, "too-many-requests", Outcome.REFUSED),
        (503, "overloaded", Outcome.REFUSED),
        (503, "busy", Outcome.UNKNOWN),
        (503, "database-unavailable", Outcome.REFUSED),
        (503, "database-lost", Outcome.UNKNOWN),
        (500, "defect", Outcome.UNKNOWN),
        (502, "bad-gateway", Outcome.UNKNOWN),
    ],
)
async def test_an_answer_says_how_much_is_known(status: int, slug: str, outcome: Outcome) -> None:
    async with client_of(registering((status, {"type": f"/problems/{slug}"}))) as (client, _):
        call = await client.register(OFFICE, "key", PARCEL)

    assert (call.outcome, call.status, call.reason) == (outcome, status, slug)


async def test_an_answer_that_is_no_json_is_kept_as_it_is() -> None:
    async with client_of(registering((503, b"not here"))) as (client, _):
        call = await client.register(OFFICE, "key", PARCEL)

    assert call.answer == {"unreadable": "not here", "retry_after_s": "1"}


async def test_silence_is_unknown() -> None:
    async with client_of(registering(SILENCE), within_s=0.2) as (client, _):
        call = await client.register(OFFICE, "key", PARCEL)

    assert (call.outcome, call.status, call.reason) == (Outcome.UNKNOWN, None, "time-out")


async def test_a_connection_lost_after_sending_is_unknown() -> None:
    async with client_of(registering(HANG_UP)) as (client, _):
        call = await client.register(OFFICE, "key", PARCEL)

    assert (call.outcome, call.reason) == (Outcome.UNKNOWN, "connection-lost")


async def test_a_refused_connection_is_refused_for_nothing_was_sent(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{ports.choose(tmp_path / 'ports.json', ['nobody'])['nobody']}"
    async with Client.open({"tracking": url}, History(), "rice") as client:
        call = await client.read_journey("PD100000005KH")

    assert (call.outcome, call.reason) == (Outcome.REFUSED, "connection-refused")


async def test_a_caller_who_stops_waiting_leaves_an_unknown_call() -> None:
    async with client_of(registering(SILENCE)) as (client, service):
        await client.sign_in(OFFICE)
        asking = asyncio.create_task(client.register(OFFICE, "key", PARCEL))
        async with asyncio.timeout(5):
            while "/parcels" not in service.paths():
                await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)

    assert client.history.calls[-1].outcome is Outcome.UNKNOWN
    assert client.history.calls[-1].reason == "cancelled"


async def test_what_cannot_be_signed_in_is_not_asked() -> None:
    refusal = (401, {"type": "/problems/sign-in-refused"})
    async with client_of(lambda _method, _path: refusal) as (client, service):
        call = await client.register(OFFICE, "key", PARCEL)

    assert service.paths() == ["/sessions"]
    assert (call.kind, call.outcome, call.reason) == (Kind.SIGN_IN, Outcome.REFUSED, "sign-in-refused")


async def test_a_session_goes_on_by_renewals(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOKEN_RENEWED_AFTER_S", (0.0, 0.0))
    async with client_of(post_office) as (client, service):
        await client.register(OFFICE, "first", PARCEL)
        await client.register(OFFICE, "second", PARCEL)

    assert service.paths() == ["/sessions", "/parcels", "/sessions/renewals", "/parcels"]


async def test_sessions_are_kept_while_nobody_asks_and_shared(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOKEN_RENEWED_AFTER_S", (0.0, 0.0))
    monkeypatch.setattr(module, "LOOKED_AT_EVERY_S", 0.01)
    async with client_of(post_office) as (client, service):
        await client.register(OFFICE, "first", PARCEL)
        keeping = asyncio.create_task(client.keep_signed_in())
        async with asyncio.timeout(5):
            while service.paths().count("/sessions/renewals") < 3:
                await asyncio.sleep(0.01)
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        async with Client.open({"parcel": service.url}, History(), "secret") as other:
            other.share_sessions(client)
            await other.register(OFFICE, "second", PARCEL)

    assert service.paths().count("/sessions") == 1


async def test_who_cannot_renew_signs_in_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "TOKEN_RENEWED_AFTER_S", (0.0, 0.0))
    refusal = (401, {"type": "/problems/session-ended"})
    tell = lambda method, path: refusal if path == "/sessions/renewals" else post_office(method, path)  # noqa: E731
    async with client_of(tell) as (client, service):
        await client.register(OFFICE, "first", PARCEL)
        call = await client.register(OFFICE, "second", PARCEL)

    assert service.paths()[2:] == ["/sessions/renewals", "/sessions", "/parcels"]
    assert call.outcome is Outcome.OK


async def test_an_office_signs_in_once_though_many_ask_together() -> None:
    async with client_of(post_office) as (client, service):
        await asyncio.gather(*(client.register(OFFICE, f"key {n}", PARCEL) for n in range(10)))

    assert service.paths().count("/sessions") == 1


async def test_the_history_holds_neither_passphrase_nor_token() -> None:
    async with client_of(post_office) as (client, _):
        await client.register(OFFICE, "key", PARCEL)

    sign_in = client.history.calls[0]
    assert (sign_in.asked, sign_in.answer) == ({}, {})


async def test_waiting_counts_from_when_a_call_was_due() -> None:
    async with client_of(post_office) as (client, _):
        await client.sign_in(OFFICE)
        due_at = client.history.calls[-1].ended_at - 3.0
        call = await client.register(OFFICE, "key", PARCEL, due_at)

    assert call.took_s > 3.0
    assert call.ended_at - call.sent_at < 3.0


async def test_the_time_to_sign_in_does_not_count_for_what_comes_after() -> None:
    async with client_of(post_office) as (client, _):
        call = await client.register(OFFICE, "key", PARCEL, due_at=1.0)

    assert call.due_at >= client.history.of(Kind.SIGN_IN)[0].ended_at
