"""Tables past_inbound_item, past_undone_payment and past_withdrawn_paper: items whose numbers name others now."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from shared.contracts.states import CustomerState
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Past:
    """Where the versions of a number stand, which go on for the item that follows, and whether something was due.

    Where tracking saw the number stands here only if it was withdrawn within its time: it is of the item that follows.
    """

    version: int = 0
    moved_journey_no: int = 0
    moved_version: int = 0
    payment: str | None = None
    state: CustomerState | None = None
    moved_office: str | None = None
    ended_at: datetime | None = None


async def set_aside(tx: Tx, item_number: str, months: int, now: datetime) -> Past | None:
    """Set aside an item that was withdrawn or taken in longer ago, without its people and papers; None if none is."""
    record = await tx.fetchrow(
        """
        with old as (
            select * from inbound_item
            where item_number = $1
              and (received_at < $3::timestamptz - make_interval(months => $2) or withdrawn_at is not null)
            for update
        ), kept as (
            insert into past_inbound_item (item_number, received_at, set_aside_at, origin_country, source,
                taking_office, collecting_office, duty_minor, fees, currency, payment, taken_by, ended_at, version,
                withdrawn_at, withdrawn_by, withdrawn_for)
            select item_number, received_at, $3, origin_country, source, taking_office, collecting_office, duty_minor,
                fees, currency, payment, taken_by, ended_at, version, withdrawn_at, withdrawn_by, withdrawn_for
            from old returning item_number
        ), forgotten as (
            delete from customs_paper using kept where customs_paper.item_number = kept.item_number
            returning paper_id, customs_paper.item_number, office, taken_by, taken_at, withdrawn_by, withdrawal_office,
                withdrawn_at
        ), filed as (
            insert into past_withdrawn_paper (paper_id, item_number, received_at, office, taken_by, taken_at,
                withdrawn_by, withdrawal_office, withdrawn_at)
            select f.paper_id, f.item_number, old.received_at, f.office, f.taken_by, f.taken_at, f.withdrawn_by,
                f.withdrawal_office, f.withdrawn_at
            from forgotten f join old on old.item_number = f.item_number where f.withdrawn_at is not null
        ), undone as (
            delete from undone_payment using kept where undone_payment.item_number = kept.item_number
            returning undone_payment.item_number, undone_at, undone_by
        ), remembered as (
            insert into past_undone_payment (item_number, received_at, undone_at, undone_by)
            select item_number, received_at, undone_at, undone_by from undone join old using (item_number)
        ), uncorrected as (
            delete from inbound_correction using kept where inbound_correction.item_number = kept.item_number
        )
        delete from inbound_item using kept where inbound_item.item_number = kept.item_number
        returning inbound_item.version, inbound_item.moved_journey_no, inbound_item.moved_version, inbound_item.payment,
            inbound_item.state, inbound_item.moved_office, inbound_item.ended_at,
            inbound_item.received_at >= $3::timestamptz - make_interval(months => $2) as goes_on
        """,
        item_number,
        months,
        now,
    )
    if record is None:
        return None
    values = dict(record)
    goes_on, state = values.pop("goes_on"), values.pop("state")
    past = Past(**values, state=CustomerState(state) if state else None)
    # After its time the number names another thing, whose journey is another too.
    return past if goes_on else replace(past, state=None, moved_office=None, ended_at=None)


async def charged_among(tx: Tx, item_numbers: Sequence[str]) -> set[str]:
    """Return those numbers under which something was charged on an item that is set aside."""
    records = await tx.fetch(
        """
        select distinct item_number from past_inbound_item
        where item_number = any($1::text[]) and payment is not null
        """,
        item_numbers,
    )
    return {record["item_number"] for record in records}
