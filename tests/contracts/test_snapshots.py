import copy
import json
from pathlib import Path
from typing import Any

import pytest

from tests.contracts.documents import all_documents
from tests.contracts.snapshots import FOLDER, breaks, text_of


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    return all_documents(tmp_path_factory.mktemp("documents"))


def test_the_snapshots_are_what_the_code_says(documents: dict[str, dict[str, Any]]) -> None:
    assert {path.name for path in FOLDER.glob("*.json")} == set(documents)
    stale = [name for name, document in documents.items() if (FOLDER / name).read_text() != text_of(document)]
    assert stale == [], "run make snapshots, and look at what changed"


def test_nothing_breaks_those_who_use_the_contracts(documents: dict[str, dict[str, Any]]) -> None:
    found = {n: list(breaks(n, json.loads((FOLDER / n).read_text()), d)) for n, d in documents.items()}
    assert {name: broken for name, broken in found.items() if broken} == {}


def test_a_field_taken_from_an_event_counts_as_a_break(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["parcel.asyncapi.json"]
    new = copy.deepcopy(old)
    del new["components"]["schemas"]["ParcelRegisteredV1"]["properties"]["weight_g"]
    assert list(breaks("parcel.asyncapi.json", old, new)) == ["ParcelRegisteredV1.weight_g: is gone"]


def test_a_field_newly_required_by_a_route_counts_as_a_break(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["parcel.openapi.json"]
    new = copy.deepcopy(old)
    new["components"]["schemas"]["RegisterBody"]["required"].append("order_reference")
    assert list(breaks("parcel.openapi.json", old, new)) == ["RegisterBody: now requires ['order_reference']"]


def test_an_answer_may_promise_more_and_not_less(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["tracking.openapi.json"]
    more, less = copy.deepcopy(old), copy.deepcopy(old)
    more["components"]["schemas"]["PublicJourney"]["required"].append("more")
    less["components"]["schemas"]["PublicJourney"]["required"].remove("state")
    assert list(breaks("tracking.openapi.json", old, more)) == []
    assert list(breaks("tracking.openapi.json", old, less)) == ["PublicJourney: no longer always holds ['state']"]


def test_a_route_taken_away_counts_as_a_break(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["tracking.openapi.json"]
    new = copy.deepcopy(old)
    del new["paths"]["/scans"]
    assert "POST /scans: is gone" in list(breaks("tracking.openapi.json", old, new))


@pytest.mark.parametrize(
    ("name", "schema", "change", "says"),
    [
        ("tracking.asyncapi.json", "CustomerState", {"enum": ["new"]}, "old readers do not know ['new']"),
        ("parcel.asyncapi.json", "ParcelRegisteredV1", {"required": []}, "no longer always holds"),
        ("parcel.asyncapi.json", "Contact", {"type": "array"}, "type was 'object', is 'array'"),
        ("parcel.openapi.json", "RegisterBody", {"additionalProperties": True}, "additionalProperties was False"),
    ],
)
def test_a_change_that_old_users_stumble_over_is_named(
    documents: dict[str, dict[str, Any]], name: str, schema: str, change: dict[str, Any], says: str
) -> None:
    old = documents[name]
    new = copy.deepcopy(old)
    changed = new["components"]["schemas"][schema]
    for key, value in change.items():
        changed[key] = [*changed["enum"], *value] if key == "enum" else value
    assert any(says in what for what in breaks(name, old, new))


def test_another_kind_of_value_inside_an_optional_field_is_named(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["parcel.asyncapi.json"]
    new = copy.deepcopy(old)
    new["components"]["schemas"]["ParcelRegisteredV1"]["properties"]["collecting_office"]["anyOf"][0]["type"] = (
        "integer"
    )
    assert any("collecting_office|0: type was 'string'" in what for what in breaks("parcel.asyncapi.json", old, new))


def test_a_query_parameter_taken_away_and_an_answer_emptied_are_named(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["parcel.openapi.json"]
    new = copy.deepcopy(old)
    new["paths"]["/parcels"]["get"]["parameters"].pop(0)
    new["paths"]["/parcels"]["post"]["responses"]["201"] = {"description": "nothing"}
    found = list(breaks("parcel.openapi.json", old, new))
    assert any("is gone" in what for what in found)
    assert "POST /parcels: answers 201 with something else" in found


def test_an_optional_field_more_breaks_nobody(documents: dict[str, dict[str, Any]]) -> None:
    old = documents["tracking.asyncapi.json"]
    new = copy.deepcopy(old)
    new["components"]["schemas"]["ParcelMovedV1"]["properties"]["note"] = {"type": "string", "default": ""}
    assert list(breaks("tracking.asyncapi.json", old, new)) == []


def test_every_snapshot_names_its_topics_as_declared(documents: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    channels = {c for name, d in documents.items() if name.endswith(".asyncapi.json") for c in d["channels"]}
    assert channels == {
        "parcel.events", "parcel.directory", "parcel.contacts", "parcel.codes",
        "tracking.events", "notifications.events",
    }  # fmt: skip
