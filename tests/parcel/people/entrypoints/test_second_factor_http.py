"""Second factors over HTTP: enrolled, confirmed, asked for, replaced, and past help."""

from dataclasses import replace

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.people.entrypoints.signing import Signing
from shared.access.roles import Role
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.access.signed_in import bearer
from tests.parcel.bodies import HOME, keyed
from tests.parcel.counter import Counter, problems, refusal
from tests.parcel.people.second_factors import code_of, enrolled

NAME, PASSPHRASE = "sok dara", "four words of mine"
PROOF = {"passphrase": PASSPHRASE}
PATH = "/staff/me/second-factor"
CONFIRMATION = f"{PATH}/confirmation"
ANOTHER_RING = KeyRing("new", {"new": b"k" * 32})


async def sign_in(counter: Counter, **values: str) -> httpx.Response:
    return await counter.client.post("/sessions", json={"name": NAME, "passphrase": PASSPHRASE} | values)


@pytest.fixture
async def staff_id(counter: Counter) -> str:
    body = {"name": NAME, "role": "clerk", "office": HOME, "passphrase": PASSPHRASE}
    headers = counter.signed_in(Role.OFFICE_MANAGER) | keyed()
    answer = await counter.client.post("/staff", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["staff_id"])


@pytest.fixture
async def headers(counter: Counter, staff_id: str) -> dict[str, str]:
    """Let somebody work here who is signed in; returns the headers of their requests."""
    return bearer((await sign_in(counter)).json()["token"])


def wrong(code: str) -> str:
    return "000000" if code != "000000" else "111111"


async def enrol(counter: Counter, headers: dict[str, str], **values: str) -> str:
    answer = await counter.client.put(PATH, json=PROOF | values, headers=headers)
    assert answer.json()["url"].startswith("otpauth://totp/")
    return str(answer.json()["secret"])


async def confirm(counter: Counter, headers: dict[str, str], code: str) -> httpx.Response:
    return await counter.client.put(CONFIRMATION, json={"code": code}, headers=headers)


async def test_a_second_factor_takes_effect_once_its_first_code_was_shown(
    counter: Counter, headers: dict[str, str]
) -> None:
    secret = await enrol(counter, headers)
    assert (await sign_in(counter)).status_code == 201

    assert refusal(await confirm(counter, headers, wrong(code_of(secret)))) == (401, "sign-in-refused")
    assert (await sign_in(counter)).status_code == 201
    assert (await confirm(counter, headers, code_of(secret))).status_code == 204

    assert refusal(await sign_in(counter)) == (401, "code-needed")
    assert (await sign_in(counter, code=code_of(secret, 1))).status_code == 201


async def test_nothing_is_confirmed_that_was_not_enrolled_or_was_confirmed_before(
    counter: Counter, headers: dict[str, str]
) -> None:
    assert refusal(await confirm(counter, headers, "123456")) == (409, "nothing-to-confirm")
    secret = await enrolled(counter, headers, **PROOF)
    assert refusal(await confirm(counter, headers, code_of(secret, 1))) == (409, "nothing-to-confirm")
    assert problems(await confirm(counter, headers, "12345")) == [("code", "string-pattern-mismatch")]


async def test_of_two_that_were_enrolled_the_last_one_is_confirmed(counter: Counter, headers: dict[str, str]) -> None:
    first, last = [await enrol(counter, headers) for _ in range(2)]

    assert refusal(await confirm(counter, headers, code_of(first))) == (401, "sign-in-refused")
    assert (await confirm(counter, headers, code_of(last))).status_code == 204


async def test_the_secret_that_waits_is_sealed(
    counter: Counter, headers: dict[str, str], parcel_db: Database, key_ring: KeyRing, staff_id: str
) -> None:
    secret = await enrol(counter, headers)
    async with parcel_db.connection() as connection:
        kept = await connection.fetchval("select totp_enrolled from staff where name = $1", NAME)
    assert secret.encode() not in kept
    assert key_ring.open(kept, staff_id) == secret.encode()


