"""The texts: complete, checked, short enough, and what they say."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notifications.domain.facts import Due, Facts, Language, OfficeName
from services.notifications.domain.message import ChannelName
from services.notifications.domain.milestones import Audience, Milestone, Telling
from services.notifications.domain.segments import Encoding, measure
from services.notifications.domain.wording import TextKey, TextProblem, Texts, all_keys

TEXTS = Texts.read()
LONGEST_DAY = datetime(2026, 11, 28, 3, tzinfo=UTC)
LONG = Facts(
    item_number="RR473124829GB",
    sender="ក្រុមហ៊ុន ដឹកជញ្ជូន ឈឿន សុវណ្ណារ៉ា",
    recipient="ឈឿន សុវណ្ណារ៉ាឬទ្ធិមុន្នី",
    office=OfficeName(
        "ការិយាល័យប្រៃសណីយ៍វិទ្យាល័យ ហ៊ុន សែន ព្រៃកប្បាស",
        "Hun Sen Prey Kabbas High School Post Office",
    ),
    occurred_at=LONGEST_DAY,
)
LONG_LATIN = Facts(
    LONG.item_number, "Takeo Express Delivery Company", "Chheoun Sovannara Ratthimuny", LONG.office, LONGEST_DAY
)
BARE = Facts(LONG.item_number, "", "", None, LONGEST_DAY)
DOOR, DOOR_BARE = replace(LONG, door_delivery=True), replace(BARE, door_delivery=True)
DUE = [
    replace(LONG, due=Due(100_000_000, "KHR")),
    replace(LONG_LATIN, due=Due(9_999_999_999, "KHR")),
    replace(LONG_LATIN, due=Due(9_999_999, "USD")),
    replace(LONG, due=Due(10**13, "KHR")),
    replace(BARE, due=Due(16_000, "KHR")),
]
PAPERS = [
    replace(LONG, papers="វិក្កយបត្ររបស់ហាង និងភស្តុតាងនៃការបង់ប្រាក់ទាំងអស់តាមធនាគារ", nothing_due=True),
    replace(LONG_LATIN, papers="The invoice of the shop, all pages, and the proof of payment", nothing_due=True),
    replace(BARE, papers="https://evil.example/pay", nothing_due=True),
]
FACTS = [LONG, LONG_LATIN, BARE, DOOR, DOOR_BARE, *DUE, *PAPERS]
NAMED = [
    "khmer names",
    "latin names",
    "nothing known",
    "to the door",
    "to the door, nothing else known",
    "charges due, khmer names",
    "charges due, latin names",
    "dollars due",
    "more due than an SMS has room for",
    "charges due, nothing else known",
    "papers asked for, khmer names",
    "papers asked for, latin names",
    "papers asked for in words that read as a link",
]

keys = pytest.mark.parametrize("key", all_keys(), ids=str)
sms_keys = [key for key in all_keys() if key.channel == "sms"]


def sources() -> dict[TextKey, str]:
    return dict.fromkeys(
        all_keys(), "{{ item }} {{ sender }} {{ recipient }} {{ office }} {{ day }} {{ door }} {{ charges }}"
    )


@pytest.mark.parametrize("key", [key for key in sms_keys if key.language == "en"], ids=str)
@pytest.mark.parametrize("facts", FACTS, ids=NAMED)
def test_an_english_sms_is_one_gsm_part(key: TextKey, facts: Facts) -> None:
    size = measure(TEXTS.write(key, facts))
    assert (size.encoding, size.segments) == (Encoding.GSM7, 1)


@pytest.mark.parametrize("key", [key for key in sms_keys if key.language == "km"], ids=str)
@pytest.mark.parametrize("facts", FACTS, ids=NAMED)
def test_a_khmer_sms_is_at_most_two_parts(key: TextKey, facts: Facts) -> None:
    size = measure(TEXTS.write(key, facts))
    assert size.encoding is Encoding.UCS2
    assert size.segments <= 2


names = st.text(max_size=80)


@settings(max_examples=60)
@given(names, names, names, names, st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1 < at.year < 9999))
def test_no_data_makes_an_sms_longer_or_puts_a_link_in_it(
    sender: str, recipient: str, office_km: str, office_en: str, at: datetime
) -> None:
    facts = Facts("RR473124829GB", sender, recipient, OfficeName(office_km, office_en), at)
    for key in sms_keys:
        text = TEXTS.write(key, facts)
        assert measure(text).segments <= (1 if key.language == "en" else 2)
        assert not re.search(r"https?:|/|\w\.\w{2}", text)


@keys
def test_every_text_names_the_parcel_and_leaves_no_template_marks(key: TextKey) -> None:
    for facts in FACTS:
        text = TEXTS.write(key, facts)
        assert "RR473124829GB" in text
        assert not re.search(r"[{}%]|  | \.|None|\n\n", text)


@keys
def test_a_text_is_in_its_own_language(key: TextKey) -> None:
    khmer = re.search(r"[\u1780-\u17ff]", TEXTS.write(key, BARE)) is not None
    assert khmer == (key.language == "km")


@pytest.mark.parametrize("key", [key for key in all_keys() if key.language == "km"], ids=str)
def test_khmer_dates_have_khmer_digits(key: TextKey) -> None:
    text = TEXTS.write(key, replace(BARE, due=Due(1_234_567, "USD"))).replace("RR473124829GB", "")
    assert not re.search(r"[0-9]", text)


def test_what_waits_names_its_addressee_and_the_office() -> None:
    key = TextKey("en", Telling(Milestone.READY_FOR_COLLECTION, Audience.RECIPIENT), "sms")
    facts = Facts("RR473124829GB", "Chan Sokha", "Sok Dara", OfficeName("បាទី", "CTC Bati"), LONGEST_DAY)
    assert TEXTS.write(key, facts) == (
        "CTC Post: parcel RR473124829GB for Sok Dara waits at CTC Bati. Please bring your ID card and this message."
    )


@pytest.mark.parametrize("channel", ["sms", "telegram"])
@pytest.mark.parametrize(
    ("language", "to_the_door", "to_collect"), [("en", "your door", "CTC Bati"), ("km", "ដឹកដល់ផ្ទះ", "បាទី")]
)
def test_a_parcel_on_its_way_says_where_it_is_handed_over(
    language: Language, channel: ChannelName, to_the_door: str, to_collect: str
) -> None:
    key = TextKey(language, Telling(Milestone.ACCEPTED, Audience.RECIPIENT), channel)
    collected = Facts("RR473124829GB", "Chan Sokha", "Sok Dara", OfficeName("បាទី", "CTC Bati"), LONGEST_DAY)
    texts = [TEXTS.write(key, replace(collected, door_delivery=door)) for door in (False, True)]

    assert [(to_collect in text, to_the_door in text) for text in texts] == [(True, False), (False, True)]


FROM_KOREA = Facts(
    "CP123456785KR",
    "Kim Minji",
    "ចាន់ ធីតា",
    OfficeName("ស៊ីធីស៊ី បាទី", "CTC Bati"),
    LONGEST_DAY,
    due=Due(16_000, "KHR"),
)


@pytest.mark.parametrize(
    ("milestone", "language", "channel", "text"),
    [
        (
            Milestone.READY_FOR_COLLECTION,
            "en",
            "sms",
            "CTC Post: parcel CP123456785KR waits at CTC Bati. To pay there: 16,000 riel. Bring your ID card.",
        ),
        (
            Milestone.READY_FOR_COLLECTION,
            "km",
            "sms",
            "កញ្ចប់ CP123456785KR របស់ ចាន់ ធីតា មកដល់ ស៊ីធីស៊ី បាទី ហើយ។ បង់ពន្ធ ១៦,០០០៛ យកអត្តសញ្ញាណប័ណ្ណ។",
        ),
        (
            Milestone.READY_FOR_COLLECTION,
            "en",
            "telegram",
            "📬 The parcel for ចាន់ ធីតា is ready to collect.\n"
            "Parcel number: CP123456785KR\n"
            "It waits at: CTC Bati\n"
            "To pay at the counter: 16,000 riel of duty and fees. The post never asks for money by a link.\n"
            "Please bring your ID card and this message.",
        ),
        (
            Milestone.READY_FOR_COLLECTION,
            "km",
            "telegram",
            "📬 កញ្ចប់បញ្ញើរបស់ ចាន់ ធីតា មកដល់ហើយ។\n"
            "លេខកញ្ចប់៖ CP123456785KR\n"
            "កន្លែងទទួល៖ ស៊ីធីស៊ី បាទី\n"
            "ពន្ធ និងថ្លៃសេវាដែលត្រូវបង់នៅបញ្ជរ៖ ១៦,០០០៛។ ប្រៃសណីយ៍មិនដែលសុំប្រាក់តាមតំណឡើយ។\n"
            "សូមយកអត្តសញ្ញាណប័ណ្ណ និងសារនេះ មកជាមួយ ដើម្បីទទួលកញ្ចប់។",
        ),
        (
            Milestone.ACCEPTED,
            "en",
            "sms",
            "CTC Post: parcel CP123456785KR from Kim Minji is on its way to CTC Bati."
            " Customs charges of 16,000 riel are due.",
        ),
        (
            Milestone.ACCEPTED,
            "km",
            "sms",
            "កញ្ចប់ CP123456785KR ពី Kim Minji កំពុងផ្ញើមកលោកអ្នក។ ទទួលនៅ ស៊ីធីស៊ី បាទី។ បង់ពន្ធ ១៦,០០០៛។",
        ),
        (
            Milestone.ACCEPTED,
            "en",
            "telegram",
            "📦 A parcel from Kim Minji is on its way to you.\n"
            "Parcel number: CP123456785KR\n"
            "To collect at: CTC Bati\n"
            "To pay at the counter when you collect it: 16,000 riel of duty and fees.\n"
            "We will tell you as soon as it arrives.",
        ),
        (
            Milestone.ACCEPTED,
            "km",
            "telegram",
            "📦 កញ្ចប់បញ្ញើពី Kim Minji កំពុងធ្វើដំណើរមកជូនលោកអ្នក។\n"
            "លេខកញ្ចប់៖ CP123456785KR\n"
            "កន្លែងទទួល៖ ស៊ីធីស៊ី បាទី\n"
            "ពន្ធ និងថ្លៃសេវាដែលត្រូវបង់នៅបញ្ជរ ពេលទទួល៖ ១៦,០០០៛\n"
            "យើងខ្ញុំនឹងជូនដំណឹងភ្លាម នៅពេលកញ្ចប់មកដល់។",
        ),
    ],
    ids=lambda one: str(one)[:24],
)
def test_an_addressee_is_told_what_is_to_be_paid_of_an_item_from_abroad(
    milestone: Milestone, language: Language, channel: ChannelName, text: str
) -> None:
    key = TextKey(language, Telling(milestone, Audience.RECIPIENT), channel)
    assert TEXTS.write(key, FROM_KOREA) == text


@pytest.mark.parametrize(
    ("milestone", "changes", "text"),
    [
        (
            Milestone.AT_CUSTOMS,
            {},
            "CTC Post: customs has parcel CP123456785KR from Kim Minji. If it asks for papers we tell you which,"
            " and again when the parcel arrives.",
        ),
        (
            Milestone.PAPERS_ASKED,
            {"papers": "The invoice of the shop."},
            "CTC Post: customs asks for papers for parcel CP123456785KR: The invoice of the shop. Show them at any"
            " post office, it sends a photo.",
        ),
        (
            Milestone.PAPERS_ASKED,
            {"papers": "វិក្កយបត្រ"},
            "CTC Post: customs asks for papers for parcel CP123456785KR. Show them at any post office, it sends a"
            " photo.",
        ),
        (
            Milestone.CHARGES,
            {},
            "CTC Post: parcel CP123456785KR waits at CTC Bati. To pay now: 16,000 riel.",
        ),
        (
            Milestone.CHARGES,
            {"due": None, "nothing_due": True},
            "CTC Post: parcel CP123456785KR waits at CTC Bati. Nothing is to pay any more.",
        ),
        (
            Milestone.CHARGES,
            {"due": Due(10**13, "KHR")},
            "CTC Post: parcel CP123456785KR waits at CTC Bati. Ask there what to pay.",
        ),
    ],
    ids=lambda one: str(one)[:40],
)
def test_an_addressee_is_told_what_customs_does(milestone: Milestone, changes: dict[str, Any], text: str) -> None:
    key = TextKey("en", Telling(milestone, Audience.RECIPIENT), "sms")
    assert TEXTS.write(key, replace(FROM_KOREA, **changes)) == text


@pytest.mark.parametrize(
    ("milestone", "text"),
    [
        (Milestone.AT_CUSTOMS, "គយកំពុងពិនិត្យកញ្ចប់ CP123456785KR ពី Kim Minji។ បើត្រូវការឯកសារ យើងនឹងប្រាប់។"),
        (
            Milestone.PAPERS_ASKED,
            "គយសុំឯកសារសម្រាប់កញ្ចប់ CP123456785KR៖ វិក្កយបត្រ។ សូមយកមកប្រៃសណីយ៍ណាក៏បាន ឲ្យយើងថតផ្ញើ។",
        ),
        (
            Milestone.CHARGES,
            "កញ្ចប់ CP123456785KR របស់ ចាន់ ធីតា រង់ចាំនៅ ស៊ីធីស៊ី បាទី។ ឥឡូវត្រូវបង់ពន្ធ ១៦,០០០៛។",
        ),
    ],
)
def test_an_addressee_is_told_in_khmer_what_customs_does(milestone: Milestone, text: str) -> None:
    key = TextKey("km", Telling(milestone, Audience.RECIPIENT), "sms")
    assert TEXTS.write(key, replace(FROM_KOREA, papers="វិក្កយបត្រ")) == text


@pytest.mark.parametrize("milestone", [Milestone.ACCEPTED, Milestone.READY_FOR_COLLECTION])
@pytest.mark.parametrize("language", ["km", "en"])
def test_nothing_is_said_of_charges_where_none_are_due(milestone: Milestone, language: Language) -> None:
    for channel in ("sms", "telegram"):
        key = TextKey(language, Telling(milestone, Audience.RECIPIENT), channel)
        text = TEXTS.write(key, replace(FROM_KOREA, due=None))
        assert not re.search(r"pay|charges|fees|ពន្ធ|៛", text)


def test_names_cannot_bring_template_code_along() -> None:
    key = TextKey("en", Telling(Milestone.ACCEPTED, Audience.RECIPIENT), "telegram")
    text = TEXTS.write(key, Facts("RR473124829GB", "{{ item.__class__ }}", "", None, LONGEST_DAY))
    assert "__class__" not in text
    assert "class" in text


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{{ item }} {{ phone }} {{ day }} {{ sender }} {{ office }} {{ recipient }}", "unknown field phone"),
        ("Your parcel waits.", "lacks the field"),
        ("{{ item }", "not a template"),
        (
            "{{ item }} {{ sender }} {{ recipient }} {{ office }} {{ day }} {{ door }} {{ charges }} www.post.example",
            "holds a link",
        ),
        (
            "{{ item }} {{ sender }} {{ recipient }} {{ office }} {{ day }} {{ door }} {{ charges }} see post.gov.kh",
            "holds a link",
        ),
    ],
)
def test_a_wrong_text_fails_when_it_is_read(text: str, problem: str) -> None:
    wrong = sources() | {all_keys()[0]: text}
    with pytest.raises(TextProblem, match=problem):
        Texts(wrong)


def test_a_missing_text_fails_when_texts_are_read() -> None:
    incomplete = sources()
    del incomplete[all_keys()[3]]
    with pytest.raises(TextProblem, match="no text for km/"):
        Texts(incomplete)


def test_a_text_that_nothing_sends_fails_when_it_is_read(tmp_path: Path) -> None:
    (tmp_path / "km").mkdir()
    (tmp_path / "km" / "accepted.toml").write_text('[sender]\nsms = "{{ item }}"\n', encoding="utf-8")
    with pytest.raises(TextProblem, match="Nothing sends"):
        Texts.read(tmp_path)
