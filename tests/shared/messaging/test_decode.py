"""From a record to an event, or to a reason that names no value."""

from dataclasses import replace

import pytest

from shared.messaging.decode import Arrived, Broken, Decoder
from tests.shared.messaging.bad_records import BAD
from tests.shared.messaging.notes import PHONE, RING, TRACE, Note, SecretNote, UnknownNote, record

DECODER = Decoder([Note, SecretNote], RING)


@pytest.mark.parametrize("event", [Note(item="A", number=7, text="ភូមិ"), SecretNote(item="A", number=7, text=PHONE)])
def test_what_the_relay_sends_is_read_as_it_was_told(event: Note) -> None:
    read = DECODER.read(record(event, offset=3))
    assert isinstance(read, Arrived)
    assert read.event == event
    assert type(read.event) is type(event)
    assert (read.letter.offset, read.letter.headers["traceparent"]) == (3, TRACE)


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_record_gives_a_reason_without_a_value_of_it(kind: str) -> None:
    read = DECODER.read(BAD[kind](0))
    assert isinstance(read, Broken)
    assert read.reason
    assert len(read.reason) < 300
    assert PHONE not in read.reason
    assert "\x00" not in f"{read.letter.key}{read.letter.headers}"


def test_the_reason_names_the_fields_that_do_not_fit() -> None:
    read = DECODER.read(BAD["another schema"](0))
    assert isinstance(read, Broken)
    assert "number: int_parsing" in read.reason
    assert "text: string_type" in read.reason


def test_a_type_that_nobody_here_knows_passes_by() -> None:
    assert DECODER.read(record(UnknownNote(item="A", number=1))) is None


def test_a_tombstone_passes_by() -> None:
    assert DECODER.read(replace(record(Note(item="A", number=1)), value=None, headers=())) is None


def test_fields_of_a_later_version_pass_by() -> None:
    class NoteWithMore(Note):
        more: str = "new"

    read = DECODER.read(record(NoteWithMore(item="A", number=1)))
    assert isinstance(read, Arrived)
    assert type(read.event) is Note


def test_a_service_without_key_ring_says_so() -> None:
    read = Decoder([SecretNote]).read(record(SecretNote(item="A", number=1)))
    assert isinstance(read, Broken)
    assert read.reason == "cannot be opened: this service has no key ring"
