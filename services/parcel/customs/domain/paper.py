"""Photographs of papers that customs asked for: what kind of file they are, and how large.

Source: the first bytes that JPEG, PNG and PDF files begin with.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from shared.errors import Conflict, FieldProblem, Invalid, NotFound

LARGEST_PHOTO_BYTES = 5 * 1024 * 1024
MOST_PAPERS = 20
"""Of one item; far above what customs asks for, so that nobody fills the disk."""

PaperKind = Literal["jpeg", "png", "pdf"]
SIGNATURES: dict[PaperKind, bytes] = {"jpeg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-"}
MEDIA_TYPES: dict[PaperKind, str] = {"jpeg": "image/jpeg", "png": "image/png", "pdf": "application/pdf"}


class PaperNotFound(NotFound):
    """This item has no such paper."""

    slug = "paper-not-found"


class TooManyPapers(Conflict):
    """This item has as many papers as one may have."""

    slug = "too-many-papers"


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
