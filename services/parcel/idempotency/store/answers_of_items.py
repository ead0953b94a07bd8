"""Table answer_of_item: which kept answers name the people of an item."""

from collections.abc import Sequence
from datetime import timedelta

from shared.db.connection import Tx


async def add(tx: Tx, item_number: str, caller: str, key: str) -> None:
    """Note whose people the answer under a key names."""
    await tx.execute(
        "insert into answer_of_item (item_number, caller, key) values ($1, $2, $3)", item_number, caller, key
    )


async def forget(tx: Tx, item_numbers: Sequence[str]) -> None:
    """Empty the answers that name the people of these items, and the digests of what was asked."""
    await tx.execute(
        """
        with named as (
            delete from answer_of_item where item_number = any($1::text[]) returning caller, key
        )
        update request set answer = '', body_sha256 = '' from named
        where request.caller = named.caller and request.key = named.key
        """,
        item_numbers,
    )


async def drop_old(tx: Tx, kept_for: timedelta) -> None:
    """Forget what is noted of answers that are older."""
    await tx.execute("delete from answer_of_item where made_at < now() - $1::interval", kept_for)
