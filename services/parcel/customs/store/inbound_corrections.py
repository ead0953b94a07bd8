"""Table inbound_correction."""

from collections.abc import Sequence

from services.parcel.customs.domain.inbound import Addressee
from services.parcel.customs.domain.inbound_correction import Correction
from shared.db.connection import Tx


async def add(tx: Tx, correction: Correction) -> None:
    """Add a correction."""
    await tx.execute(
        """
        insert into inbound_correction (item_number, version, was, became, waited_at, waits_at, corrected_by, office,
            corrected_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        """,
        correction.item_number,
        correction.version,
        correction.was.kept() if correction.was else None,
        correction.became.kept() if correction.became else None,
        correction.waited_at,
        correction.waits_at,
        correction.corrected_by,
        correction.office,
        correction.corrected_at,
    )


async def of_item(tx: Tx, item_number: str) -> list[Correction]:
    """Return the corrections of an item, the first one first."""
    records = await tx.fetch(
        """
        select item_number, version, was, became, waited_at, waits_at, corrected_by, office, corrected_at
        from inbound_correction where item_number = $1 order by version
        """,
        item_number,
    )
    return [
        Correction(
            **{
                **dict(record),
                "was": Addressee.of_kept(record["was"]) if record["was"] else None,
                "became": Addressee.of_kept(record["became"]) if record["became"] else None,
            }
        )
        for record in records
    ]


async def reached_before(tx: Tx, item_numbers: Sequence[str]) -> set[str]:
    """Return the numbers of those items whose addressee had a phone before a correction."""
    records = await tx.fetch(
        """
        select distinct item_number from inbound_correction
        where item_number = any($1::text[]) and was ->> 'phone' is not null
        """,
        item_numbers,
    )
    return {record["item_number"] for record in records}


async def forget_people(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Forget whom these items were for; that somebody corrected it, and when, stays."""
    await tx.execute(
        "update inbound_correction set was = null, became = null where item_number = any($1::text[])", item_numbers
    )
