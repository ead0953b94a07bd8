"""Faults of the kind that the machine is there to find, each put into the real decision for a block."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from types import SimpleNamespace
from typing import Any
from uuid import UUID

import pytest
from aiokafka.errors import KafkaError
from faststream import AckPolicy

from services.notifications.domain.message import CodeMessage, Message
from services.notifications.domain.milestones import OF_A_PARCEL, OF_A_SHOP
from services.notifications.domain.outcome import Outcome
from services.notifications.entrypoints import sender
from services.notifications.entrypoints.message_sender import MessageSender
from services.notifications.store import codes_to_send, contacts, erased_parcels
from services.parcel.idempotency.store import requests
from services.parcel.posting.domain.parcel import Parcel
from services.parcel.posting.store import parcels, search
from services.parcel.posting.use_cases import register_parcels
from services.tracking.domain.journey import fold
from services.tracking.domain.scan import Scan
from services.tracking.use_cases import append_scans
from shared.messaging import broker, inbox, outbox, relay
from shared.messaging.outbox import Outbox, Unsent
from shared.messaging.reader import Reader
from shared.messaging.relay import Relay

Plant = Callable[[pytest.MonkeyPatch], None]


def relay_looks_above_the_last_id_only(patch: pytest.MonkeyPatch) -> None:
    relay_goes_on_behind_the_highest_id(patch)
    patch.setattr(Reader, "begin_again", lambda _self: None)


def relay_goes_on_behind_the_highest_id(patch: pytest.MonkeyPatch) -> None:
    """Until it looks from the start again: nothing is lost, but what commits late is overtaken."""
    real = Reader.read

    async def read(self: Reader, tx: Any, limit: int) -> list[Unsent]:
        self._settled = self._handed_out
        return await real(self, tx, limit)

    patch.setattr(Reader, "read", read)


def relay_takes_what_has_not_ended_for_not_begun(patch: pytest.MonkeyPatch) -> None:
    """Of the transactions behind the highest that has ended, some may be under way and have their ids."""
    real = outbox.unsent

    async def unsent(tx: Any, *asked: Any) -> list[Unsent]:
        next_transaction = tx.server.snapshot().behind_ended
        return [one._replace(next_transaction=next_transaction) for one in await real(tx, *asked)]

    patch.setattr(outbox, "unsent", unsent)


def relay_marks_before_it_sends(patch: pytest.MonkeyPatch) -> None:
    real = Relay._drain

    async def drain(self: Relay, connection: Any, broker: Any, reader: Reader, rows: Any, until: float) -> None:
        await outbox.mark_sent(connection, rows)
        await real(self, connection, broker, reader, rows, until)

    patch.setattr(Relay, "_drain", drain)


def relay_sends_on_behind_a_batch_that_was_refused(patch: pytest.MonkeyPatch) -> None:
    class Forgetful(dict[str, KafkaError]):
        def __contains__(self, _topic: object) -> bool:
            return False

    real = relay._Flight
    patch.setattr(relay, "_Flight", lambda rows, until: real(rows, until, refused=Forgetful()))


def relay_takes_every_answer_for_a_yes(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(relay, "_acknowledged", lambda _answer: True)


def consumer_commits_offsets_before_it_applies(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(broker, "AckPolicy", SimpleNamespace(NACK_ON_ERROR=AckPolicy.ACK_FIRST))


def consumer_has_no_inbox(patch: pytest.MonkeyPatch) -> None:
    async def keep_new(_tx: Any, event_ids: Sequence[UUID]) -> set[UUID]:
        return set(event_ids)

    patch.setattr(inbox, "keep_new", keep_new)


def sender_repeats_what_is_unknown(patch: pytest.MonkeyPatch) -> None:
    real = Message.concluded

    def concluded(self: Message, outcome: Outcome, _deduplicates: bool, now: datetime, jitter: float) -> Message:
        return real(self, outcome, True, now, jitter)

    patch.setattr(Message, "concluded", concluded)


def sender_repeats_what_a_lost_sender_had(patch: pytest.MonkeyPatch) -> None:
    real = Message.after_lost_lease
    patch.setattr(Message, "after_lost_lease", lambda self, _deduplicates, now: real(self, True, now))


def scans_of_one_id_are_appended_twice(patch: pytest.MonkeyPatch) -> None:
    real = append_scans._sort_out

    def sort_out(logs: Mapping[str, dict[UUID, Scan]], seen: Sequence[Scan]) -> Any:
        outcomes, _new = real(logs, seen)
        return outcomes, list(seen)

    patch.setattr(append_scans, "_sort_out", sort_out)


def scans_are_folded_in_the_order_of_their_arrival(patch: pytest.MonkeyPatch) -> None:
    def in_order_of_arrival(scans: Sequence[Scan]) -> Any:
        return fold([replace(scan, device_time=scan.received_at) for scan in scans])

    patch.setattr(append_scans, "fold", in_order_of_arrival)


def a_second_change_has_the_version_of_the_first(patch: pytest.MonkeyPatch) -> None:
    real = append_scans._moved

    def moved(prior: Any, journey: Any, now: datetime) -> Any:
        event = real(prior, journey, now)
        return event and event.model_copy(update={"version": max(1, prior.version)})

    patch.setattr(append_scans, "_moved", moved)


def a_key_is_answered_whatever_is_asked(patch: pytest.MonkeyPatch) -> None:
    async def earlier_answer(tx: Any, caller: str, key: str, _body_sha256: bytes) -> bytes | None:
        kept = await requests.find(tx, caller, key)
        return kept.answer if kept else None

    patch.setattr(register_parcels, "earlier_answer", earlier_answer)


def contacts_are_taken_though_their_parcel_is_erased(patch: pytest.MonkeyPatch) -> None:
    async def among(_tx: Any, _item_numbers: Sequence[str]) -> dict[str, int]:
        return {}

    patch.setattr(erased_parcels, "among", among)


def contacts_of_an_erased_parcel_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(contacts, "forget", _nothing)


def words_of_an_erased_parcel_are_kept(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(search, "forget", _nothing)


def erased_contacts_are_not_buried(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(Outbox, "bury", _nothing)


def contacts_are_told_again_though_their_parcel_is_erased(patch: pytest.MonkeyPatch) -> None:
    async def after(tx: Any, item_number: str, _limit: int) -> list[Parcel]:
        return [row["parcel"] for number, row in sorted(tx.rows("parcel")) if number > item_number]

    patch.setattr(parcels, "after", after)


def codes_are_kept_after_their_end(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(codes_to_send, "forget", _nothing)


def codes_go_out_after_their_deadline(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(sender._Clock, "is_past_deadline", lambda _self, _message: False)


def codes_of_a_lost_sender_go_again(patch: pytest.MonkeyPatch) -> None:
    real = CodeMessage.after_lost_lease
    patch.setattr(CodeMessage, "after_lost_lease", lambda self, _deduplicates, now: real(self, True, now))


def codes_are_ended_by_the_sender_of_messages(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(MessageSender, "audiences", (*OF_A_PARCEL, *OF_A_SHOP))


async def _nothing(*_arguments: object) -> None:
    """Do nothing where something had to be done."""


PLANTS: Sequence[Plant] = (
    relay_looks_above_the_last_id_only,
    relay_marks_before_it_sends,
    relay_takes_every_answer_for_a_yes,
    consumer_commits_offsets_before_it_applies,
    consumer_has_no_inbox,
    sender_repeats_what_is_unknown,
    sender_repeats_what_a_lost_sender_had,
    scans_of_one_id_are_appended_twice,
    scans_are_folded_in_the_order_of_their_arrival,
    a_second_change_has_the_version_of_the_first,
    a_key_is_answered_whatever_is_asked,
    contacts_are_taken_though_their_parcel_is_erased,
    contacts_of_an_erased_parcel_are_kept,
    words_of_an_erased_parcel_are_kept,
    erased_contacts_are_not_buried,
    contacts_are_told_again_though_their_parcel_is_erased,
    codes_are_kept_after_their_end,
    codes_go_out_after_their_deadline,
    codes_of_a_lost_sender_go_again,
    codes_are_ended_by_the_sender_of_messages,
)

PLANTS_FOR_OVERLAPS: Sequence[Plant] = (
    relay_goes_on_behind_the_highest_id,
    relay_takes_what_has_not_ended_for_not_begun,
    relay_sends_on_behind_a_batch_that_was_refused,
)
"""Found where transactions overlap; whole histories seldom bring that about."""
