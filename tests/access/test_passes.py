"""Passes: good for fourteen days on one device, and only as parcel signed them."""

import base64
import json
from datetime import timedelta

import pytest

from shared.access import passes, signed
from shared.access.passes import Pass
from shared.access.roles import Role
from shared.access.signed import NotSigned, Word
from shared.access.tokens import SigningKey, issue, new_signing_key_pem
from shared.clock import now
from shared.ids import new_id
from tests.parcel.bodies import HOME

KEY = SigningKey.read(new_signing_key_pem())
KEYS = {KEY.key_id: KEY.private_key.public_key()}
GRANTED = Pass(pass_id=new_id(), staff="sok", role=Role.CLERK, office=HOME, device_id=new_id(), issued_at=now())


def test_a_pass_says_what_parcel_signed() -> None:
    assert passes.prove(KEYS, passes.issue(KEY, GRANTED)) == GRANTED


def test_a_pass_unlocks_for_fourteen_days() -> None:
    assert GRANTED.is_good_at(GRANTED.issued_at)
    assert GRANTED.is_good_at(GRANTED.issued_at + timedelta(days=14))
    assert not GRANTED.is_good_at(GRANTED.issued_at + timedelta(days=14, seconds=1))
    assert not GRANTED.is_good_at(GRANTED.issued_at - timedelta(minutes=6))


def test_a_pass_of_another_key_is_none() -> None:
    other = SigningKey.read(new_signing_key_pem())
    with pytest.raises(NotSigned):
        passes.prove(KEYS, passes.issue(other, GRANTED))
    with pytest.raises(NotSigned):
        passes.prove(KEYS, passes.issue(SigningKey(KEY.key_id, other.private_key), GRANTED))


def test_a_token_is_no_pass_and_a_pass_no_other_word() -> None:
    with pytest.raises(NotSigned):
        passes.prove(KEYS, issue(KEY, "sok", now())[0])
    with pytest.raises(NotSigned):
        passes.prove(
            KEYS, signed.write(Word(KEY.key_id, "bundle+jwt", GRANTED.model_dump(mode="json")), KEY.private_key)
        )
    with pytest.raises(NotSigned):
        passes.prove(KEYS, signed.write(Word(KEY.key_id, passes.KIND, {"staff": "sok"}), KEY.private_key))


def _with_header(**header: object) -> str:
    written = passes.issue(KEY, GRANTED)
    told = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{told}.{written.split('.', 1)[1]}"


@pytest.mark.parametrize(
    "written",
    [
        "",
        "a.b.c",
        passes.issue(KEY, GRANTED) + "=",
        passes.issue(KEY, GRANTED)[:-1] + "B",
        passes.issue(KEY, GRANTED).replace(".", "..", 1),
        _with_header(alg="none", kid=KEY.key_id, typ=passes.KIND),
        _with_header(alg="EdDSA", kid=KEY.key_id),
        _with_header(alg="EdDSA", kid=KEY.key_id, typ=passes.KIND, crit=["b64"]),
        passes.issue(KEY, GRANTED.model_copy(update={"staff": "s" * 3_000})),
        "é" * 100,
    ],
    ids=range(10),
)
def test_what_is_written_otherwise_is_no_pass(written: str) -> None:
    with pytest.raises(NotSigned):
        passes.prove(KEYS, written)
