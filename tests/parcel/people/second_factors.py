"""Codes of second factors for tests; each is taken once, so that the next one is of the next step."""

import base64
import hmac
from itertools import count

import pyotp

from services.parcel.people.domain.second_factor import STEP_S
from shared.clock import now
from tests.parcel.counter import Counter


def code_of(secret: str, steps_later: int = 0) -> str:
    """Return the code of this moment, or of so many steps later."""
    return pyotp.TOTP(secret).at(now(), counter_offset=steps_later)


async def enrolled(counter: Counter, headers: dict[str, str], **proof: str) -> str:
    """Enrol a second factor and confirm it; returns its secret, of which the next code is one step later."""
    answer = await counter.client.put("/staff/me/second-factor", json=proof, headers=headers)
    assert answer.status_code == 200, answer.text
    secret = str(answer.json()["secret"])
    body = {"code": code_of(secret)}
    confirmed = await counter.client.put("/staff/me/second-factor/confirmation", json=body, headers=headers)
    assert confirmed.status_code == 204, confirmed.text
    return secret


def secret_of(code: str) -> str:
    """Return a secret of which a code is that of this moment; about a million are tried."""
    counter = (int(now().timestamp()) // STEP_S).to_bytes(8, "big")
    wanted = int(code)
    for number in count():
        key = number.to_bytes(20, "big")
        digest = hmac.digest(key, counter, "sha1")
        start = digest[-1] & 15
        if (int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF) % 1_000_000 == wanted:
            return base64.b32encode(key).decode()
    raise AssertionError
