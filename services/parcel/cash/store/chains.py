"""Table ledger_chain: the last entry of each office."""

from collections.abc import Mapping, Sequence

from services.parcel.cash.domain.chain import GENESIS, Head
from shared.db.connection import Tx


async def lock(tx: Tx, offices: Sequence[str]) -> dict[str, Head]:
    """Return the heads of some offices' chains, and keep others from adding to them until the transaction ends.

    Locks in the order of their codes; an office without a chain gets one.
    """
    ordered = sorted(set(offices))
    await tx.execute(
        """
        insert into ledger_chain (office, sequence, sha256) select office, 0, $2 from unnest($1::text[]) as office
        on conflict do nothing
        """,
        ordered,
        GENESIS,
    )
    records = await tx.fetch(
        """
        select office, sequence, sha256 from ledger_chain where office = any($1::text[]) order by office for update
        """,
        ordered,
    )
    return {record["office"]: Head(**dict(record)) for record in records}


async def extend(tx: Tx, heads: Mapping[str, Head]) -> None:
    """Let chains end with other entries; the caller holds them."""
    await tx.execute(
        """
        update ledger_chain set sequence = head.sequence, sha256 = head.sha256
        from unnest($1::text[], $2::bigint[], $3::bytea[]) as head (office, sequence, sha256)
        where ledger_chain.office = head.office
        """,
        list(heads),
        [head.sequence for head in heads.values()],
        [head.sha256 for head in heads.values()],
    )


async def all_heads(tx: Tx) -> list[Head]:
    """Return the head of each office that has a chain."""
    records = await tx.fetch("select office, sequence, sha256 from ledger_chain order by office")
    return [Head(**dict(record)) for record in records]


async def head(tx: Tx, office: str) -> Head | None:
    """Return the head of an office's chain, None if it has none."""
    record = await tx.fetchrow("select office, sequence, sha256 from ledger_chain where office = $1", office)
    return Head(**dict(record)) if record else None
