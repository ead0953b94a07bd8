"""Answers that are papers: named for their item, kept by nobody on the way."""

from typing import Any

from fastapi import Response

from services.parcel.documents.drawing.paper_files import FileFormat

PAPER: dict[int | str, dict[str, Any]] = {
    200: {"description": "The paper.", "content": {file_format.media_type: {} for file_format in FileFormat}}
}
"""What the description of the API says of a paper."""


def paper_answer(content: bytes, file_format: FileFormat, name: str) -> Response:
    """Answer with a paper as a file."""
    headers = {
        "Content-Disposition": f'inline; filename="{name}.{file_format}"',
        "Cache-Control": "no-store, private",
    }
    return Response(content, media_type=file_format.media_type, headers=headers)
