"""Photographs of papers that customs asked for: what kind of file they are, how large and how many.

Source: the first bytes that JPEG, PNG and PDF files begin with.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from services.parcel.customs.domain.inbound import InboundItem
from shared.errors import Conflict, FieldProblem, Invalid, NotFound

LARGEST_PHOTO_BYTES = 5 * 1024 * 1024
MOST_OF_AN_OFFICE = 5
"""Papers of one item that stand and one office attached; what has more pages is one PDF."""
MOST_OF_STRANGERS = 20
"""Papers of one item that stand and came from offices that have nothing to do with it, all together: far above what
customs asks for, so that nobody fills the disk. Offices that see the item have theirs, whatever others attach."""

PaperKind = Literal["jpeg", "png", "pdf"]
SIGNATURES: dict[PaperKind, bytes] = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
MEDIA_TYPES: dict[PaperKind, str] = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


class NoPapersAskedFor(NotFound):
    """Under this number no papers are asked for that are yours to bring or to send on."""

    slug = "no-papers-asked-for"


class PaperNotFound(NotFound):
    """Under this number there is no such paper that is yours to read or to withdraw."""

    slug = "paper-not-found"


class TooManyPapers(Conflict):
    """This item has as many papers as your office, or all that do not see it, may attach."""

    slug = "too-many-papers"

    def __init__(self) -> None:
        super().__init__("Withdraw one that is not needed, put several pages into one PDF, or ask who holds the item.")


@dataclass(frozen=True, slots=True)
class Paper:
    """One photograph, without its bytes."""

    paper_id: UUID
    item_number: str
    kind: PaperKind
    photo_sha256: bytes
    office: str
    taken_by: str
    taken_at: datetime


@dataclass(frozen=True, slots=True)
class WithdrawnPaper:
    """A photograph that stands no more; its bytes are gone."""

    paper_id: UUID
    office: str
    taken_at: datetime
    withdrawn_by: str
    withdrawal_office: str
    """Where it was withdrawn; of those of no office the holding office."""
    withdrawn_at: datetime
    reason: str


def kind_of(photo: bytes) -> PaperKind:
    """Return what kind of file a photograph is.

    Raises: Invalid.
    """
    if len(photo) > LARGEST_PHOTO_BYTES:
        message = f"A photograph has at most {LARGEST_PHOTO_BYTES} bytes; take it smaller."
        raise Invalid([FieldProblem("photo", "too-large", message)])
    for kind, signature in SIGNATURES.items():
        if photo.startswith(signature):
            return kind
    raise Invalid([FieldProblem("photo", "not-a-photograph", "Send a JPEG, a PNG or a PDF file.")])


def digest_of(photo: bytes) -> bytes:
    """Return what tells photographs apart."""
    return hashlib.sha256(photo).digest()


def must_have_room(kept: Sequence[Paper], item: InboundItem, office: str) -> None:
    """Check that an office may attach one more paper: no office uses up what the others need.

    Raises: TooManyPapers.
    """
    of_the_office = sum(paper.office == office for paper in kept)
    of_strangers = sum(not item.concerns(paper.office) for paper in kept)
    crowded = of_strangers >= MOST_OF_STRANGERS and not item.concerns(office)
    if of_the_office >= MOST_OF_AN_OFFICE or crowded:
        raise TooManyPapers
