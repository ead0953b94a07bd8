"""Table trader_member."""

from datetime import datetime
from uuid import UUID

from services.parcel.people.domain.trader import Member
from shared.db.connection import Tx


async def add(tx: Tx, member: Member) -> bool:
    """Insert one who acts for a shop; returns False if the phone signs in to one already."""
    status = await tx.execute(
        """
        insert into trader_member (member_id, trader_id, name, phone, language, role, added_at, added_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict (phone) where disabled_at is null do nothing
        """,
        member.member_id,
        member.trader_id,
        member.name,
        member.phone,
        member.language,
        member.role,
        member.added_at,
        member.added_by,
    )
    return str(status) == "INSERT 0 1"


async def by_phone(tx: Tx, phone: str) -> Member | None:
    """Return the one who signs in by a phone."""
    record = await tx.fetchrow(
        """
        select member_id, trader_id, name, phone, language, role, added_at, disabled_at, added_by, disabled_by
        from trader_member where phone = $1 and disabled_at is null
        """,
        phone,
    )
    return Member(**dict(record)) if record else None


async def of_trader(tx: Tx, trader_id: UUID) -> list[Member]:
    """Return those who act for a shop, or did, in the order they came."""
    records = await tx.fetch(
        """
        select member_id, trader_id, name, phone, language, role, added_at, disabled_at, added_by, disabled_by
        from trader_member where trader_id = $1 order by added_at, member_id
        """,
        trader_id,
    )
    return [Member(**dict(record)) for record in records]


async def is_owner(tx: Tx, trader_id: UUID, member_id: str) -> bool:
    """Tell whether somebody owns a shop."""
    return bool(
        await tx.fetchval(
            """
            select exists (select from trader_member
                where trader_id = $1 and member_id::text = $2 and role = 'owner' and disabled_at is null)
            """,
            trader_id,
            member_id,
        )
    )


async def lock_owners(tx: Tx, trader_id: UUID) -> list[UUID]:
    """Return who owns a shop and keep others from removing them until the transaction ends."""
    records = await tx.fetch(
        """
        select member_id from trader_member where trader_id = $1 and role = 'owner' and disabled_at is null
        order by member_id for update
        """,
        trader_id,
    )
    return [record["member_id"] for record in records]


async def disable(tx: Tx, trader_id: UUID, member_id: UUID, by: str, now: datetime) -> Member | None:
    """Note that somebody acts for a shop no longer; returns them, None if nobody is it."""
    record = await tx.fetchrow(
        """
        update trader_member set disabled_at = coalesce(disabled_at, $3),
            disabled_by = case when disabled_at is null then $4 else disabled_by end
        where trader_id = $1 and member_id = $2
        returning member_id, trader_id, name, phone, language, role, added_at, disabled_at, added_by, disabled_by
        """,
        trader_id,
        member_id,
        now,
        by,
    )
    return Member(**dict(record)) if record else None


async def disable_all(tx: Tx, trader_id: UUID, by: str, now: datetime) -> list[Member]:
    """Note that nobody acts for a shop any longer; returns those who did."""
    records = await tx.fetch(
        """
        update trader_member set disabled_at = $2, disabled_by = $3 where trader_id = $1 and disabled_at is null
        returning member_id, trader_id, name, phone, language, role, added_at, disabled_at, added_by, disabled_by
        """,
        trader_id,
        now,
        by,
    )
    return [Member(**dict(record)) for record in records]


async def erase(tx: Tx, left_before: datetime, now: datetime, limit: int) -> list[Member]:
    """Forget who left a shop, or acted for one that closed, before some time; returns them as they are now."""
    records = await tx.fetch(
        """
        with gone as (
            select member_id from trader_member as member join trader using (trader_id)
            where member.erased_at is null and (member.disabled_at < $1 or trader.disabled_at < $1)
            order by member_id limit $3 for update of member skip locked
        )
        update trader_member as member
        set name = '', phone = '', erased_at = $2, disabled_at = coalesce(member.disabled_at, $2)
        from gone where member.member_id = gone.member_id
        returning member.member_id, trader_id, name, phone, language, role, added_at, disabled_at, added_by, disabled_by
        """,
        left_before,
        now,
        limit,
    )
    return [Member(**dict(record)) for record in records]
