"""A file of parcels on its way to drafts: how far it has come, and what may be done with it next."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.parcel.imports.domain.file_refused import Refusal
from services.parcel.imports.domain.row import Defaults
from shared.access.roles import Actor
from shared.errors import Conflict, NotFound

PORTION_ROWS = 1_000
"""Read, checked and announced at a time; as many as a sack holds."""
PIECE_BYTES = 1_000_000
MOST_PIECES = 34
MOST_PROBLEMS = 1_000
"""Kept of a file; whose every row is wrong is looked at again as a whole."""


class ImportNotFound(NotFound):
    """No import of this id is yours to see."""

    slug = "import-not-found"


class ImportNotThere(Conflict):
    """This import is not at the step that you ask for; look at its state."""

    slug = "import-not-there"

    def __init__(self, state: "ImportState") -> None:
        super().__init__(f"It is {state}.")


class PieceOfOtherBytes(Conflict):
    """Another piece of this number came before; begin a new import for another file."""

    slug = "piece-of-other-bytes"


class ImportState(StrEnum):
    """How far an import has come."""

    UPLOADING = "uploading"
    READING = "reading"
    CHECKING = "checking"
    READY = "ready"
    """Looked at: what is in it and what is wrong with it is known, and nothing is announced."""
    IMPORTING = "importing"
    DONE = "done"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class DraftImport:
    """One file of a shop."""

    import_id: UUID
    trader_id: UUID
    office: str
    """Where its parcels will be handed in."""
    file_name: str
    defaults: Defaults
    made_by: str
    made_at: datetime
    changed_at: datetime
    state: ImportState = ImportState.UPLOADING
    pieces: int | None = None
    header: Sequence[str] | None = None
    mapping: Mapping[str, int] | None = None
    rows_read: int = 0
    portions_done: int = 0
    rows_done: int = 0
    """Of this step."""
    announced: int = 0
    known: int = 0
    refused: int = 0
    refusal: Refusal | None = None
    sack_ids: Sequence[UUID] = ()

    @property
    def portions(self) -> int:
        """Return how many portions its rows are."""
        return -(-self.rows_read // PORTION_ROWS)

    def is_seen_by(self, actor: Actor, shop_office: str) -> bool:
        """Tell whether it is of the actor's shop, or of a shop of the actor's office."""
        if actor.trader is not None:
            return actor.trader == str(self.trader_id)
        return actor.acts_for(shop_office)

    def must_be(self, *states: ImportState) -> None:
        """Check that it is at a step.

        Raises: ImportNotThere.
        """
        if self.state not in states:
            raise ImportNotThere(self.state)


@dataclass(frozen=True, slots=True)
class RowProblem:
    """What is wrong with one field of one row; rows count from 1, the names of the columns first."""

    row_no: int
    field: str
    code: str
    message: str
