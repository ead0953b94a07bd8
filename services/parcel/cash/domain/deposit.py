"""Cash that an office takes to the bank."""

from shared.errors import Conflict


class DepositBooked(Conflict):
    """A deposit of this slip was booked before."""

    slug = "deposit-booked"
