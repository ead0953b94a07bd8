"""Table asked_papers: which papers customs asks for of an item from abroad; forgotten with the addressee."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class AskedPapers:
    """What is asked for at one version of an item; None for nothing."""

    item_number: str
    wanted: str | None
    version: int
    told_at: datetime


async def save(tx: Tx, asked: Sequence[AskedPapers]) -> None:
    """Insert or replace; what is older than the row or than the contact, which is there, changes nothing.

    The same papers again were asked for when they were first. Where none ever were there is no row.
    """
    await tx.execute(
        """
        insert into asked_papers (item_number, wanted, version, asked_version, told_at)
        select n.item_number, n.wanted, n.version, n.version, n.told_at
        from unnest($1::text[], $2::text[], $3::integer[], $4::timestamptz[])
            as n (item_number, wanted, version, told_at)
        join contact c on c.item_number = n.item_number and c.audience = 'recipient' and c.version <= n.version
        where n.wanted is not null
            or exists (select from asked_papers before where before.item_number = n.item_number)
        order by n.item_number
        on conflict (item_number) do update
        set wanted = excluded.wanted, version = excluded.version,
            asked_version = case when asked_papers.wanted is not distinct from excluded.wanted
                then asked_papers.asked_version else excluded.asked_version end,
            told_at = case when asked_papers.wanted is not distinct from excluded.wanted
                then asked_papers.told_at else excluded.told_at end
        where asked_papers.version < excluded.version
        """,
        [one.item_number for one in asked],
        [one.wanted for one in asked],
        [one.version for one in asked],
        [one.told_at for one in asked],
    )
