"""The words of each message: read from files, checked when read, filled with facts."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, StrictUndefined, Template, TemplateError, meta
from jinja2.sandbox import ImmutableSandboxedEnvironment

from services.notifications.domain.facts import FIELDS, LANGUAGES, Facts, Language
from services.notifications.domain.message import ChannelName
from services.notifications.domain.milestones import ALL_TELLINGS, Audience, Milestone, Telling

TEXTS = Path(__file__).parent.parent / "texts"
CHANNELS: tuple[ChannelName, ...] = ("sms", "telegram")

REQUIRED: Mapping[Telling, frozenset[str]] = {
    # A phone may be shared: what waits for a person names that person.
    Telling(Milestone.READY_FOR_COLLECTION, Audience.RECIPIENT): frozenset({"item", "recipient", "office", "charges"}),
    Telling(Milestone.ACCEPTED, Audience.RECIPIENT): frozenset({"item", "sender", "office", "door", "charges"}),
    Telling(Milestone.ATTEMPT_FAILED, Audience.RECIPIENT): frozenset({"item", "day"}),
    Telling(Milestone.DELIVERED, Audience.SENDER): frozenset({"item", "day"}),
    Telling(Milestone.PAPERS_ASKED, Audience.RECIPIENT): frozenset({"item", "papers"}),
    Telling(Milestone.CHARGES, Audience.RECIPIENT): frozenset({"item", "charges", "nothing_due"}),
}
ALWAYS_REQUIRED = frozenset({"item"})

_LINK = re.compile(r"https?:|www\.|t\.me|\w\.\w{2,}", re.IGNORECASE)


class TextProblem(ValueError):
    """A text file cannot be used as it is."""


@dataclass(frozen=True, slots=True)
class TextKey:
    """Which text: of whom, in which language, by which channel."""

    language: Language
    telling: Telling
    channel: ChannelName

    def __str__(self) -> str:
        return f"{self.language}/{self.telling.milestone} [{self.telling.audience}] {self.channel}"


class Texts:
    """Every text that the service can need; complete and checked, or not built at all."""

    def __init__(self, sources: Mapping[TextKey, str]) -> None:
        missing = [key for key in all_keys() if key not in sources]
        if missing:
            raise TextProblem(f"There is no text for {missing[0]}.")
        # Plain text for phones, so nothing is escaped; the pages that show it have an environment of their own.
        environment = ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=False)
        self._templates = {key: _checked(environment, key, source) for key, source in sources.items()}

    @classmethod
    def read(cls, folder: Path = TEXTS) -> "Texts":
        """Read `<language>/<milestone>.toml`: a table an audience, in it a text a channel."""
        sources: dict[TextKey, str] = {}
        for language in LANGUAGES:
            for path in sorted((folder / language).glob("*.toml")):
                sources |= _read_file(language, path)
        return cls(sources)

    def write(self, key: TextKey, facts: Facts) -> str:
        """Return the text of a message."""
        return self._templates[key].render(facts.fields(key.language, key.channel))


def all_keys() -> list[TextKey]:
    """Return every text that must exist."""
    return [
        TextKey(language, telling, channel)
        for language in LANGUAGES
        for telling in sorted(ALL_TELLINGS)
        for channel in CHANNELS
    ]


def holds_link(text: str) -> bool:
    """Tell whether a text would be shown with a link in it."""
    return _LINK.search(text) is not None


def _read_file(language: Language, path: Path) -> dict[TextKey, str]:
    known = {str(key): key for key in all_keys()}
    found: dict[TextKey, str] = {}
    for audience, texts in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for channel, text in texts.items():
            name = f"{language}/{path.stem} [{audience}] {channel}"
            if name not in known:
                raise TextProblem(f"Nothing sends {name}.")
            found[known[name]] = text.strip()
    return found


def _checked(environment: Environment, key: TextKey, source: str) -> Template:
    try:
        used = meta.find_undeclared_variables(environment.parse(source))
        template = environment.from_string(source)
    except TemplateError as error:
        raise TextProblem(f"{key} is not a template: {error}.") from error
    required = REQUIRED.get(key.telling, ALWAYS_REQUIRED)
    if used - FIELDS:
        raise TextProblem(f"{key} uses the unknown field {min(used - FIELDS)}.")
    if required - used:
        raise TextProblem(f"{key} lacks the field {min(required - used)}.")
    if key.channel == "sms" and holds_link(source):
        raise TextProblem(f"{key} holds a link; an SMS holds none.")
    return template
