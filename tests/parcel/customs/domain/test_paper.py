"""Photographs are known by their first bytes, not by what their sender calls them."""

import pytest

from services.parcel.customs.domain.paper import LARGEST_PHOTO_BYTES, MEDIA_TYPES, SIGNATURES, PaperKind, kind_of
from shared.errors import Invalid


@pytest.mark.parametrize(("kind", "signature"), SIGNATURES.items())
def test_a_file_is_known_by_its_signature_up_to_the_limit(kind: PaperKind, signature: bytes) -> None:
    assert kind_of(signature.ljust(LARGEST_PHOTO_BYTES, b"\0")) == kind
    assert kind in MEDIA_TYPES


@pytest.mark.parametrize(
    ("photo", "code"),
    [
        (b"", "not-a-photograph"),
        (b"GIF89a", "not-a-photograph"),
        (b"\xff\xd8", "not-a-photograph"),
        (b"<svg/>", "not-a-photograph"),
        (b" %PDF-1.7", "not-a-photograph"),
        (b"%PDF-".ljust(LARGEST_PHOTO_BYTES + 1, b"\0"), "too-large"),
    ],
    ids=["empty", "gif", "cut", "svg", "late", "large"],
)
def test_what_is_no_photograph_or_too_large_is_refused(photo: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refused:
        kind_of(photo)

    assert [problem.code for problem in refused.value.problems] == [code]
