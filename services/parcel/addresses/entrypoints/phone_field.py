"""A phone that stands in a field of a request."""

from services.parcel.addresses.domain.phones import NotAPhoneNumber, e164
from shared.errors import FieldProblem, Invalid


def e164_of(phone: str, country: str, field: str) -> str:
    """Read the phone that stands in a field.

    Raises: Invalid.
    """
    try:
        return e164(phone, country)
    except NotAPhoneNumber:
        message = "This is no phone number; write it as 012 345 678, or with + and the country's number."
        raise Invalid([FieldProblem(field, "not-a-phone-number", message)]) from None
