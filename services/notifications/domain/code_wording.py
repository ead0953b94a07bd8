"""The words around a sign-in code: read from files, checked when read, one part as SMS."""

import tomllib
from collections.abc import Mapping
from pathlib import Path

from jinja2 import StrictUndefined, Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.domain.facts import LANGUAGES, Language
from services.notifications.domain.message import ChannelName
from services.notifications.domain.segments import measure
from services.notifications.domain.wording import CHANNELS, TEXTS, TextProblem, holds_link

FILE = Path("codes") / "sign_in.toml"
SAMPLE_CODE = "000000"

CodeKey = tuple[Language, ChannelName]


class CodeTexts:
    """The text of a code in each language for each channel; complete and checked, or not built at all."""

    def __init__(self, sources: Mapping[CodeKey, str]) -> None:
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._templates: dict[CodeKey, Template] = {}
        for language in LANGUAGES:
            for channel in CHANNELS:
                key = (language, channel)
                self._templates[key] = environment.from_string(sources.get(key, ""))
                _must_do(key, self.write(language, channel, SAMPLE_CODE))

    @classmethod
    def read(cls, folder: Path = TEXTS) -> "CodeTexts":
        """Read `<language>/codes/sign_in.toml`: a text a channel."""
        sources: dict[CodeKey, str] = {}
        for language in LANGUAGES:
            texts = tomllib.loads((folder / language / FILE).read_text(encoding="utf-8"))
            sources |= {(language, channel): texts[channel].strip() for channel in CHANNELS if channel in texts}
        return cls(sources)

    def write(self, language: Language, channel: ChannelName, code: str) -> str:
        """Return the text; the code stands in it as it is to be typed."""
        return self._templates[language, channel].render(code=code)


def _must_do(key: CodeKey, text: str) -> None:
    name = f"codes/sign_in [{key[0]}] {key[1]}"
    if SAMPLE_CODE not in text:
        raise TextProblem(f"{name} lacks the code.")
    if key[1] == "sms" and (holds_link(text) or measure(text).segments > 1):
        raise TextProblem(f"{name} holds a link, or is more than one part.")
