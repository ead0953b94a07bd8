import json
import re

import pytest

from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from tests.contracts.events import GOLDEN, all_events

EVENTS = all_events()


def test_every_event_has_a_golden_sample_and_every_sample_an_event() -> None:
    assert {path.stem for path in GOLDEN.glob("*.json")} == set(EVENTS)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_the_golden_sample_still_reads_and_says_the_same(event: type[Event]) -> None:
    golden = json.loads((GOLDEN / f"{event.type}.json").read_bytes())
    read = event.model_validate(golden)
    written = json.loads(read.model_dump_json())
    assert {name: written[name] for name in golden} == golden


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_a_field_of_a_newer_version_passes_by(event: type[Event]) -> None:
    golden = json.loads((GOLDEN / f"{event.type}.json").read_bytes())
    assert event.model_validate({**golden, "unheard_of": 1}) == event.model_validate(golden)


@pytest.mark.parametrize("event", EVENTS.values(), ids=lambda event: event.type)
def test_class_wire_name_topic_and_key_agree(event: type[Event]) -> None:
    golden = event.model_validate_json((GOLDEN / f"{event.type}.json").read_bytes())
    assert re.fullmatch(r"[a-z]+\.[a-z-]+\.v\d", event.type)
    assert event.__name__.endswith(f"V{event.type[-1]}")
    assert event.topic in {topic.name for topic in TOPICS}
    assert event.topic.split(".")[0] == event.owner
    assert golden.key


def test_no_name_phone_or_address_stands_in_an_open_event() -> None:
    personal = re.compile(r"(^|_)(phone|recipient|sender|address|person|contact)($|_)|^name$")
    fields = [(e.type, f) for e in EVENTS.values() if not e.sealed for f in e.model_fields if personal.search(f)]
    assert fields == []
