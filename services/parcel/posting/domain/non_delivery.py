"""What a sender wants of a parcel that cannot be delivered abroad; without a word of it, it comes back.

Source: UPU form CP 72.
"""

from enum import StrEnum

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.addresses.domain.latin_letters import latin_problem
from services.parcel.addresses.domain.printable_letters import print_problem
from shared.errors import FieldProblem


class IfUndeliverable(StrEnum):
    """The sender's choices."""

    RETURN = "return"
    ABANDON = "abandon"
    REDIRECT = "redirect"


def instruction_problem(
    choice: IfUndeliverable, redirect_to: str | None, destination_country: str
) -> FieldProblem | None:
    """Return why a choice cannot be followed; only to redirect takes an address, one that is read abroad."""
    if destination_country == DOMESTIC and choice is not IfUndeliverable.RETURN:
        message = "Leave it out at home: a parcel that cannot be delivered here goes back to its sender."
        return FieldProblem("if_undeliverable", "not-at-home", message)
    if choice is not IfUndeliverable.REDIRECT:
        message = "Choose to redirect, or leave the address out."
        return FieldProblem("redirect_to", "not-redirected", message) if redirect_to else None
    if not redirect_to:
        message = "Write who gets it then, and where: name, address, country."
        return FieldProblem("redirect_to", "missing", message)
    return latin_problem(redirect_to, "redirect_to") or print_problem(redirect_to, "redirect_to")
