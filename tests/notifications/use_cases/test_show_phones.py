"""Sorting messages into phones."""

from datetime import timedelta

from services.notifications.domain.milestones import Audience, Milestone
from services.notifications.store.development_inbox import Received
from services.notifications.use_cases.show_inbox import Bubble
from services.notifications.use_cases.show_phones import phones
from shared.ids import new_id
from tests.notifications.samples import NOON, NUMBER


def bubble(phone: str, name: str | None, minutes: int) -> Bubble:
    received = Received(
        message_id=new_id(),
        phone=phone,
        channel="sms",
        body="hello",
        segments=1,
        at=NOON + timedelta(minutes=minutes),
        received=1,
        item_number=NUMBER,
        milestone=Milestone.DELIVERED,
        audience=Audience.SENDER,
        name=name,
        language="en",
    )
    return Bubble(received, None, None)


def test_the_phone_with_the_latest_news_comes_first_and_its_messages_run_forward() -> None:
    first, second = phones([bubble("+1", "A", 0), bubble("+2", "B", 1), bubble("+1", "A", 2)], ())
    assert (first.number, second.number) == ("+1", "+2")
    assert [one.received.at for one in first.bubbles] == [NOON, NOON + timedelta(minutes=2)]


def test_a_shared_phone_names_all_who_share_it() -> None:
    (shared,) = phones(
        [bubble("+1", "Dara", 0), bubble("+1", "Sokha", 1), bubble("+1", "Dara", 2), bubble("+1", None, 3)], ()
    )
    assert shared.names == ("Dara", "Sokha")


def test_a_phone_that_is_linked_says_so() -> None:
    both = phones([bubble("+1", "A", 0), bubble("+2", "B", 1)], {"+1", "+3"})
    assert {phone.number: phone.linked for phone in both} == {"+1": True, "+2": False}
