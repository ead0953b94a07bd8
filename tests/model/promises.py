"""What must hold: at every commit, at every answer, and when all faults are over and all work is done."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, cast
from uuid import UUID

from services.notifications.domain.message import FOLLOWING, AnyMessage, Message, State
from services.notifications.domain.milestones import OF_A_PARCEL, OF_A_SHOP, Audience
from services.parcel.posting.store.parcels import NOBODY
from services.tracking.domain.journey import fold
from services.tracking.domain.scan import Scan
from shared.contracts.parcel import (
    CONTACTS_TOPIC,
    EVENTS_TOPIC,
    ParcelChangedV1,
    ParcelContactsV1,
    ParcelErasedV1,
    ParcelRegisteredV1,
)
from shared.contracts.states import CustomerState
from shared.contracts.tracking import ParcelMovedV1
from shared.messaging.outbox import TOMBSTONE
from tests.model.calls import Registering
from tests.model.cluster import Cluster, Record, id_of
from tests.model.faults import acting
from tests.model.loop import Loop
from tests.model.provider import Provider
from tests.model.server import Server, Written

HANDED_OVER = frozenset({CustomerState.DELIVERED, CustomerState.RETURNED})
ORDERED_TOPICS = ("parcel.events", "parcel.contacts", "tracking.events")
"""Two messages about one parcel end side by side, so what is told of them has no order."""
WHOSE: Mapping[str, Sequence[Audience]] = {
    "notifications.send": OF_A_PARCEL,
    "notifications.tidy": OF_A_PARCEL,
    "notifications.send codes": OF_A_SHOP,
    "notifications.tidy codes": OF_A_SHOP,
}
"""Which messages a duty may write."""
ABOUT_PEOPLE = frozenset({ParcelContactsV1.type, ParcelChangedV1.type})


class Broken(AssertionError):
    """A promise that was not kept."""


def must(kept: bool, promise: str, *seen: object) -> None:
    """Complain where a promise is not kept."""
    if not kept:
        raise Broken(f"{promise}: {', '.join(map(str, seen))}")


class Promises:
    """Looks at each commit as it happens; complaints are kept until the history's next step."""

    def __init__(self, cluster: Cluster, providers: Mapping[str, Provider]) -> None:
        self.complaints: list[Broken] = []
        self._cluster = cluster
        self._providers = providers
        self._renumbered: set[str] = set()
        """Numbers of several journeys: a scan from before the year between them may have moved a hand-over on."""
        self._forgotten: dict[str, datetime] = {}
        """When notifications had forgotten the people of each number."""

    def at_commit(self, server: Server, before: Written, after: Written) -> None:
        """Check what one commit did."""
        self._renumbered |= {key[0] for (table, key) in after if table == "journey" and key[1] > 1}
        try:
            for (table, key), row in after.items():
                if check := getattr(self, f"_{table}", None):
                    check(server, key, before[table, key], row)
            if server.name == "parcel":
                _registrations_are_whole(before, after)
                _erasures_are_whole(before, after)
            if server.name == "tracking":
                _versions_follow_each_other(before, after)
        except Broken as broken:
            self.complaints.append(broken)

    def _outbox(self, server: Server, _key: int, before: dict[str, Any], after: dict[str, Any]) -> None:
        row = after["row"]
        if not before and row.type in ABOUT_PEOPLE:
            must(not is_erased(server, row.key), "nothing is told of the people of an erased parcel", row)
        if after["sent"]:
            event_id = str(after["row"].event_id)
            must(event_id in self._cluster.written, "an event marked as sent is in its topic", after)

    def at_write(self, server: Server, written: Record) -> None:
        """Check that nothing overtakes: what is committed before a record in the outbox of its key went out before."""
        own = [row for row in server.rows("outbox") if str(row["row"].event_id) == id_of(written)]
        must(len(own) == 1, "what is written is committed", server.name, written)
        key = (written.topic, written.key.decode())
        for row in server.rows("outbox") if written.topic in ORDERED_TOPICS else ():
            if row["id"] < own[0]["id"] and (row["row"].topic, row["row"].key) == key:
                gone = str(row["row"].event_id) in self._cluster.written
                must(gone, "no row is overtaken by a later one of its key", server.name, row["id"], own[0]["id"])

    def _effect(self, server: Server, key: object, _before: dict[str, Any], after: dict[str, Any]) -> None:
        must(after["times"] == 1, "an event is applied once", server.name, key)

    def _dead_letter(self, _server: Server, _key: object, _before: dict[str, Any], after: dict[str, Any]) -> None:
        must(False, "no event is put aside", after)

    def _journey(self, _server: Server, key: tuple[str, int], before: dict[str, Any], after: dict[str, Any]) -> None:
        if before:
            must(before["version"] <= after["version"], "a version never goes back", before, after)
            same = (before["state"], before["last_scan_id"]) == (after["state"], after["last_scan_id"])
            must(same or before["version"] < after["version"], "a change makes a version", before, after)
            self._stays_handed_over(key[0], before["state"], after["state"])

    def _parcel(self, server: Server, key: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        if before and server.name == "parcel":
            places = [(row["moved"]["journey_no"], row["moved"]["version"]) for row in (before, after)]
            must(places[0] <= places[1], "a parcel follows the newest movement", before, after)
            self._stays_handed_over(key, before["parcel"].state, after["parcel"].state)
        if server.name == "parcel" and after["erased_at"]:
            parcel = after["parcel"]
            named = (parcel.sender, parcel.recipient, parcel.order_reference, parcel.link_secret)
            must(named == (NOBODY, NOBODY, None, ""), "a parcel that was erased names nobody again", key, named)

    def _parcel_search(self, server: Server, key: str, _before: dict[str, Any], after: dict[str, Any]) -> None:
        must(not after or not is_erased(server, key), "nobody finds an erased parcel by its people", key)

    def _contact(self, server: Server, key: tuple[str, str], _before: dict[str, Any], after: dict[str, Any]) -> None:
        forgotten = key[0] in server.tables["erased_parcel"]
        must(not after or not forgotten, "who was erased stays erased", key, after)

    def _erased_parcel(self, server: Server, key: str, before: dict[str, Any], after: dict[str, Any]) -> None:
        if after and not before:
            self._forgotten[key] = cast("Loop", asyncio.get_running_loop()).now()
            known = [of for table in ("contact", "former_phone") for of in server.tables[table] if of[0] == key]
            must(not known, "contacts are forgotten with their parcel", known)

    def at_ring(self, server: Server, message_id: UUID) -> None:
        """Check that nobody is told of an erased parcel; what was claimed before may still be on its way."""
        message = next(row["message"] for row in server.rows("message") if row["message"].message_id == message_id)
        about = message.item_number if isinstance(message, Message) else None
        if forgotten_at := about and self._forgotten.get(about):
            claimed_at = server.tables["attempt"][message_id, message.attempts]["started_at"]
            must(claimed_at <= forgotten_at, "nobody is told of a parcel that was erased", message)

    def _stays_handed_over(self, number: str, before: CustomerState, after: CustomerState) -> None:
        if before in HANDED_OVER and number not in self._renumbered:
            must(after in HANDED_OVER, "delivered never goes back", number, before, after)

    def _message(self, server: Server, key: Any, before: dict[str, Any], after: dict[str, Any]) -> None:
        duty = acting.get().name
        ours = WHOSE.get(duty)
        must(ours is None or key[3] in ours, "a sender leaves alone what another sends", duty, key)
        old: AnyMessage | None = before["message"] if before else None
        if not after:
            over = key[3] in OF_A_SHOP and old is not None and old.is_final
            must(over, "only a code is dropped, and at its end", key, old)
            return
        new: AnyMessage = after["message"]
        if new.is_final:
            must(new.message_id not in server.tables["code_to_send"], "a code is forgotten with its end", key, new)
        if old and old.state is not new.state:
            must(new.state in FOLLOWING[old.state], "a message goes only where it may", old, new)
        must(not old or new.attempts - old.attempts in (0, 1), "an attempt is counted once", old, new)

    def _code_to_send(self, server: Server, key: UUID, _before: dict[str, Any], after: dict[str, Any]) -> None:
        waits = [row for row in server.rows("message") if row["message"].message_id == key]
        may_go = bool(waits) and not waits[0]["message"].is_final
        must(not after or may_go, "a code is kept only as long as it may go", key)

    def _attempt(self, server: Server, key: tuple[Any, int], before: dict[str, Any], after: dict[str, Any]) -> None:
        if before or key[1] == 1 or not after:
            return
        earlier = server.tables["attempt"].get((key[0], key[1] - 1), {})
        channel = next(row["message"].channel for row in server.rows("message") if row["message"].message_id == key[0])
        unknown = earlier.get("outcome") in ("unknown", None)
        must(
            not unknown or self._providers[channel].deduplicates,
            "an unknown send is not repeated where that could tell twice",
            key,
        )


def _registrations_are_whole(before: Written, after: Written) -> None:
    numbers = {key for (table, key) in after if table == "parcel" and not before[table, key]}
    kept = {row["item_number"] for (table, _), row in after.items() if table == "request"}
    told = Counter(
        (row["row"].key, row["row"].type)
        for (table, key), row in after.items()
        if table == "outbox" and not before[table, key]
    )
    must(numbers == kept, "a parcel and the answer to its request commit together", numbers, kept)
    for number in numbers:
        for event in (ParcelRegisteredV1, ParcelContactsV1):
            must(told[number, event.type] == 1, "a parcel and its events commit together", number, told)


def _erasures_are_whole(before: Written, after: Written) -> None:
    erased = [
        key
        for (table, key), row in after.items()
        if table == "parcel" and row["erased_at"] and not before[table, key].get("erased_at")
    ]
    rows = [row["row"] for (table, key), row in after.items() if table == "outbox" and not before[table, key]]
    for number in erased:
        told = Counter((row.topic, row.type) for row in rows if row.key == number)
        expected = {(EVENTS_TOPIC, ParcelErasedV1.type): 1, (CONTACTS_TOPIC, TOMBSTONE): 1}
        must(told == expected, "an erasure, its event and its tombstone commit together", number, told)


def _versions_follow_each_other(before: Written, after: Written) -> None:
    told: dict[tuple[str, int], list[int]] = defaultdict(list)
    for (table, key), row in after.items():
        if table == "outbox" and not before[table, key]:
            event = ParcelMovedV1.model_validate_json(row["row"].payload)
            told[event.item_number, event.journey_no].append(event.version)
    for (table, key), row in after.items():
        if table == "journey":
            last = before[table, key].get("version", 0)
            expected = list(range(last + 1, row["version"] + 1))
            must(told.pop(key, []) == expected, "each version is told once, and no other", key, row, expected)
    must(not told, "what is told is written", told)


def is_erased(server: Server, number: str) -> bool:
    """Tell whether the people of a parcel were forgotten."""
    row = server.tables["parcel"].get(number)
    return row is not None and row["erased_at"] is not None


def check_outbox(server: Server, cluster: Cluster) -> None:
    """Every event is out, and the first time that each was sent is in the order of its key."""
    places = defaultdict(list)
    for row in sorted(server.rows("outbox"), key=lambda row: row["id"]):
        event_id = str(row["row"].event_id)
        must(row["sent"], "nothing is left in the outbox", server.name, row["id"])
        must(event_id in cluster.written, "every event is in its topic", server.name, row["id"])
        places[row["row"].topic, row["row"].key].append(cluster.written[event_id])
    for (topic, key), of_key in places.items():
        if topic in ORDERED_TOPICS:
            must(of_key == sorted(of_key), "the events of a key keep their order", topic, key, of_key)


def check_effects(server: Server, expected: set[str]) -> None:
    """Every event that a service knows was applied, once."""
    times = {str(key): row["times"] for key, row in server.tables["effect"].items()}
    must(times == dict.fromkeys(expected, 1), "every event is applied once", server.name, times, expected)


def check_projection(server: Server, expected: set[Any]) -> None:
    """The journeys are the fold of the distinct scans, and what was told leads to them."""
    scans: dict[str, list[Scan]] = defaultdict(list)
    for row in server.rows("scan"):
        scans[row["scan"].item_number].append(row["scan"])
    stored = {scan.scan_id for log in scans.values() for scan in log}
    must(expected <= stored, "every acknowledged scan and every posting is kept", expected - stored)
    folded = {
        (number, journey.journey_no): (journey.state, journey.last.scan_id)
        for number, log in scans.items()
        for journey in fold(log)
    }
    kept = {key: (row["state"], row["last_scan_id"]) for key, row in server.tables["journey"].items() if row["version"]}
    must(kept == folded, "the projection is the fold of the distinct scans", kept, folded)
    told: dict[Any, list[ParcelMovedV1]] = defaultdict(list)
    for row in sorted(server.rows("outbox"), key=lambda row: row["id"]):
        event = ParcelMovedV1.model_validate_json(row["row"].payload)
        told[event.item_number, event.journey_no].append(event)
    for key, events in told.items():
        versions = [event.version for event in events]
        must(versions == list(range(1, len(events) + 1)), "the versions of a journey grow by one", key, versions)
        must(events[-1].state is folded[key][0], "the last that was told is how it is", key, events[-1])
        first = [event.state for event in events if event.first_time_in_state]
        must(len(first) == len({event.state for event in events}), "each state is news once", key, first)


def check_messages(server: Server, providers: Mapping[str, Provider]) -> None:
    """Every message came to an end, and nobody was told twice."""
    rung = Counter(ring for provider in providers.values() for ring in provider.rung)
    most = defaultdict[UUID, int](int)
    for (message_id, _phone), times in rung.items():
        most[message_id] = max(most[message_id], times)
    for key, row in server.tables["message"].items():
        message: AnyMessage = row["message"]
        must(message.is_final, "every message comes to an end", key, message.state)
        must(most[message.message_id] <= 1, "no phone is told twice", key, message, rung)
        if message.state is State.ACCEPTED:
            must(most[message.message_id] == 1, "what is accepted was told", key, message)
    must(not server.tables["correction"], "who was corrected is looked after", server.tables["correction"])
    firsts = {row["message"].message_id: row.get("repeats") or key for key, row in server.tables["message"].items()}
    told = Counter[Any]()
    for (message_id, phone), times in rung.items():
        told[firsts.get(message_id, message_id), phone] += times
    must(max(told.values(), default=0) <= 1, "no phone is told twice by a repeat", told)


def check_parcels(parcel: Server, tracking: Server) -> None:
    """The counter's list shows where tracking says that parcels are."""
    for number, row in parcel.tables["parcel"].items():
        journeys = [r for r in tracking.rows("journey") if r["item_number"] == number and r["version"]]
        last = max(journeys, key=lambda journey: journey["journey_no"])
        state = row["parcel"].state
        must(state is last["state"], "the counter's list follows tracking", number, state, last)


def check_erased(parcel: Server, notifications: Server, cluster: Cluster) -> None:
    """Whoever was erased is erased everywhere, and the last that the topic of contacts was told is a tombstone."""
    erased = {number for number in parcel.tables["parcel"] if is_erased(parcel, number)}
    must(set(notifications.tables["erased_parcel"]) == erased, "notifications hears of every erasure", erased)
    must(not erased & {key[0] for key in notifications.tables["contact"]}, "who was erased is nowhere known", erased)
    must(not erased & set(parcel.tables["parcel_search"]), "who was erased is nowhere found", erased)
    for number in erased:
        rows = (row["row"] for row in parcel.rows("outbox"))
        told = [row for row in rows if (row.topic, row.key) == (CONTACTS_TOPIC, number)]
        last = max(told, key=lambda row: cluster.written[str(row.event_id)])
        must(last.type == TOMBSTONE, "the topic forgets the contacts of an erased parcel", number, told)


def check_answer(server: Server, requests: Sequence[Registering], one: Registering) -> None:
    """An answer is what is kept, the same for the same request, a refusal for another under its key."""
    kept = server.tables["request"].get((one.asked.caller, one.asked.key))
    must(kept is not None, "what was answered is kept", one)
    assert kept is not None
    if isinstance(one.heard, bytes):
        must(one.heard == kept["answer"], "an answer is what is kept", one, kept)
        must(one.asked.body_sha256 == kept["body_sha256"], "a key is used for one request", one, kept)
        must(kept["item_number"] in server.tables["parcel"], "what was acknowledged is there", one, kept)
    else:
        must(one.asked.body_sha256 != kept["body_sha256"], "only another request is refused", one, kept)
    twins = {other.heard for other in requests if other.asked.key == one.asked.key and isinstance(other.heard, bytes)}
    must(len(twins) <= 1, "the same request has the same answer", one, twins)


def check_requests(server: Server, requests: Sequence[Registering]) -> None:
    """Every parcel was asked for once, under its key and with its content."""
    asked = {str(one.asked.item_number): one.asked for one in requests}
    kept = {row["item_number"]: key for key, row in server.tables["request"].items()}
    must(set(kept) == set(server.tables["parcel"]), "a parcel and the answer to its request go together", kept)
    for number, row in server.tables["parcel"].items():
        one = asked[number]
        must(kept[number] == (one.caller, one.key), "a parcel is under its key", number, kept)
        must(row["parcel"].weight_g == one.command.weight_g, "a parcel is what was asked for", number)
