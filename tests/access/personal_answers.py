"""Which answers carry the data of people, as the services describe them."""

import tempfile
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from tests.access.routes import Route
from tests.contracts.documents import applications

Schema = Mapping[str, Any]

PERSONAL = frozenset(
    {
        "name",
        "phone",
        "address",
        "postal_code",
        "place",
        "city",
        "region",
        "email",
        "tax_code",
        "sender_name",
        "shop_name",
        "payout_account",
        "order_reference",
        "redirect_to",
        "sender_reference",
        "importer_reference",
        "invoice_number",
        "label",
        "licence_number",
        "certificate_number",
        "comments",
        "explanation",
        "lateness",
        "papers_wanted",
        "reason",
        "note",
        "file_name",
        "header",
        "rows",
        "not_understood",
        "written",
    }
)
"""Fields that say who somebody is, or take words in which somebody may be named."""
OF_THINGS = frozenset(
    {
        "bundle",
        "bundle_id",
        "payload",
        "method",
        "state",
        "trouble",
        "reference",
        "matched",
        "carrier",
        "proposed_by",
        "approved_by",
        "account",
        "holder",
        "unit",
        "kind",
        "cause_kind",
        "cause_id",
        "recorded_by",
        "device",
        "flags",
        "words_sha256",
        "previous_sha256",
        "sha256",
        "staff",
        "closed_by",
        "confirmed_by",
        "from_office",
        "to_office",
        "sent_by",
        "received_by",
        "article",
        "code",
        "country",
        "countries",
        "currency",
        "description",
        "device_pass",
        "district_code",
        "en",
        "field",
        "first_number",
        "goods",
        "hs_code",
        "id",
        "indicator",
        "insured_value_currency",
        "item_number",
        "item_number_grouped",
        "item_numbers",
        "km",
        "language",
        "last_number",
        "link_secret",
        "message",
        "message_km",
        "missing",
        "name_en",
        "name_km",
        "number",
        "next_cursor",
        "office_kind",
        "opening_hours",
        "origin_country",
        "others",
        "parent_code",
        "place_code",
        "postage_currency",
        "prefix",
        "public_key",
        "role",
        "rounding_rule",
        "scopes",
        "secret",
        "session",
        "source",
        "store_key",
        "tariff_version",
        "token",
        "trader",
        "url",
        "version",
        "what",
        "zone",
        "actor",
        "added_by",
        "asked_by",
        "corrected_by",
        "decided_by",
        "disabled_by",
        "declared_by",
        "made_by",
        "printed_by",
        "revoked_by",
        "set_by",
        "undone_by",
        "withdrawn_by",
        "collecting_office",
        "destination_country",
        "holding_office",
        "office",
        "taking_office",
        "waited_at",
        "waits_at",
        "withdrawal_office",
    }
)
"""Fields of free text that name no person; people of the post stand there by id."""
PAPERS_OF_THINGS = {
    "parcel GET /sticker-ranges/{item_number}/stickers",
    "parcel GET /sittings/{sitting_id}/receipt",
}
"""Answers that are no JSON and show numbers alone."""
RECORDS_OF_THINGS = {"tracking GET /devices/{device_id}/records"}
"""What devices wrote there of parcels, none of whose people they name."""


@cache
def _documents() -> dict[str, dict[str, Any]]:
    with tempfile.TemporaryDirectory() as folder:
        return {name: app.openapi() for name, app in applications(Path(folder)).items()}


def carries_people(route: Route) -> bool:
    """Tell whether an answer may hold the data of people; what is no JSON does, unless it is known not to."""
    served = _served(route)
    if str(route) in PAPERS_OF_THINGS | RECORDS_OF_THINGS or not (served or route.method == "GET"):
        return False
    return set(served) != {"application/json"} or bool(PERSONAL & set(fields_of(route)))


def fields_of(route: Route) -> Iterator[str]:
    """Yield the fields of free text in what a route answers."""
    for content in _served(route).values():
        yield from _fields(_documents()[route.service], content.get("schema", {}), frozenset(), "")


def _served(route: Route) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status, answer in _operation(route).get("responses", {}).items():
        if status.startswith("2"):
            found |= answer.get("content", {})
    return found


def _operation(route: Route) -> dict[str, Any]:
    paths = _documents()[route.service]["paths"]
    operation: dict[str, Any] = paths.get(route.path, {}).get(route.method.lower(), {})
    return operation


def _fields(document: Schema, schema: Schema, above: frozenset[str], name: str) -> Iterator[str]:
    if "$ref" in schema:
        kind = schema["$ref"].rsplit("/", 1)[-1]
        if kind not in above:
            yield from _fields(document, document["components"]["schemas"][kind], above | {kind}, name)
        return
    parts = [
        *schema.get("anyOf", ()),
        *schema.get("allOf", ()),
        schema.get("items"),
        schema.get("additionalProperties"),
    ]
    for part in parts:
        if isinstance(part, Mapping):
            yield from _fields(document, part, above, name)
    for inner, described in schema.get("properties", {}).items():
        yield from _fields(document, described, above, inner)
    if schema.get("type") == "string" and not {"enum", "const", "format"} & schema.keys():
        yield name
