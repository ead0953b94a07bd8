"""What the HTTP side takes and gives: files of parcels to announce."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.drafts.entrypoints.draft_bodies import SELLER
from services.parcel.forms import Body, OfficeCode, Text, View
from services.parcel.imports.domain.columns import Column
from services.parcel.imports.domain.draft_import import MOST_PIECES, DraftImport, ImportState
from services.parcel.imports.domain.file_refused import WHAT_TO_DO, Refusal
from services.parcel.imports.domain.row import Defaults
from services.parcel.posting.entrypoints.bodies import PersonBody
from services.parcel.pricing.domain.money import Currency
from shared.ids import new_id


class ImportBody(Body):
    """A file that is about to come, and what holds for all its rows."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"file_name": "monday.xlsx", "sender": SELLER, "collecting_office": "TK03A"}]}
    )

    file_name: Text
    office: OfficeCode | None = None
    """Where the parcels will be handed in; the office of the shop if left out."""
    sender: PersonBody
    collecting_office: OfficeCode | None = None
    """Where those wait whose row names no office."""
    cod_currency: Currency | None = None
    """Of amounts that stand without one."""

    def draft_import(self, trader_id: UUID, office: str, made_by: str, now: datetime) -> DraftImport:
        """Return the import that begins.

        Raises: Invalid.
        """
        sender = self.sender.person("sender", DOMESTIC, abroad=False)
        defaults = Defaults(sender, self.collecting_office, self.cod_currency)
        return DraftImport(new_id(), trader_id, office, self.file_name, defaults, made_by, now, now)


class UploadedBody(Body):
    """How many pieces the file has."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"pieces": 1}]})

    pieces: Annotated[int, Field(ge=1, le=MOST_PIECES)]


class MappingBody(Body):
    """Which column holds what, by its place from 0."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"mapping": {"name": 0, "phone": 1, "cod": 3}}]})

    mapping: dict[Column, int]


class RefusalView(BaseModel):
    """Why nothing of the file was read, and what to do."""

    code: Refusal
    message: str


class ImportView(BaseModel):
    """An import: how far it has come, and what came of it."""

    import_id: UUID
    trader_id: UUID
    office: str
    file_name: str
    state: ImportState
    header: list[str] | None
    """The names of the columns as the file has them."""
    mapping: dict[Column, int] | None
    """Which column holds what, guessed or as you said."""
    rows_read: int
    rows_done: int
    """Of the step that it is at: checked, or announced."""
    announced: int
    known: int
    """Rows whose order was announced before with the same content."""
    refused: int
    """Rows in which something is wrong."""
    refusal: RefusalView | None
    sack_ids: list[UUID]
    made_at: AwareDatetime
    changed_at: AwareDatetime

    @classmethod
    def of(cls, one: DraftImport) -> "ImportView":
        """Show an import."""
        return cls.model_validate(_shown(one))


class PreviewView(ImportView):
    """An import with the first of its rows."""

    rows: list[list[str]]

    @classmethod
    def with_rows(cls, one: DraftImport, rows: Sequence[Sequence[str]]) -> "PreviewView":
        """Show an import with rows."""
        return cls.model_validate(_shown(one) | {"rows": rows})


class UploadView(BaseModel):
    """Which pieces of the file are there."""

    import_id: UUID
    pieces: list[int]


class RowProblemView(View):
    """What is wrong with one field of one row."""

    row_no: int
    """As a spreadsheet counts: the names of the columns are row 1."""
    field: str
    code: str
    message: str


def _shown(one: DraftImport) -> dict[str, object]:
    fields = (name for name in ImportView.model_fields if name != "refusal")
    refusal = {"code": one.refusal, "message": WHAT_TO_DO[one.refusal]} if one.refusal else None
    return {name: getattr(one, name) for name in fields} | {"refusal": refusal}
