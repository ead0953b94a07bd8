"""Bodies with a canary in every field of free text, as the description of a route shows its fields."""

from collections.abc import Iterator, Mapping
from typing import Any

from services.parcel.customs.domain.content_rules import FREE_TEXTS
from tests.canaries.canaries import WORD, found_in, phone, word

Schema = Mapping[str, Any]

MEANS_SOMETHING = frozenset(
    {
        "item_number",
        "number",
        "statement",
        "postal_code",
        "city",
        "region",
        "currency",
        "postage_currency",
        "insured_value_currency",
        "country",
        "origin_country",
        "goods",
        "tariff_version",
        "session",
        "old",
        "district_code",
        "redirect_to",
        "office_kind",
    }
)
"""Free as text and bound otherwise: a canary there is refused, which the wrong bodies try."""
READ_ABROAD = frozenset({"description", *FREE_TEXTS})


class Planting:
    """Plants by the schemas of one service."""

    def __init__(self, document: Schema) -> None:
        self._schemas = document["components"]["schemas"]

    def planted(self, schema: Schema, body: Any, field: str = "") -> Any:
        """Return a body with canaries, also in fields that it left out."""
        schema = self._resolved(schema)
        if "properties" in schema:
            return self._object(schema, body or {})
        if schema.get("type") == "array":
            return self._array(schema, body, field)
        is_there = isinstance(body, str) and any(found_in(field, [body]))
        free = _is_free(schema) and field not in MEANS_SOMETHING and not is_there
        return _canary(field) if free else body

    def bare(self, schema: Schema, body: Any, field: str = "") -> Iterator[str]:
        """Name each field of free text that holds no canary, also in parts that the body left out."""
        schema = self._resolved(schema)
        if "properties" in schema:
            for name, inner in schema["properties"].items():
                yield from self.bare(inner, (body or {}).get(name), name)
        elif schema.get("type") == "array":
            for one in body or [None]:
                yield from self.bare(schema.get("items", {}), one, field)
        elif _is_free(schema) and field not in MEANS_SOMETHING and not any(found_in(field, [str(body)])):
            yield field

    def wrong(self, schema: Schema, body: Any) -> Iterator[tuple[str, Any]]:
        """Yield bodies, each with a canary in one more field, whatever the field takes."""
        schema = self._resolved(schema)
        if not isinstance(body, dict):
            return
        for name, inner in schema.get("properties", {}).items():
            yield name, body | {name: word(name) * 40}
            yield name, body | {name: word(name)}
            part = body.get(name)
            if isinstance(part, dict):
                yield from ((f"{name}.{deeper}", body | {name: one}) for deeper, one in self.wrong(inner, part))
            if isinstance(part, list) and part:
                items = self._resolved(inner).get("items", {})
                for deeper, one in self.wrong(items, part[0]):
                    yield f"{name}.{deeper}", body | {name: [one]}
        # The name of a field comes back to whoever misspelt it; what stands in it does not.
        yield "misspelt", body | {"misspelt": word("misspelt")}

    def _object(self, schema: Schema, body: Mapping[str, Any]) -> dict[str, Any]:
        fields = {name: self.planted(inner, body.get(name), name) for name, inner in schema["properties"].items()}
        whole = dict(body) | {name: value for name, value in fields.items() if value not in (None, {}, [])}
        # A part that has nothing but canaries was not asked for, and may lack what it needs.
        parts = {name for name, inner in schema["properties"].items() if "properties" in self._resolved(inner)}
        return {name: value for name, value in whole.items() if name not in parts or name in body}

    def _array(self, schema: Schema, body: Any, field: str) -> Any:
        items = self._resolved(schema.get("items", {}))
        if _is_free(items):
            return [_canary(field)]
        return [self.planted(items, one, field) for one in body] if body else body

    def _resolved(self, schema: Schema) -> Schema:
        if "$ref" in schema:
            return self._resolved(self._schemas[schema["$ref"].rsplit("/", 1)[-1]])
        kinds = [kind for kind in schema.get("anyOf", ()) if kind.get("type") != "null"]
        return self._resolved(kinds[0]) if kinds else schema


def _canary(field: str) -> str:
    if field in READ_ABROAD:
        # Customs abroad reads Latin letters alone.
        return f"{WORD} {phone()}"
    return phone() if "phone" in field else word(field)


def _is_free(schema: Schema) -> bool:
    """Tell whether a field takes any words."""
    bound = {"enum", "const", "format"} & schema.keys()
    rule = str(schema.get("pattern", ""))
    return schema.get("type") == "string" and not bound and (not rule or "x00" in rule)
