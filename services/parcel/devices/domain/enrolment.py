"""The code that enrols a device: shown once to who added it, typed on the device, good for an hour and a few tries.

Source: Crockford's base 32 for the letters, of which none is taken for another; fifty bits of chance.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from shared.errors import Unauthenticated

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 10
LIVES = timedelta(hours=1)
MOST_TRIES = 5
_AS_MEANT = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


class EnrolmentRefused(Unauthenticated):
    """The code is wrong, used, over, or was tried too often; add the device again to get another."""

    slug = "enrolment-refused"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """The code of one device, as a hash."""

    device_id: UUID
    code_sha256: bytes
    expires_at: datetime
    tries: int

    def fits(self, code: str, now: datetime) -> bool:
        """Tell whether a code is this one and may still be taken; the present try is counted already."""
        alive = now < self.expires_at and self.tries <= MOST_TRIES
        return secrets.compare_digest(self.code_sha256, digest(self.device_id, code)) and alive


def new_code() -> str:
    """Make a code, in two groups as it is read out."""
    code = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    return f"{code[:5]}-{code[5:]}"


def digest(device_id: UUID, code: str) -> bytes:
    """Return the form in which a code is kept; its short life is what protects it."""
    return hashlib.sha256(device_id.bytes + code.upper().translate(_AS_MEANT).encode()).digest()
