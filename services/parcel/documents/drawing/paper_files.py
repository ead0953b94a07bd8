"""Papers as the files that they leave as."""

from enum import StrEnum

from services.parcel.documents.drawing.rasterising import png


class FileFormat(StrEnum):
    """PDF for office printers; dots for printers of labels and receipts, which cannot shape Khmer."""

    PDF = "pdf"
    PNG = "png"

    @property
    def media_type(self) -> str:
        """Return the type that HTTP names it by."""
        return "application/pdf" if self is FileFormat.PDF else "image/png"


def paper_file(pdf: bytes, file_format: FileFormat) -> bytes:
    """Return a paper in a format; as dots further pages stand below the first."""
    return pdf if file_format is FileFormat.PDF else png(pdf)
