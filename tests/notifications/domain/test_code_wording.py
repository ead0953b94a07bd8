"""The words around a sign-in code."""

import re
from pathlib import Path

import pytest

from services.notifications.domain.code_wording import FILE, CodeTexts
from services.notifications.domain.facts import LANGUAGES, Language
from services.notifications.domain.message import ChannelName
from services.notifications.domain.segments import Encoding, measure
from services.notifications.domain.wording import CHANNELS, TextProblem

TEXTS = CodeTexts.read()
CODE = "904817"
KHMER = re.compile(r"[\u1780-\u17ff]")
GOOD = {(language, channel): "Code {{ code }}" for language in LANGUAGES for channel in CHANNELS}


@pytest.mark.parametrize(("language", "encoding"), [("en", Encoding.GSM7), ("km", Encoding.UCS2)])
def test_an_sms_is_one_part(language: Language, encoding: Encoding) -> None:
    size = measure(TEXTS.write(language, "sms", CODE))
    assert (size.encoding, size.segments) == (encoding, 1)


@pytest.mark.parametrize("channel", CHANNELS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_code_stands_once_in_the_digits_that_are_typed(language: Language, channel: ChannelName) -> None:
    text = TEXTS.write(language, channel, CODE)
    assert re.findall(r"\d+", text) == [CODE]
    assert not re.search(r"[{}]|  |\n\n", text)


@pytest.mark.parametrize("channel", CHANNELS)
def test_khmer_comes_with_english_for_those_whose_language_nobody_asked_for(channel: ChannelName) -> None:
    khmer, english = TEXTS.write("km", channel, CODE), TEXTS.write("en", channel, CODE)
    assert KHMER.search(khmer)
    assert "sign-in code" in khmer.lower()
    assert not KHMER.search(english)


@pytest.mark.parametrize(
    ("channel", "text", "problem"),
    [
        ("sms", "", "lacks the code"),
        ("telegram", "Your code is secret.", "lacks the code"),
        ("sms", "Code {{ code }} for post.example", "a link"),
        ("sms", "លេខកូដ {{ code }} " + "ក" * 60, "more than one part"),
    ],
)
def test_a_text_that_will_not_do_fails_when_it_is_read(channel: ChannelName, text: str, problem: str) -> None:
    with pytest.raises(TextProblem, match=problem):
        CodeTexts(GOOD | {("km", channel): text})


def test_a_channel_without_a_text_fails_when_texts_are_read(tmp_path: Path) -> None:
    for language in LANGUAGES:
        (tmp_path / language / FILE).parent.mkdir(parents=True)
        (tmp_path / language / FILE).write_text('sms = "{{ code }}"\n', encoding="utf-8")
    with pytest.raises(TextProblem, match="telegram lacks"):
        CodeTexts.read(tmp_path)
