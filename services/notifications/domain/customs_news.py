"""What the addressee of an item from abroad is to hear of customs: that it has it, asks for papers, what is due.

Source: UPU EMSEVT for the event codes.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from services.notifications.domain.facts import Due
from services.notifications.domain.milestones import NEWS_FOR, Milestone
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1

DOMESTIC = "KH"
HELD_BY_OTHERS = frozenset({"EXA", "EXB", "EXD", "EDA", "EDF"})
"""With customs of the country it left, or held by a post: nothing for its addressee to do."""

BEFORE_IT_WAITS = frozenset({None, Milestone.ACCEPTED})
WAITS = frozenset({Milestone.READY_FOR_COLLECTION, Milestone.ATTEMPT_FAILED})
"""What was told last where an item lies for its addressee; after other tellings it is over, or on its way back."""


@dataclass(frozen=True, slots=True)
class News:
    """One piece of news: which one of its kind, since when it is so, and how far this phone was told."""

    news_no: int
    told_at: datetime
    office: str | None
    occurred_at: datetime
    is_told: bool
    is_open: bool
    """A message that tells it is under way, perhaps to another phone."""


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a phone was told of an amount last; whether that is on record, for a release before kept none."""

    due: Due | None
    is_recorded: bool
    is_older: bool
    """What is due now was heard after that."""


@dataclass(frozen=True, slots=True)
class Amount:
    """What is due on an item as far as it is known; `due` is None where nothing is."""

    due: Due | None
    spoken: Spoken | None
    """None where this phone was told of no amount, nor of none."""

    @property
    def is_told(self) -> bool:
        """Tell whether the phone knows it; that nothing is due is no news to one that never heard otherwise."""
        if self.spoken is None:
            return self.due is None
        if not self.spoken.is_recorded:
            return self.due is None or not self.spoken.is_older
        return self.due == self.spoken.due


@dataclass(frozen=True, slots=True)
class Standing:
    """All that is known of an item from abroad and of the phone of its addressee."""

    item_number: str
    phone_since: int
    last_told: Milestone | None
    """The newest step of its newest journey that is worth a message."""
    stay: News | None = None
    """At customs; None where it is not."""
    papers: News | None = None
    charges: News | None = None

    @property
    def present(self) -> dict[Milestone, News]:
        """Return the news that are so now."""
        found = {}
        if self.stay and self.last_told in BEFORE_IT_WAITS:
            found[Milestone.AT_CUSTOMS] = self.stay
        if self.papers and self.last_told in BEFORE_IT_WAITS | WAITS:
            found[Milestone.PAPERS_ASKED] = self.papers
        if self.charges and self.last_told in WAITS:
            found[Milestone.CHARGES] = self.charges
        return found

    def untold(self, now: datetime) -> Iterator[tuple[Milestone, News]]:
        """Yield what is to be told now: still news, not told to this phone, and not under way."""
        for milestone, news in self.present.items():
            if not news.is_told and not news.is_open and deadline_of(milestone, news) > now:
                yield milestone, news

    def is_under_way(self, now: datetime) -> bool:
        """Tell whether to look again: once what is under way has ended, this phone may turn out not to be told."""
        return any(news.is_open and deadline_of(milestone, news) > now for milestone, news in self.present.items())


def deadline_of(milestone: Milestone, news: News) -> datetime:
    """Return until when it is news: of a stay also no longer after it began, however late that was heard."""
    since = min(news.told_at, news.occurred_at) if milestone is Milestone.AT_CUSTOMS else news.told_at
    return since + NEWS_FOR[milestone]


def is_from_abroad(item_number: str) -> bool:
    """Tell whether another post gave a number."""
    return not item_number.endswith(DOMESTIC)


def is_at_customs(moved: ParcelMovedV1) -> bool:
    """Tell whether a movement shows an item from abroad with customs here."""
    held = moved.state in (CustomerState.AT_CUSTOMS, CustomerState.HELD)
    return held and is_from_abroad(moved.item_number) and moved.event_code not in HELD_BY_OTHERS
