"""Tokens: what they carry, how long they live, and what is never taken for one."""

import base64
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import example, given
from hypothesis import strategies as st

from shared.access.tokens import (
    LEEWAY_S,
    VALID_FOR,
    Checker,
    SigningKey,
    TokenRefused,
    issue,
    new_signing_key_pem,
    read_public,
)
from shared.clock import now
from tests.access.signed_in import signed
from tests.support.waiting import until_true

KEY = SigningKey.read(new_signing_key_pem())
KEYS = {KEY.key_id: KEY.private_key.public_key()}


def part(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).rstrip(b"=").decode()


def test_a_token_says_who_is_signed_in_and_nothing_else() -> None:
    token, expires_at = issue(KEY, "sok", now())

    claims = jwt.decode(token, options={"verify_signature": False})
    assert set(claims) == {"iss", "aud", "sub", "iat", "exp"}
    assert Checker(KEYS).proof_of(token).actor_id == "sok"
    assert expires_at - now() <= VALID_FOR == timedelta(minutes=5)


def test_a_token_ends_no_later_than_its_session() -> None:
    soon = now() + timedelta(minutes=2)
    assert issue(KEY, "sok", now(), soon)[1] == soon
    assert issue(KEY, "sok", now(), now() + timedelta(hours=2))[1] - now() <= VALID_FOR


def test_a_clock_may_be_a_little_off_and_no_more() -> None:
    just_over = now() - VALID_FOR - timedelta(seconds=LEEWAY_S - 2)
    too_old = now() - VALID_FOR - timedelta(seconds=LEEWAY_S + 2)
    a_little_ahead = now() + timedelta(seconds=LEEWAY_S - 2)
    too_far_ahead = now() + timedelta(seconds=LEEWAY_S + 3)

    assert [Checker(KEYS).proof_of(issue(KEY, "sok", at)[0]).actor_id for at in (just_over, a_little_ahead)] == [
        "sok",
        "sok",
    ]
    for at in (too_old, too_far_ahead):
        with pytest.raises(TokenRefused):
            Checker(KEYS).proof_of(issue(KEY, "sok", at)[0])


async def test_a_token_that_was_good_is_refused_once_its_time_is_over() -> None:
    checker = Checker(KEYS)
    token = issue(KEY, "sok", now() - VALID_FOR - timedelta(seconds=LEEWAY_S - 1.5))[0]

    def refused() -> bool:
        try:
            return checker.proof_of(token).actor_id != "sok"
        except TokenRefused:
            return True

    assert not refused()
    await until_true(refused, within_s=5)


@pytest.mark.parametrize("claim", ["exp", "iat", "sub", "aud", "iss"])
def test_a_token_without_one_of_its_claims_is_refused(claim: str) -> None:
    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(signed(KEY, "sok", **{claim: None}))


@pytest.mark.parametrize(
    ("claim", "value"),
    [("exp", "soon"), ("exp", []), ("exp", -1), ("iat", {}), ("sub", []), ("sub", 7), ("aud", 7), ("aud", [7])],
    ids=str,
)
def test_a_claim_of_a_strange_kind_is_refused(claim: str, value: Any) -> None:
    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(signed(KEY, "sok", **{claim: value}))


def test_a_key_that_the_directory_does_not_know_is_refused() -> None:
    other = SigningKey.read(new_signing_key_pem())

    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(issue(other, "sok", now())[0])


def test_two_keys_are_known_side_by_side_while_one_takes_over() -> None:
    newer = SigningKey.read(new_signing_key_pem())
    both = KEYS | {newer.key_id: newer.private_key.public_key()}

    assert [Checker(both).proof_of(issue(key, "sok", now())[0]).actor_id for key in (KEY, newer)] == ["sok", "sok"]


@given(st.text())
@example("")
@example("..")
@example(f"{part('[]')}.{part('{}')}.")
@example(f"{part('null')}.{part('{}')}.{part('x')}")
@example(f"{part('{}')}.{part('{}')}.{part('x')}")
@example(f"{part('{' + chr(34) + 'kid' + chr(34) + ': []}')}.{part('{}')}.{part('x')}")
@example(f"{part('{' + chr(34) + 'alg' + chr(34) + ': 1}')}.{part('{}')}.{part('x')}")
@example(f"{part(chr(0xD800))}.{part('{}')}.{part('x')}")
@example("é.é.é")
def test_whatever_is_no_token_is_refused_and_nothing_worse(text: str) -> None:
    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(text)


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.integers())))
def test_whatever_a_header_says_only_our_signature_counts(header: dict[str, object]) -> None:
    encoded = jwt.utils.base64url_encode(repr(header).encode()).decode()

    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(f"{encoded}.{signed(KEY, 'sok').split('.', 1)[1]}")


def test_the_public_half_survives_the_directory() -> None:
    assert read_public(KEY.public_pem).public_bytes_raw() == KEYS[KEY.key_id].public_bytes_raw()


def test_a_key_of_another_kind_is_not_read() -> None:
    other = generate_private_key(SECP256R1())
    private = other.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    public = other.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)

    with pytest.raises(ValueError, match="Ed25519"):
        SigningKey.read(private)
    with pytest.raises(ValueError, match="Ed25519"):
        read_public(public.decode())


@pytest.mark.parametrize("claim", ["iss", "aud"])
def test_a_token_of_another_house_is_refused(claim: str) -> None:
    moment = now()
    claims = {"iss": "parcel", "aud": "ctcpost", "sub": "sok", "iat": moment, "exp": moment + VALID_FOR}
    ours = jwt.encode(claims, KEY.private_key, "EdDSA", {"kid": KEY.key_id})
    theirs = jwt.encode({**claims, claim: "elsewhere"}, KEY.private_key, "EdDSA", {"kid": KEY.key_id})
    assert Checker(KEYS).proof_of(ours).actor_id == "sok"
    with pytest.raises(TokenRefused):
        Checker(KEYS).proof_of(theirs)
