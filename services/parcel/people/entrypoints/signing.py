"""What this process signs people in with."""

from dataclasses import dataclass

from fastapi import Request

from shared.access.passphrases import Passphrases
from shared.access.tokens import SigningKey
from shared.sealing import KeyRing


@dataclass(frozen=True, slots=True)
class Signing:
    """What signing in needs: the hashes' threads, the key of the tokens, the ring that seals."""

    passphrases: Passphrases
    key: SigningKey
    key_ring: KeyRing | None
    """What second factors are sealed with; without it nobody can enrol one."""


async def signing_of(request: Request) -> Signing:
    """Return what this process signs in with."""
    signing: Signing = request.app.state.signing
    return signing
