"""A counter asks again until it knows."""

import itertools

from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind, Outcome
from onebox.simulator.retrying import until_known
from tests.onebox.simulator.stub import HANG_UP, Told, post_office, stub

BUSY: Told = (503, {"type": "/problems/busy"})
IN_FLIGHT: Told = (409, {"type": "/problems/idempotency-key-in-flight"})
REUSED: Told = (422, {"type": "/problems/idempotency-key-reused"})
DONE: Told = (201, {"item_number": "PD100000005KH"})


async def tries(*answers: Told, give_up_after_s: float = 30.0) -> tuple[Outcome, list[tuple[Outcome, str]]]:
    """Register with one key while the service answers so; returns the end and every try."""
    coming = itertools.chain(answers, itertools.repeat(answers[-1]))

    async with (
        stub(lambda method, path: next(coming) if path == "/parcels" else post_office(method, path)) as service,
        Client.open({"parcel": service.url}, History(), "rice") as client,
    ):
        last = await until_known(lambda: client.register("TK02A", "key", {}), Kind.REGISTER, give_up_after_s)
    return last.outcome, [(call.outcome, call.key) for call in client.history.of(Kind.REGISTER)]


async def test_the_same_call_is_repeated_until_it_is_ok() -> None:
    outcome, made = await tries(HANG_UP, IN_FLIGHT, DONE)

    assert outcome is Outcome.OK
    assert made == [(Outcome.UNKNOWN, "key"), (Outcome.REFUSED, "key"), (Outcome.OK, "key")]


async def test_a_refusal_for_good_is_not_repeated() -> None:
    outcome, made = await tries(REUSED, DONE)

    assert outcome is Outcome.REFUSED
    assert len(made) == 1


async def test_who_gives_up_knows_no_more_than_before() -> None:
    outcome, made = await tries(BUSY, give_up_after_s=0.0)

    assert outcome is Outcome.UNKNOWN
    assert len(made) == 1


async def test_a_failed_sign_in_is_repeated_before_anything_is_asked() -> None:
    signing_in = iter(
        [(503, {"type": "/problems/too-many-sign-ins"}), (201, {"token": "a token", "session": "a secret"})]
    )

    async with (
        stub(lambda _method, path: next(signing_in) if path == "/sessions" else DONE) as service,
        Client.open({"parcel": service.url}, History(), "rice") as client,
    ):
        last = await until_known(lambda: client.register("TK02A", "key", {}), Kind.REGISTER)

    assert last.outcome is Outcome.OK
    assert [call.kind for call in client.history.calls] == [Kind.SIGN_IN, Kind.SIGN_IN, Kind.REGISTER]
