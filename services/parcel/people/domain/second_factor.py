"""The second factor: a code of six digits that an application on the person's phone shows.

Source: RFC 6238, steps of thirty seconds; section 5.2: a code is taken once.
"""

from datetime import datetime

import pyotp

from shared.errors import Conflict

STEP_S = 30
STEPS_BESIDE = 1
"""A phone's clock may be one step off."""


class SecondFactorUnreadable(Conflict):
    """Your second factor cannot be read any more; ask an administrator to reset it, then enrol a new one."""

    slug = "second-factor-unreadable"


def new_secret() -> str:
    """Make a secret that person and post share, in base 32."""
    return pyotp.random_base32()


def enrolment_url(secret: str, name: str) -> str:
    """Return what the application reads from a QR."""
    return pyotp.TOTP(secret, interval=STEP_S).provisioning_uri(name=name, issuer_name="CTC Post")


def step_of(secret: str, code: str, now: datetime, last_step: int) -> int | None:
    """Return the step that a code belongs to, if it is near now and later than the last one taken."""
    totp = pyotp.TOTP(secret, interval=STEP_S)
    present = int(now.timestamp()) // STEP_S
    for step in range(present - STEPS_BESIDE, present + STEPS_BESIDE + 1):
        if step > last_step and pyotp.utils.strings_equal(totp.generate_otp(step), code):
            return step
    return None
