"""A consumer of notes, and handlers that fail in chosen ways."""

from collections.abc import Mapping, Sequence

from shared.contracts.envelope import Event
from shared.db.connection import Database, Tx
from shared.messaging import dead_letters
from shared.messaging.consume import Consumer, Handler
from shared.messaging.dead_letters import DeadLetter, State
from shared.messaging.measures import Measures
from tests.shared.messaging.notes import RING, Note, SecretNote, write_down


class Bug(Exception):
    """A fault of a handler whose text quotes what it was given."""


class Picky:
    """Writes notes down, but fails on one item until it is mended; counts its calls."""

    def __init__(self, item: str) -> None:
        self.item = item
        self.mended = False
        self.calls: list[int] = []

    async def __call__(self, tx: Tx, notes: Sequence[Note]) -> None:
        self.calls.append(len(notes))
        await write_down(tx, notes)
        if not self.mended and (bad := [note for note in notes if note.item == self.item]):
            raise Bug(f"cannot take {bad[0].text}")


def consumer_of(
    database: Database, measures: Measures, handlers: Mapping[type[Event], Handler] | None = None, group: str = "tests"
) -> Consumer:
    return Consumer(group, database, handlers or {Note: write_down, SecretNote: write_down}, measures, RING)


async def letters(database: Database, *states: State) -> list[DeadLetter]:
    async with database.connection() as tx:
        return await dead_letters.in_states(tx, states or list(State), limit=10_000)


async def move(database: Database, ids: Sequence[int], after: State) -> int:
    """Do what an operator's command does."""
    async with database.transaction() as tx:
        return await dead_letters.change_state(tx, ids, [State.PARKED], after)
