"""What is wrong with a counter's scan: data that its code asks for, unknown values, a time that cannot be."""

from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta

from services.tracking.domain.event_codes import SCANNED_CODES, Datum, EventCode
from services.tracking.domain.scan import Scan
from shared.contracts.items import is_practice
from shared.errors import FieldProblem

FUTURE_ALLOWED = timedelta(minutes=10)
PAST_ALLOWED = timedelta(days=366)
NOUNS = {
    Datum.REASON: "a reason",
    Datum.ACTION: "an action",
    Datum.RETENTION_REASON: "a retention reason",
}


def problems_of(scan: Scan, offices: AbstractSet[str], now: datetime) -> tuple[FieldProblem, ...]:
    """Return what forbids to record a counter's scan; `offices` are those of the scan that are known."""
    return (
        *_number_problems(scan),
        *_code_problems(scan),
        *_datum_problems(scan),
        *_payment_problems(scan),
        *_time_problems(scan, now),
        *_office_problems(scan, offices),
    )


def _number_problems(scan: Scan) -> list[FieldProblem]:
    if not is_practice(scan.item_number):
        return []
    message = "This is the number of a practice parcel; let it go on with the steps of practice, nobody carries it."
    return [FieldProblem("item_number", "practice-number", message)]


def _code_problems(scan: Scan) -> list[FieldProblem]:
    if scan.event_code in SCANNED_CODES:
        return []
    return [FieldProblem("event_code", "not-scanned", f"{scan.event_code} is not scanned at an office.")]


def _datum_problems(scan: Scan) -> list[FieldProblem]:
    problems = []
    for datum in Datum:
        value, choices = getattr(scan, datum), scan.choices(datum)
        if not choices and value is not None:
            message = f"{scan.event_code} does not take {NOUNS[datum]}; leave it out."
            problems.append(FieldProblem(datum, "not-used", message))
        elif choices and value is None:
            problems.append(FieldProblem(datum, "required", f"{scan.event_code} needs {NOUNS[datum]}."))
        elif choices and value not in choices:
            known = ", ".join(choices)
            problems.append(FieldProblem(datum, "unknown-value", f"The value must be one of: {known}."))
    return problems


def _payment_problems(scan: Scan) -> list[FieldProblem]:
    if scan.payment and scan.event_code is not EventCode.EMI:
        return [FieldProblem("payment", "not-used", "A payment is taken as a parcel is handed over; leave it out.")]
    return []


def _time_problems(scan: Scan, now: datetime) -> list[FieldProblem]:
    if scan.occurred_at > now + FUTURE_ALLOWED:
        message = "The time, corrected by the drift, lies in the future; check the device's clock or send its drift."
        return [FieldProblem("device_time", "in-the-future", message)]
    if scan.occurred_at < now - PAST_ALLOWED:
        message = "The time, corrected by the drift, lies more than a year back; check the device's clock."
        return [FieldProblem("device_time", "too-long-ago", message)]
    return []


def _office_problems(scan: Scan, offices: AbstractSet[str]) -> list[FieldProblem]:
    named = (("office", scan.office), ("next_office", scan.next_office))
    return [
        FieldProblem(field, "unknown-office", "No office has this code; take it from the list of offices.")
        for field, office in named
        if office is not None and office not in offices
    ]
