"""Idempotency keys: which request they stand for, and what is wrong with one."""

import hashlib

from shared.errors import Conflict, FieldProblem, Invalid


class KeyReused(Invalid):
    """This Idempotency-Key was used for another request."""

    slug = "idempotency-key-reused"

    def __init__(self) -> None:
        super().__init__([FieldProblem("idempotency-key", "reused", "Make a new key for each new request.")])


class KeyInFlight(Conflict):
    """A request with this Idempotency-Key is still being answered; ask again."""

    slug = "idempotency-key-in-flight"
    retry_after_s = 1


def digest(body: bytes) -> bytes:
    """Return what tells two requests under one key apart."""
    return hashlib.sha256(body).digest()
