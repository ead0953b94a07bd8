"""What a text may say of a parcel."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from services.notifications.domain.facts import FIELDS, LANGUAGES, Due, Facts, Language, OfficeName, day
from services.notifications.domain.message import ChannelName
from services.notifications.domain.wording import CHANNELS

FACTS = Facts(
    item_number="RR473124829GB",
    sender="ចាន់ សុខា",
    recipient="Sok Dara",
    office=OfficeName("ស៊ីធីស៊ី បាទី", "CTC Bati"),
    occurred_at=datetime(2026, 1, 15, 3, tzinfo=UTC),
)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_every_field_is_there_in_every_form(language: Language, channel: ChannelName) -> None:
    assert FACTS.fields(language, channel).keys() == FIELDS


def test_the_item_number_stays_latin() -> None:
    assert FACTS.fields("km", "sms")["item"] == "RR473124829GB"


def test_an_office_is_called_by_its_name_in_the_readers_language() -> None:
    assert FACTS.fields("km", "telegram")["office"] == "ស៊ីធីស៊ី បាទី"
    assert FACTS.fields("en", "telegram")["office"] == "CTC Bati"


@pytest.mark.parametrize(
    ("language", "expected"), [("km", "CTC ព្រៃកប្បាស ២"), ("en", "CTC Prey Kabbas 2")], ids=["km", "en"]
)
def test_two_offices_of_a_district_stay_apart_in_an_sms(language: Language, expected: str) -> None:
    name = OfficeName("មជ្ឈមណ្ឌលបច្ចេកវិទ្យាសហគមន៍ ព្រៃកប្បាស ២", "Community Tech Center Prey Kabbas 2")
    facts = replace(FACTS, office=name)
    assert facts.fields(language, "sms")["office"] == expected
    assert facts.fields(language, "telegram")["office"] in {name.km, name.en}


def test_a_khmer_name_is_left_out_of_an_english_sms_but_not_of_telegram() -> None:
    assert FACTS.fields("en", "sms")["sender"] == ""
    assert FACTS.fields("en", "telegram")["sender"] == "ចាន់ សុខា"


@pytest.mark.parametrize(
    ("language", "channel", "expected"),
    [
        ("km", "sms", "១៥ មករា"),
        ("km", "telegram", "១៥ ខែមករា ឆ្នាំ២០២៦"),
        ("en", "sms", "15 Jan"),
        ("en", "telegram", "15 January 2026"),
    ],
)
def test_a_day_is_written_as_the_reader_writes_it(language: Language, channel: ChannelName, expected: str) -> None:
    assert day(datetime(2026, 1, 15, 3, tzinfo=UTC), language, channel) == expected


def test_a_day_is_the_day_in_cambodia() -> None:
    assert day(datetime(2026, 12, 31, 18, tzinfo=UTC), "en", "sms") == "1 Jan"


@pytest.mark.parametrize(
    ("due", "khmer", "english"),
    [
        (Due(16_000, "KHR"), "១៦,០០០៛", "16,000 riel"),
        (Due(100, "KHR"), "១០០៛", "100 riel"),
        (Due(1_250, "USD"), "$១២.៥០", "$12.50"),
        (Due(123_405, "USD"), "$១,២៣៤.០៥", "$1,234.05"),
    ],
    ids=str,
)
def test_an_amount_is_written_as_the_reader_writes_it(due: Due, khmer: str, english: str) -> None:
    facts = replace(FACTS, due=due)
    for channel in CHANNELS:
        assert [facts.fields(language, channel)["charges"] for language in LANGUAGES] == [khmer, english]


@pytest.mark.parametrize(
    ("language", "fits", "too_long"),
    [("km", 100_000_000, 1_000_000_000), ("en", 9_999_999_999, 10_000_000_000)],
)
def test_an_amount_that_an_sms_has_no_room_for_is_left_to_the_counter(
    language: Language, fits: int, too_long: int
) -> None:
    short, long = (replace(FACTS, due=Due(amount, "KHR")) for amount in (fits, too_long))
    assert short.fields(language, "sms")["charges"] != ""
    assert long.fields(language, "sms")["charges"] == ""
    assert long.fields(language, "telegram")["charges"] != ""


def test_without_charges_the_field_is_empty() -> None:
    assert FACTS.fields("km", "telegram")["charges"] == ""
