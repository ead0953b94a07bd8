"""Tables number_range and number_block: serials still to give out."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class Range:
    """What the post granted for an indicator, and how far it is given out."""

    indicator: str
    first_serial: int
    last_serial: int
    next_serial: int
    provisional: bool

    @property
    def left(self) -> int:
        """Return how many serials no office has yet."""
        return self.last_serial + 1 - self.next_serial


@dataclass(frozen=True, slots=True)
class Block:
    """Serials that one office owns."""

    indicator: str
    office: str
    first_serial: int
    last_serial: int
    next_serial: int

    @property
    def left(self) -> int:
        """Return how many serials of the block are unused."""
        return self.last_serial + 1 - self.next_serial


async def grant(tx: Tx, indicator: str, first_serial: int, last_serial: int, provisional: bool) -> Range | None:
    """Add a range, or note of the same one whether it is provisional; None where it overlaps another one.

    Locks the table: two grants at once must see each other.
    """
    await tx.execute("lock table number_range in share row exclusive mode")
    record = await tx.fetchrow(
        """
        insert into number_range (indicator, first_serial, last_serial, next_serial, provisional)
        select $1, $2::integer, $3::integer, $2::integer, $4
        where not exists (
            select from number_range where indicator = $1 and first_serial <= $3 and last_serial >= $2
                and (first_serial, last_serial) <> ($2, $3))
        on conflict (indicator, first_serial) do update set provisional = excluded.provisional
        returning indicator, first_serial, last_serial, next_serial, provisional
        """,
        indicator,
        first_serial,
        last_serial,
        provisional,
    )
    return Range(*record) if record else None


async def reserve(
    tx: Tx,
    office: str,
    indicator: str,
    size: int,
    now: datetime,
    *,
    stickers: bool = False,
    device_id: UUID | None = None,
) -> Block | None:
    """Move up to `size` serials from the oldest open range to a block of the office; None if all are used up.

    A block of stickers, or of a counter's device, is no supply: none of its serials is leased to a process.
    """
    record = await tx.fetchrow(
        """
        with before as (
            select indicator, first_serial, next_serial, least(next_serial + $3 - 1, last_serial) as block_end
            from number_range where indicator = $1 and next_serial <= last_serial
            order by granted_no limit 1 for update
        ), taken as (
            update number_range set next_serial = before.block_end + 1 from before
            where number_range.indicator = before.indicator and number_range.first_serial = before.first_serial
        )
        insert into number_block (indicator, office, first_serial, last_serial, next_serial, reserved_at, stickers,
            device_id)
        select indicator, $2, next_serial, block_end,
            case when $5 or $6::uuid is not null then block_end + 1 else next_serial end, $4, $5, $6
        from before
        returning indicator, office, first_serial, last_serial, next_serial
        """,
        indicator,
        office,
        size,
        now,
        stickers,
        device_id,
    )
    return Block(*record) if record else None


async def blocks_of_device(tx: Tx, device_id: UUID, since: datetime) -> list[Block]:
    """Return the blocks that a counter's device leased since a time, the first one first."""
    records = await tx.fetch(
        """
        select indicator, office, first_serial, last_serial, next_serial from number_block
        where device_id = $1 and reserved_at >= $2 order by indicator, first_serial
        """,
        device_id,
        since,
    )
    return [Block(*record) for record in records]


async def is_of_device(tx: Tx, device_id: UUID, indicator: str, serial: int) -> bool:
    """Tell whether a serial lies in a block that a counter's device leased."""
    return bool(
        await tx.fetchval(
            """
            select exists (select from number_block
                where device_id = $1 and indicator = $2 and first_serial <= $3 and last_serial >= $3)
            """,
            device_id,
            indicator,
            serial,
        )
    )


async def sticker_block(tx: Tx, indicator: str, serial: int) -> Block | None:
    """Return the block of stickers that a serial is in."""
    record = await tx.fetchrow(
        """
        select indicator, office, first_serial, last_serial, next_serial from number_block
        where indicator = $1 and first_serial <= $2 and last_serial >= $2 and stickers
        """,
        indicator,
        serial,
    )
    return Block(*record) if record else None


async def unused(tx: Tx, office: str, indicator: str) -> int:
    """Count the serials of an office that no process leased yet."""
    count: int = await tx.fetchval(
        """
        select coalesce(sum(last_serial + 1 - next_serial), 0)::bigint from number_block
        where office = $1 and indicator = $2 and next_serial <= last_serial
        """,
        office,
        indicator,
    )
    return count


async def sticker_blocks(tx: Tx, office: str, indicator: str, since: datetime) -> list[Block]:
    """Return the blocks of stickers that an office reserved since a time."""
    records = await tx.fetch(
        """
        select indicator, office, first_serial, last_serial, next_serial from number_block
        where office = $1 and indicator = $2 and stickers and reserved_at >= $3 order by first_serial
        """,
        office,
        indicator,
        since,
    )
    return [Block(*record) for record in records]


async def lease(tx: Tx, office: str, indicator: str, count: int) -> range:
    """Take up to `count` serials from the office's oldest open block; empty if it has none.

    What is leased is never given out again, used or not.
    """
    record = await tx.fetchrow(
        """
        with open_block as (
            select indicator, first_serial, next_serial, least(next_serial + $3, last_serial + 1) as lease_end
            from number_block where office = $1 and indicator = $2 and next_serial <= last_serial
            order by first_serial limit 1 for update
        )
        update number_block set next_serial = open_block.lease_end from open_block
        where number_block.indicator = open_block.indicator and number_block.first_serial = open_block.first_serial
        returning open_block.next_serial as first, open_block.lease_end as past_last
        """,
        office,
        indicator,
        count,
    )
    return range(record["first"], record["past_last"]) if record else range(0)


async def give_back(tx: Tx, office: str, indicator: str, unused: range) -> None:
    """Return the unused end of a lease to its block, unless somebody leased behind it since."""
    await tx.execute(
        """
        update number_block set next_serial = $3
        where office = $1 and indicator = $2 and next_serial = $4 and first_serial <= $3
        """,
        office,
        indicator,
        unused.start,
        unused.stop,
    )


async def ranges(tx: Tx) -> list[Range]:
    """Return every range."""
    records = await tx.fetch(
        """
        select indicator, first_serial, last_serial, next_serial, provisional from number_range
        order by indicator, granted_no
        """
    )
    return [Range(*record) for record in records]


async def blocks_of(tx: Tx, office: str | None) -> list[Block]:
    """Return the open blocks of an office, or of all."""
    records = await tx.fetch(
        """
        select indicator, office, first_serial, last_serial, next_serial from number_block
        where ($1::text is null or office = $1) and next_serial <= last_serial order by office, indicator, first_serial
        """,
        office,
    )
    return [Block(*record) for record in records]
