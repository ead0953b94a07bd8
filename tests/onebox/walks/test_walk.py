"""How a walk scans, against a front door that answers as a test says."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from onebox.walks import walk as visits
from onebox.walks.walk import DemoStopped, Step, Walk

NUMBER = "CP123456785KR"
HAND_OVER: Step = ("EMI", "TK09A", {})
RECORDED = httpx.Response(201, json={"result": "recorded"})


def refused(slug: str) -> httpx.Response:
    body = {"type": f"/problems/{slug}", "title": "It is not paid.", "status": 409, "detail": "Take the payment."}
    return httpx.Response(409, json=body)


@dataclass
class Door:
    """Lets everybody sign in, and answers scans one after the other."""

    answers: Iterator[httpx.Response]
    said: list[str] = field(default_factory=list)

    def answer(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/parcel/sessions":
            return httpx.Response(201, json={"token": "a token"})
        if request.url.path == "/tracking/scans" and NUMBER.encode() in request.content:
            return next(self.answers)
        return httpx.Response(422)

    def walk(self) -> Walk:
        http = httpx.AsyncClient(transport=httpx.MockTransport(self.answer), base_url="http://door.example")
        return Walk(http, "a passphrase", self.said.append)


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(visits, "TRIED_AGAIN_AFTER_S", 0)


async def test_a_scan_waits_for_what_tracking_hears_a_moment_later() -> None:
    door = Door(iter([refused("charges-unpaid"), refused("charges-unpaid"), RECORDED]))

    await door.walk().scan(NUMBER, [HAND_OVER])

    assert door.said == ["  scanned EMI at TK09A"]


async def test_a_scan_that_is_wrong_stops_the_demo_in_the_words_of_the_answer() -> None:
    door = Door(iter([httpx.Response(422, text="No office has this code.")]))

    with pytest.raises(DemoStopped, match=r"POST /tracking/scans answered 422: No office has this code\."):
        await door.walk().scan(NUMBER, [HAND_OVER])


async def test_a_refusal_that_is_to_come_is_told() -> None:
    door = Door(iter([refused("charges-unpaid")]))

    await door.walk().scan_in_vain(NUMBER, HAND_OVER, "charges-unpaid")

    assert door.said == ["  refused EMI at TK09A: It is not paid. Take the payment."]


@pytest.mark.parametrize("answer", [RECORDED, refused("advance-data-incomplete")], ids=["recorded", "another refusal"])
async def test_a_refusal_that_does_not_come_stops_the_demo(answer: httpx.Response) -> None:
    with pytest.raises(DemoStopped, match="was to be refused as charges-unpaid"):
        await Door(iter([answer])).walk().scan_in_vain(NUMBER, HAND_OVER, "charges-unpaid")
