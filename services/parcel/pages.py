"""Lists that are given page by page, from the place of the last row seen: what is added meanwhile shifts nothing.

A list that was a bare array before it had pages stays one; the way to its next page is a link beside it.
Source: RFC 8288.
"""

import base64
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Query, Request, Response
from pydantic import AfterValidator, AwareDatetime, Field, StringConstraints, TypeAdapter

from shared.errors import FieldProblem, Invalid

LARGEST_PAGE = 500
Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]
Word = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
"""A text as a database may hold it."""
Instant = Annotated[AwareDatetime, AfterValidator(lambda at: datetime.astimezone(at, UTC))]
Serial = Annotated[int, Field(ge=0, lt=2**63)]
LINKED: dict[int | str, dict[str, Any]] = {
    200: {
        "headers": {
            "Link": {
                "description": 'The next page, if there may be one: `<?cursor=…>; rel="next"`, from this address.',
                "schema": {"type": "string"},
            }
        }
    }
}
PlaceT = TypeVar("PlaceT")
RowT = TypeVar("RowT")
ViewT = TypeVar("ViewT")


def cursor_at(places: TypeAdapter[PlaceT], place: PlaceT) -> str:
    """Write the place of a row as a cursor."""
    return base64.urlsafe_b64encode(places.dump_json(place)).decode()


def place_at(places: TypeAdapter[PlaceT], cursor: str) -> PlaceT:
    """Read the place that a cursor names.

    Raises: Invalid.
    """
    try:
        return places.validate_json(base64.urlsafe_b64decode(cursor))
    except (ValueError, OverflowError):
        problem = FieldProblem("cursor", "not-a-cursor", "Use the cursor of the page before this one, as it is.")
        raise Invalid([problem]) from None


class Page:
    """Which page of a list is asked for, and where the next one is told."""

    def __init__(self, request: Request, response: Response, cursor: str | None = None) -> None:
        self._request = request
        self._response = response
        self._cursor = cursor

    def after(self, places: TypeAdapter[PlaceT]) -> PlaceT | None:
        """Return the place of the last row seen, None for the first page.

        Raises: Invalid.
        """
        return None if self._cursor is None else place_at(places, self._cursor)

    def show(
        self,
        rows: Sequence[RowT],
        view: Callable[[RowT], ViewT],
        places: TypeAdapter[PlaceT],
        place_of: Callable[[RowT], PlaceT],
        limit: int,
    ) -> list[ViewT]:
        """Return rows as they are shown, and tell where the page after them is, unless they are the last."""
        if len(rows) >= limit:
            cursor = cursor_at(places, place_of(rows[-1]))
            asked = self._request.url.include_query_params(cursor=cursor).query
            self._response.headers["Link"] = f'<?{asked}>; rel="next"'
        return [view(row) for row in rows]


Paged = Annotated[Page, Depends()]
