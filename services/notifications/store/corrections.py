"""Table correction: whose phone is perhaps another than the one that was told."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from services.notifications.domain.milestones import STANDING
from shared.db.connection import Tx


async def note(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Note the people of these parcels for whom there are messages that their phone was not tried with."""
    await tx.execute(
        """
        insert into correction (item_number, audience)
        select c.item_number, c.audience from contact c
        where c.item_number = any($1::text[]) and c.phone <> ''
            and exists (
                select 1 from message m
                where m.item_number = c.item_number and m.audience = c.audience
                    and m.told_since is distinct from c.phone_since
            )
        order by c.item_number, c.audience
        on conflict (item_number, audience) do nothing
        """,
        item_numbers,
    )


async def repeat(tx: Tx, message_ids: Sequence[UUID], now: datetime) -> int:
    """Queue the present telling for phones that it did not reach, one id each; returns how many.

    A telling that is still on its way is waited for: it may reach the new phone by itself. One that is no longer so,
    or no longer news, is not repeated. The first messages of an item come in the order of their ids.
    """
    status = await tx.execute(
        """
        with taken as (
            select item_number, audience from correction
            order by item_number, audience limit cardinality($1::uuid[]) for update skip locked
        ), present as (
            select t.item_number, t.audience, c.phone_since, f.message_id, f.milestone, f.office, f.occurred_at,
                f.traceparent, f.deadline, row_number() over (order by t.item_number, t.audience) as place,
                exists (
                    select 1 from message o where (o.message_id = f.message_id or o.repeats = f.message_id)
                        and o.state in ('waiting_contact', 'queued', 'sending')
                ) as is_open
            from taken t
            join contact c on c.item_number = t.item_number and c.audience = t.audience and c.phone <> ''
            cross join lateral (
                select journey_no, milestone from message m
                where m.item_number = t.item_number and m.repeats is null
                order by m.journey_no desc, m.message_id desc limit 1
            ) as last
            join message f on f.item_number = t.item_number and f.journey_no = last.journey_no
                and f.milestone = last.milestone and f.audience = t.audience
            where last.milestone = any($2::text[]) and f.deadline > $3
                and not exists (
                    select 1 from message o where (o.message_id = f.message_id or o.repeats = f.message_id)
                        and (o.attempts > 0 or o.repeats is not null)
                        and (coalesce(o.told_since, 0) = c.phone_since or (
                            -- A release that notes no phone tried the only one that there ever was.
                            o.told_since is null and not exists (
                                select 1 from former_phone p
                                where p.item_number = c.item_number and p.audience = c.audience
                            )
                        ))
                )
        ), looked_at as (
            delete from correction d using taken t
            where d.item_number = t.item_number and d.audience = t.audience and not exists (
                select 1 from present p
                where p.item_number = t.item_number and p.audience = t.audience and p.is_open
            )
        )
        insert into message (message_id, repeats, told_since, item_number, milestone, audience, office, occurred_at,
            traceparent, state, created_at, not_before, deadline)
        select ($1::uuid[])[place], message_id, phone_since, item_number, milestone, audience, office, occurred_at,
            traceparent, 'queued', $3, $3, deadline
        from present where not is_open
        on conflict (repeats, told_since) where repeats is not null do nothing
        """,
        message_ids,
        list(STANDING),
        now,
    )
    return int(status.split()[-1])
