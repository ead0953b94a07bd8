"""Carrying bags: what comes too early for tracking is sent once more, the rest never."""

import time
from uuid import UUID

import orjson
import pytest

from onebox.simulator import carrying
from onebox.simulator.carrying import NOT_HEARD_YET, AtOnce, Carrier
from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind, Outcome
from onebox.simulator.lives import Bag, Parcel, Step
from tests.onebox.simulator.stub import Told, post_office, stub

OFFICE = "PPOE"
IDS = [str(UUID(int=number)) for number in (1, 2, 3)]
EARLY = {"field": "event_code", "code": NOT_HEARD_YET, "message": "later"}


def forms(*ids: str) -> list[dict[str, str]]:
    return [{"scan_id": scan_id} for scan_id in ids]


def result(scan_id: str, *errors: dict[str, str]) -> dict[str, object]:
    return {"scan_id": scan_id, "result": "refused" if errors else "recorded", "errors": list(errors)}


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(carrying, "TRIED_AGAIN_AFTER_S", 0.01)
    monkeypatch.setattr(carrying, "HEARD_WITHIN_S", 0.5)


async def sent(told: list[Told], *ids: str) -> tuple[History, list[list[str]]]:
    """Send scans, each try answered by the next of what is told; returns the calls, and the ids of each try."""

    def tell(method: str, path: str) -> Told:
        return (told.pop(0) if len(told) > 1 else told[0]) if path.startswith("/scans") else post_office(method, path)

    history = History()
    async with stub(tell) as service, Client.open({"parcel": service.url, "tracking": service.url}, history, "x") as it:
        await Carrier(it).send(OFFICE, forms(*ids), time.monotonic())
        bodies = [orjson.loads(body) for _, path, _, body in service.asked if path.startswith("/scans")]
    return history, [[one["scan_id"] for one in body.get("scans", [body])] for body in bodies]


async def test_one_scan_that_comes_too_early_is_sent_until_it_is_heard() -> None:
    early: Told = (409, {"type": f"/problems/{NOT_HEARD_YET}"})
    history, tries = await sent([early, early, (201, {})], IDS[0])

    assert tries == [IDS[:1]] * 3
    assert [call.outcome for call in history.of(Kind.SCAN)] == [Outcome.REFUSED, Outcome.REFUSED, Outcome.OK]


async def test_of_a_batch_only_what_came_too_early_is_sent_again() -> None:
    other = {"field": "reason", "code": "required", "message": "a reason"}
    first: Told = (200, {"results": [result(IDS[0]), result(IDS[1], EARLY), result(IDS[2], other)]})
    _, tries = await sent([first, (201, {})], *IDS)

    assert tries == [IDS, IDS[1:2]]


async def test_what_is_not_heard_of_for_long_is_left() -> None:
    began_at = time.monotonic()
    _, tries = await sent([(200, {"results": [result(one, EARLY) for one in IDS]})], *IDS)

    assert len(tries) > 2
    assert 0.5 <= time.monotonic() - began_at < 5


async def test_a_parcel_for_abroad_is_declared_at_its_counter() -> None:
    history, content = History(), {"category": "gift"}
    steps = [Step(0.1, Kind.REGISTER, OFFICE, (0,)), Step(0.2, Kind.DECLARE, OFFICE, (0,))]
    async with (
        stub(post_office) as service,
        Client.open({"parcel": service.url, "tracking": service.url}, history, "x") as client,
    ):
        await Carrier(client).carry(Bag(OFFICE, "KRSEL", [Parcel(0, "key", {}, {}, content)], steps), AtOnce())

    (declared,) = history.of(Kind.DECLARE)
    assert (declared.key, declared.asked, declared.outcome) == ("PD100000005KH", content, Outcome.OK)
