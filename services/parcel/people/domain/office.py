"""An office as an administrator sets it: where it stands, and from which day on it takes in no parcels."""

from datetime import date

from services.parcel.addresses.domain.gazetteer import PlaceNotFound, gazetteer
from shared.contracts.directory import OfficeV1
from shared.errors import FieldProblem, Invalid, gathering

ABROAD = "0000"
"""In place of a district, for the office of exchange of another post."""


def must_be_placed(office: OfficeV1) -> None:
    """Check that the gazetteer knows district and place, and that the one lies in the other.

    Raises: Invalid.
    """
    if office.district_code == ABROAD and office.office_kind == "office_of_exchange" and office.place_code is None:
        return
    with gathering() as part:
        with part():
            _must_be_known("district_code", office.district_code)
        with part():
            if office.place_code is not None:
                _must_lie_in(office.place_code, office.district_code)


def with_closing_day(office: OfficeV1, known: OfficeV1 | None, today: date) -> OfficeV1:
    """Return an office with the day since when it is closed: the one named, the one known, or today.

    Raises: Invalid.
    """
    if office.closed and office.closes_on is not None and office.closes_on > today:
        message = "Leave `closed` out until the day comes; the office closes by itself then."
        raise Invalid([FieldProblem("closes_on", "not-yet", message)])
    closes_on = office.closes_on
    if office.closed and closes_on is None:
        closes_on = known.closes_on if known and known.closed and known.closes_on else today
    return office.model_copy(update={"closes_on": closes_on, "closed": closes_on is not None and closes_on <= today})


def _must_be_known(field: str, code: str) -> None:
    try:
        gazetteer().find(code)
    except PlaceNotFound:
        raise Invalid([FieldProblem(field, "unknown-place", "There is no place of this code; look it up.")]) from None


def _must_lie_in(place_code: str, district_code: str) -> None:
    _must_be_known("place_code", place_code)
    if district_code not in {place.code for place in gazetteer().path(place_code)}:
        raise Invalid([FieldProblem("place_code", "not-in-district", "This place lies in another district.")])
