"""Table item_claim."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

import asyncpg

from services.parcel.claims.domain.claim import OPEN, Claim, Ground, State, Worth
from shared.db.connection import Tx

OF_WORTH = ("content_minor", "postage_minor", "currency", "cap_minor", "table_version", "riel_per_usd")


@dataclass(frozen=True, slots=True)
class Filter:
    """Which claims are looked for; None where it does not matter."""

    office: str | None = None
    """That follows it, is asked or was."""
    trader: str | None = None
    state: State | None = None
    overdue_on: date | None = None
    """Whose holder should have answered before this day."""
    after: tuple[datetime, UUID] | None = None


async def add(tx: Tx, claim: Claim) -> bool:
    """Insert a claim; returns False if one of the item is open."""
    status = await tx.execute(
        """
        insert into item_claim (claim_id, item_number, ground, claimant, office, trader_id, is_international, opened_by,
            opened_at, terms_version, answer_by, settle_by, holder_office, holder_country, asked_before, state)
        values ($1, $2, $3, $4, $5, $6::text::uuid, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
        on conflict (item_number) where closed_at is null do nothing
        """,
        claim.claim_id,
        claim.item_number,
        claim.ground.value,
        claim.claimant,
        claim.office,
        claim.trader,
        claim.is_international,
        claim.opened_by,
        claim.opened_at,
        claim.terms_version,
        claim.answer_by,
        claim.settle_by,
        claim.holder_office,
        claim.holder_country,
        list(claim.asked_before),
        claim.state.value,
    )
    return str(status) == "INSERT 0 1"


async def find(tx: Tx, claim_id: UUID) -> Claim | None:
    """Return one claim."""
    record = await tx.fetchrow("select * from item_claim where claim_id = $1", claim_id)
    return _claim(record) if record else None


async def lock(tx: Tx, claim_id: UUID) -> Claim | None:
    """Return one claim and keep others from changing it until the transaction ends."""
    record = await tx.fetchrow("select * from item_claim where claim_id = $1 for update", claim_id)
    return _claim(record) if record else None


async def change(tx: Tx, claim: Claim) -> None:
    """Write down where a claim stands."""
    worth = claim.worth
    await tx.execute(
        """
        update item_claim set state = $2, holder_office = $3, holder_country = $4, asked_before = $5, answer_by = $6,
            outcome = $7, content_minor = $8, postage_minor = $9, cap_minor = $10, currency = $11, riel_per_usd = $12,
            table_version = $13, proposed_by = $14, decided_by = $15, method = $16, entry_id = $17, paid_at = $18,
            closed_at = $19
        where claim_id = $1
        """,
        claim.claim_id,
        claim.state.value,
        claim.holder_office,
        claim.holder_country,
        list(claim.asked_before),
        claim.answer_by,
        claim.outcome,
        worth.content_minor if worth else None,
        worth.postage_minor if worth else None,
        worth.cap_minor if worth else None,
        worth.currency if worth else None,
        worth.riel_per_usd if worth else None,
        worth.table_version if worth else None,
        claim.proposed_by,
        claim.decided_by,
        claim.method,
        claim.entry_id,
        claim.paid_at,
        claim.closed_at,
    )


async def of_item(tx: Tx, item_number: str) -> list[Claim]:
    """Return the claims about an item, the first first."""
    records = await tx.fetch(
        "select * from item_claim where item_number = $1 order by opened_at, claim_id", item_number
    )
    return [_claim(record) for record in records]


async def some(tx: Tx, wanted: Filter, limit: int) -> list[Claim]:
    """Return claims, the oldest first."""
    records = await tx.fetch(
        """
        select * from item_claim
        where ($1::text is null or office = $1 or holder_office = $1 or $1 = any(asked_before))
          and ($2::text is null or trader_id = $2::text::uuid)
          and ($3::text is null or state = $3)
          and ($4::date is null or (state = 'enquired' and answer_by < $4))
          and ($5::timestamptz is null or (opened_at, claim_id) > ($5, $6::uuid))
        order by opened_at, claim_id limit $7
        """,
        wanted.office,
        wanted.trader,
        wanted.state.value if wanted.state else None,
        wanted.overdue_on,
        *(wanted.after or (None, None)),
        limit,
    )
    return [_claim(record) for record in records]


async def paid_postage_riel(tx: Tx, item_number: str) -> int:
    """Return the postage in riel that claims about an item gave back, or are about to, and that did not come back."""
    riel: int = await tx.fetchval(
        """
        select coalesce(sum(case currency when 'KHR' then postage_minor else postage_minor * riel_per_usd / 100 end), 0)
            ::bigint
        from item_claim
        where item_number = $1 and ((paid_at is not null and state <> 'recovered') or state = any($2::text[]))
        """,
        item_number,
        [state.value for state in OPEN],
    )
    return riel


def _claim(record: asyncpg.Record) -> Claim:
    values = dict(record)
    trader, worth = values.pop("trader_id"), [values.pop(name) for name in OF_WORTH]
    values["asked_before"] = tuple(values["asked_before"])
    values["ground"], values["state"] = Ground(values["ground"]), State(values["state"])
    return Claim(**values, trader=str(trader) if trader else None, worth=Worth(*worth) if worth[2] else None)
