"""What a device sends of records, and what it and its supervisor read of them."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

import orjson
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.json_schema import WithJsonSchema

from shared.access import passes
from shared.access.passes import Pass
from shared.access.signed import NotSigned
from shared.syncing.record import EARLIEST, LATEST
from shared.syncing.store import Kept
from shared.syncing.sync_records import Answered, Became

MOST_RECORDS = 500
MOST_PASSES = 50
EXAMPLE_DEVICE = "019ab5b0-1c2d-7e3f-8a4b-5c6d7e8f9a0b"
EXAMPLE = orjson.loads((Path(__file__).parent / "example.json").read_bytes())
"""Signed with the keys of the first two tests of RFC 8032, which are nobody's."""
A_WORD = {"type": "string", "format": "jws", "title": "Compact JWS"}
ANY_PLACE = "1-9223372036854775807"


class RecordList(BaseModel):
    """Records in the order of their sequence, with the passes that they name."""

    model_config = ConfigDict(extra="forbid", use_attribute_docstrings=True, json_schema_extra={"examples": [EXAMPLE]})

    sent_at: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]
    """What the device's clock says now, uncorrected."""
    passes: Annotated[list[Annotated[object, WithJsonSchema(A_WORD)]], Field(max_length=MOST_PASSES)] = []
    """As parcel signed them; each that one of the records names."""
    records: Annotated[list[Annotated[object, WithJsonSchema(A_WORD)]], Field(min_length=1, max_length=MOST_RECORDS)]
    """Each signed by the device over record_id, device_id, sequence, kind, recorded_at, drift_ms, staff, pass_id,
    bundle_id and body; judged each on its own, whatever stands in it."""

    def proven_passes(self, keys: Mapping[str, Ed25519PublicKey]) -> dict[UUID, Pass]:
        """Return the passes that parcel signed, by their ids; others are left out, and records that name them too."""
        found = {}
        for written in self.passes:
            try:
                granted = passes.prove(keys, written if isinstance(written, str) else "")
            except NotSigned:
                continue
            found[granted.pass_id] = granted
        return found


class RecordFieldProblemView(BaseModel):
    """One field that was wrong, and what to do about it."""

    field: str
    code: str
    message: str


class RecordProblemView(BaseModel):
    """Why a record was set aside."""

    code: str
    message: str
    errors: list[RecordFieldProblemView] = []


class RecordAnswerView(BaseModel):
    """What became of one record; of a known one, what became of it then."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    sequence: int | None
    """Its place; None where it has none."""
    record_id: UUID | None
    outcome: Became
    problem: RecordProblemView | None = None
    result: dict[str, Any] | None = None
    flags: list[str] = []


class RecordAnswerList(BaseModel):
    """What became of each record, in the order sent."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    received_at: datetime
    """Our time; the device's drift is its own time less this."""
    next_sequence: int
    """Whatever was sent before, this is what is expected: after a loss on our side earlier records are sent again."""
    records: list[RecordAnswerView]


class RecordView(BaseModel):
    """A record of a device as it was taken."""

    model_config = ConfigDict(from_attributes=True, use_attribute_docstrings=True)

    sequence: int | None
    record_id: UUID | None
    kind: str | None
    staff: str | None
    bundle_id: str | None
    recorded_at: datetime | None
    drift_ms: int | None
    received_at: datetime
    clock_ahead_ms: int
    """How far the device's clock was ahead when it sent."""
    set_aside: bool
    problem: RecordProblemView | None
    result: dict[str, Any] | None
    flags: list[str]
    written: str | None
    """As the device sent it, where it was set aside."""


class RecordPage(BaseModel):
    """Records of a device, those that were set aside first, and where the next page begins."""

    records: list[RecordView]
    next_cursor: str | None


def answer_view(answered: Answered) -> RecordAnswerView:
    """Write what became of one record."""
    kept = answered.kept
    if kept is None:
        return RecordAnswerView(
            sequence=answered.sent.sequence, record_id=answered.sent.record_id, outcome=answered.became
        )
    return RecordAnswerView(
        sequence=kept.sequence,
        record_id=kept.record_id,
        outcome=answered.became,
        problem=_problem_view(kept),
        result=dict(kept.result) if kept.result is not None else None,
        flags=list(kept.flags),
    )


def page_view(rows: Sequence[tuple[int, Kept]], limit: int) -> RecordPage:
    """Write one page of a device's records."""
    return RecordPage(
        records=[RecordView.model_validate(kept) for _, kept in rows],
        next_cursor=f"{int(rows[-1][1].set_aside)}-{rows[-1][0]}" if len(rows) == limit else None,
    )


def place_of(cursor: str) -> tuple[bool, int]:
    """Read a cursor of the form that the pattern of the route lets pass."""
    aside, _, place = cursor.partition("-")
    return aside == "1", int(place)


def _problem_view(kept: Kept) -> RecordProblemView | None:
    return RecordProblemView.model_validate(kept.problem) if kept.problem is not None else None
