"""Passes: what parcel signs for a member of staff on a device, to unlock it for some days without a line."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Annotated
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.access import signed
from shared.access.roles import Role
from shared.access.signed import NotSigned, Word
from shared.access.tokens import SigningKey

VALID_FOR = timedelta(days=14)
LEEWAY = timedelta(minutes=5)
"""How far the clock of a device that knows its drift may still be wrong."""
KIND = "pass+jwt"
LONGEST = 2_048


class Pass(BaseModel):
    """Who may unlock which device, as what, from when on."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    pass_id: UUID
    staff: Annotated[str, Field(min_length=1, max_length=64)]
    role: Role
    office: str | None
    device_id: UUID
    issued_at: AwareDatetime

    def is_good_at(self, instant: datetime) -> bool:
        """Tell whether the device might be unlocked with it at an instant."""
        return self.issued_at - LEEWAY <= instant <= self.issued_at + VALID_FOR


def issue(key: SigningKey, granted: Pass) -> str:
    """Sign a pass."""
    return signed.write(Word(key.key_id, KIND, granted.model_dump(mode="json")), key.private_key)


def prove(keys: Mapping[str, Ed25519PublicKey], written: str) -> Pass:
    """Return the pass that one of parcel's keys signed, however old it is.

    Raises: NotSigned.
    """
    word = signed.peek(written, LONGEST)
    key = keys.get(word.key_id)
    if key is None or word.kind != KIND:
        raise NotSigned
    signed.must_be_signed(written, key)
    try:
        return Pass.model_validate(word.payload)
    except ValidationError:
        raise NotSigned from None
