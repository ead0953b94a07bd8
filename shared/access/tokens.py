"""Short tokens that say who is signed in, signed with Ed25519.

Source: RFC 8037 and RFC 7519. The rights come from the directory, not from the token: they may have changed since.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache, partial
from uuid import UUID

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.errors import Unauthenticated

ALGORITHM = "EdDSA"
ISSUER = "parcel"
AUDIENCE = "ctcpost"
VALID_FOR = timedelta(minutes=5)
LEEWAY_S = 5
MOST_REMEMBERED = 4_096
"""Tokens whose signature need not be checked again; a check takes longer than all else at the door."""


class TokenRefused(Unauthenticated):
    """The token is missing, expired or not valid; sign in again."""

    slug = "token-refused"


@dataclass(frozen=True, slots=True)
class SigningKey:
    """The private half of a signing key, with the id that tokens name."""

    key_id: str
    private_key: Ed25519PrivateKey

    @classmethod
    def read(cls, pem: bytes) -> "SigningKey":
        """Read a PKCS#8 PEM; the key id is derived from the public half."""
        private_key = serialization.load_pem_private_key(pem, None)
        if not isinstance(private_key, Ed25519PrivateKey):
            raise ValueError("the signing key is not an Ed25519 key")
        return cls(private_key.public_key().public_bytes_raw().hex()[:16], private_key)

    @property
    def public_pem(self) -> str:
        """Return the public half as PEM, as the directory carries it."""
        form = (serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        return self.private_key.public_key().public_bytes(*form).decode()


def new_signing_key_pem() -> bytes:
    """Make a new signing key."""
    form = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return Ed25519PrivateKey.generate().private_bytes(*form)


def read_public(pem: str) -> Ed25519PublicKey:
    """Read the public half that the directory carries."""
    public_key = serialization.load_pem_public_key(pem.encode())
    if not isinstance(public_key, Ed25519PublicKey):
        raise ValueError("the public key is not an Ed25519 key")
    return public_key


def issue(
    key: SigningKey, actor_id: str, now: datetime, not_after: datetime | None = None, device_id: UUID | None = None
) -> tuple[str, datetime]:
    """Sign a token for an actor; returns it with the instant it ends, which is not after the one given.

    One for somebody who signed in on a counter's device names it, and is worth nothing once the device is revoked.
    """
    expires_at = min(now + VALID_FOR, not_after or now + VALID_FOR)
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": actor_id, "iat": now, "exp": expires_at}
    if device_id is not None:
        claims["device"] = str(device_id)
    return jwt.encode(claims, key.private_key, ALGORITHM, {"kid": key.key_id}), expires_at


@dataclass(frozen=True, slots=True)
class Proof:
    """What a token with a good signature says; seconds count from 1970."""

    actor_id: str
    expires_at_s: int
    device_id: UUID | None = None


class Checker:
    """Checks tokens against the known keys; the signature of each once, its time at every request."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._proof_of = lru_cache(MOST_REMEMBERED)(partial(prove, keys))

    def proof_of(self, token: str) -> Proof:
        """Return whom a token speaks of.

        Raises: TokenRefused.
        """
        proof = self._proof_of(token)
        if proof.expires_at_s <= time.time() - LEEWAY_S:
            raise TokenRefused
        return proof


def prove(keys: Mapping[str, Ed25519PublicKey], token: str) -> Proof:
    """Check a token's signature, claims and time.

    Raises: TokenRefused.
    """
    try:
        key = keys[jwt.get_unverified_header(token)["kid"]]
        claims = jwt.decode(
            token,
            key,
            [ALGORITHM],
            audience=AUDIENCE,
            issuer=ISSUER,
            leeway=LEEWAY_S,
            options={"require": ["exp", "iat", "sub", "aud", "iss"]},
        )
        device_id = UUID(str(claims["device"])) if "device" in claims else None
    except (jwt.PyJWTError, KeyError, ValueError):
        raise TokenRefused from None
    return Proof(str(claims["sub"]), int(claims["exp"]), device_id)
