"""A code of six digits that proves to have a phone in one's hands.

Source: NIST SP 800-63B, 5.1.3: short-lived, taken once, a few tries.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

DIGITS = 6
LIVES = timedelta(minutes=5)
AGAIN_AFTER = timedelta(seconds=60)
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class SignInCode:
    """The code that was last sent to a phone, as a hash."""

    phone: str
    code_sha256: bytes
    tries: int
    made_at: datetime
    expires_at: datetime

    def fits(self, code: str, now: datetime) -> bool:
        """Tell whether a code is this one and may still be taken."""
        alive = now < self.expires_at and self.tries <= MOST_TRIES
        return secrets.compare_digest(self.code_sha256, digest(self.phone, code)) and alive


def new_code() -> str:
    """Make a code."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def who_tries(phone: str) -> str:
    """Return under which name tries with codes of a phone are counted, whatever codes it got since."""
    return f"phone {hashlib.sha256(phone.encode()).hexdigest()}"


def digest(phone: str, code: str) -> bytes:
    """Return the form in which a code is kept; a million are soon tried, so its short life is what protects it."""
    return hashlib.sha256(f"{phone} {code}".encode()).digest()
