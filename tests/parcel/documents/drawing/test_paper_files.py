"""Papers as files."""

import pytest

from services.parcel.documents.domain.label import LabelFormat
from services.parcel.documents.drawing.labels import draw_labels
from services.parcel.documents.drawing.paper_files import FileFormat, paper_file
from tests.parcel.documents.papers import domestic_label


@pytest.mark.parametrize(
    ("file_format", "begins", "media_type"),
    [(FileFormat.PDF, b"%PDF-", "application/pdf"), (FileFormat.PNG, b"\x89PNG", "image/png")],
)
def test_a_paper_leaves_as_the_file_that_was_asked_for(file_format: FileFormat, begins: bytes, media_type: str) -> None:
    label = draw_labels([domestic_label()], LabelFormat.A6)
    assert paper_file(label, file_format).startswith(begins)
    assert file_format.media_type == media_type
