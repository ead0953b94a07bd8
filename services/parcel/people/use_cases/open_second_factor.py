"""The secret of a second factor is unsealed to judge a code."""

from uuid import UUID

from services.parcel.people.domain.second_factor import SecondFactorUnreadable
from shared.sealing import CannotOpen, KeyRing


def open_second_factor(sealed: bytes, staff_id: UUID, key_ring: KeyRing | None) -> str:
    """Return a person's secret.

    Raises: SecondFactorUnreadable.
    """
    if key_ring is None:
        raise SecondFactorUnreadable
    try:
        return key_ring.open(sealed, str(staff_id)).decode()
    except CannotOpen:
        # The key was taken out of the ring, or the ring is another one.
        raise SecondFactorUnreadable from None
