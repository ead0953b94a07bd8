"""Table code_to_send: which code goes to which phone, as long as it may go."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class CodeToSend:
    """What is secret about a code message; the phone is E.164."""

    message_id: UUID
    phone: str = field(repr=False)
    code: str = field(repr=False)


async def add(tx: Tx, codes: Sequence[CodeToSend]) -> None:
    """Insert codes."""
    await tx.execute(
        """
        insert into code_to_send (message_id, phone, code)
        select message_id, phone, code from unnest($1::uuid[], $2::text[], $3::text[]) as c (message_id, phone, code)
        """,
        [code.message_id for code in codes],
        [code.phone for code in codes],
        [code.code for code in codes],
    )


async def forget(tx: Tx, message_ids: Sequence[UUID]) -> None:
    """Delete codes."""
    await tx.execute("delete from code_to_send where message_id = any($1::uuid[])", message_ids)