async def test_the_second_factor_is_asked_for_and_its_code_taken_once(
    counter: Counter, headers: dict[str, str]
) -> None:
    code = code_of(await enrolled(counter, headers, **PROOF), 1)

    assert refusal(await sign_in(counter)) == (401, "code-needed")
    assert refusal(await sign_in(counter, code=wrong(code))) == (401, "sign-in-refused")
    assert (await sign_in(counter, code=code)).status_code == 201
    assert refusal(await sign_in(counter, code=code)) == (401, "sign-in-refused")


async def test_the_code_that_confirmed_signs_nobody_in(counter: Counter, headers: dict[str, str]) -> None:
    secret = await enrol(counter, headers)
    code = code_of(secret)
    assert (await confirm(counter, headers, code)).status_code == 204
    assert refusal(await sign_in(counter, code=code)) == (401, "sign-in-refused")


async def test_without_the_passphrase_nobody_learns_that_a_code_is_needed(
    counter: Counter, headers: dict[str, str]
) -> None:
    await enrolled(counter, headers, **PROOF)
    wrong_passphrase = await sign_in(counter, passphrase="wrong")
    assert wrong_passphrase.content == (await sign_in(counter, name="nobody")).content


async def test_a_replaced_second_factor_opens_with_its_own_codes_until_the_new_one_is_confirmed(
    counter: Counter, headers: dict[str, str]
) -> None:
    first = await enrolled(counter, headers, **PROOF)
    second = await enrol(counter, headers, code=code_of(first, 1))
    assert first != second

    assert refusal(await sign_in(counter, code=code_of(second, 1))) == (401, "sign-in-refused")
    assert (await confirm(counter, headers, code_of(second))).status_code == 204

    assert refusal(await sign_in(counter, code=code_of(first, 1))) == (401, "sign-in-refused")
    assert (await sign_in(counter, code=code_of(second, 1))).status_code == 201


@pytest.mark.parametrize("ring", [ANOTHER_RING, None], ids=["another key", "no ring"])
async def test_a_second_factor_that_cannot_be_opened_says_what_to_do(
    counter: Counter, headers: dict[str, str], app: FastAPI, ring: KeyRing | None
) -> None:
    code = code_of(await enrolled(counter, headers, **PROOF), 1)
    signing: Signing = app.state.signing
    app.state.signing = replace(signing, key_ring=ring)

    answer = await sign_in(counter, code=code)

    assert refusal(answer) == (409, "second-factor-unreadable")
    assert "administrator" in answer.json()["title"]
    assert refusal(await sign_in(counter, code=code, passphrase="wrong")) == (401, "sign-in-refused")


async def test_one_that_waits_and_cannot_be_opened_is_not_confirmed(
    counter: Counter, headers: dict[str, str], app: FastAPI
) -> None:
    secret = await enrol(counter, headers)
    app.state.signing = replace(app.state.signing, key_ring=ANOTHER_RING)
    assert refusal(await confirm(counter, headers, code_of(secret))) == (409, "second-factor-unreadable")


async def test_a_reset_takes_away_the_second_factor_and_the_one_that_waits(
    counter: Counter, headers: dict[str, str], app: FastAPI, staff_id: str
) -> None:
    first = await enrolled(counter, headers, **PROOF)
    second = await enrol(counter, headers, code=code_of(first, 1))
    app.state.signing = replace(app.state.signing, key_ring=ANOTHER_RING)
    path, body = f"/staff/{staff_id}/passphrase", {"passphrase": "four other words"}
    reset = await counter.client.put(path, json=body, headers=counter.signed_in(Role.ADMINISTRATOR))
    assert reset.status_code == 204

    assert (await sign_in(counter, passphrase="four other words")).status_code == 201
    assert refusal(await confirm(counter, headers, code_of(second))) == (409, "nothing-to-confirm")
