"""When the sessions ended that passes were given with: what was done under one after that is to be looked at."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from services.parcel.devices.use_cases.find_pass import find_pass
from services.parcel.people.use_cases.find_session import find_session
from shared.db.connection import Tx


async def find_session_ends(tx: Tx, pass_ids: Collection[UUID]) -> Mapping[UUID, datetime]:
    """Return the end of each session that somebody ended, by the pass; those that ran out by themselves have none.

    A pass that was lost with the last day of a database is one of ours all the same, and of its session nothing is
    known.
    """
    found = {}
    for pass_id in pass_ids:
        kept = await find_pass(tx, pass_id)
        session = await find_session(tx, kept.session_id) if kept else None
        if session is not None and session.ended_at is not None:
            found[pass_id] = session.ended_at
    return found
