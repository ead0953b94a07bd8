"""What a domestic carrier collected at the door and passes on to the post."""

from shared.errors import Conflict, FieldProblem, Invalid


class RemittanceBooked(Conflict):
    """A remittance of this carrier and reference was booked before; give another its own reference."""

    slug = "remittance-booked"


def must_be_owed(item_numbers: list[str], owed: dict[str, str | None], carrier: str) -> None:
    """Check that a carrier owes for each item; `owed` says who owes for which.

    Raises: Invalid.
    """
    problems = [
        FieldProblem(f"item_numbers.{place}", "not-owed", f"{carrier} owes nothing for {number}.")
        for place, number in enumerate(item_numbers)
        if owed.get(number) != carrier
    ]
    if problems:
        raise Invalid(problems)
