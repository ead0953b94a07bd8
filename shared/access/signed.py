"""Signed words in one form: compact JWS, EdDSA, strictly written, so that one word has one writing.

Source: RFC 7515 for the form, RFC 8037 for the algorithm.
"""

import re
from dataclasses import dataclass
from typing import Any

import jwt
import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shared.access.devices import write_raw_key
from shared.access.tokens import ALGORITHM

_FORM = re.compile(r"[A-Za-z0-9_-]{1,512}\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]{85}[AQgw]")
"""A signature of 64 bytes leaves the last letter four values; others would be second writings of the same word."""
_jws = jwt.PyJWS([ALGORITHM])


class NotSigned(Exception):
    """This is no word in the form, or not signed with the key that it names."""


@dataclass(frozen=True, slots=True)
class Word:
    """What somebody signed: the id of the key that it names, of what kind it is, and what it says."""

    key_id: str
    kind: str
    payload: dict[str, Any]


def peek(written: str, longest: int) -> Word:
    """Read a word without looking at its signature.

    Raises: NotSigned.
    """
    if len(written) > longest or not _FORM.fullmatch(written):
        raise NotSigned
    try:
        header = jwt.get_unverified_header(written)
        payload = orjson.loads(jwt.utils.base64url_decode(written.split(".")[1]))
    except (jwt.PyJWTError, ValueError):
        raise NotSigned from None
    # Of what else a header may hold nothing is understood here, so nothing else may stand in it.
    if header.keys() != {"alg", "kid", "typ"} or header["alg"] != ALGORITHM or not isinstance(payload, dict):
        raise NotSigned
    return Word(str(header["kid"]), str(header["typ"]), payload)


def must_be_signed(written: str, key: Ed25519PublicKey) -> None:
    """Check the signature of a word that could be read.

    Raises: NotSigned.
    """
    try:
        _jws.decode_complete(written, key, algorithms=[ALGORITHM])
    except jwt.PyJWTError:
        raise NotSigned from None


def write(word: Word, key: Ed25519PrivateKey) -> str:
    """Sign a word; the same word always becomes the same text."""
    header = orjson.dumps({"alg": ALGORITHM, "kid": word.key_id, "typ": word.kind})
    said = f"{write_raw_key(header)}.{write_raw_key(orjson.dumps(word.payload))}"
    return f"{said}.{write_raw_key(key.sign(said.encode()))}"
