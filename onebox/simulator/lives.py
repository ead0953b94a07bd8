"""The lives of parcels, planned before anything is sent: a seed and a number give the same bag for ever.

A bag holds parcels of one counter for one other, or for abroad. What happens to them is a list of steps, each with
its moment as a share of the bag's whole life.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid5

from onebox.simulator import people
from onebox.simulator.history import Kind
from onebox.simulator.network import ABROAD, EXCHANGE, Network

MEAN_PARCELS = 4
MOST_PARCELS = 10
PARCELS_ABROAD = 0.08
BAGS_NEARBY = 0.7
"""Of those at home, to a counter of the same hub at least; so a parcel makes the eight events that a level is of."""
CORRECTED, CANCELLED = 0.03, 0.02
NOT_MET, SENT_BACK = 0.08, 0.03
COLLECTED, PAID_BY_RECIPIENT, INSURED = 0.25, 0.08, 0.04
READS = 2
"""How often somebody looks a parcel up, on average."""

Data = Mapping[str, str]
NOT_MET_DATA: Data = {"reason": "13", "action": "again-next-working-day"}
SENT_BACK_DATA: Data = {"reason": "22", "action": "returned-to-sender"}
CUSTOMS = (("EMB", EXCHANGE), ("EXA", EXCHANGE), ("EXC", EXCHANGE), ("EMC", EXCHANGE))
IN_SEOUL = (("EMD", ABROAD), ("EDB", ABROAD), ("EDC", ABROAD), ("EMF", ABROAD))


@dataclass(frozen=True, slots=True)
class Parcel:
    """One parcel of a bag."""

    place: int
    """Its place in the order of all parcels of the run."""
    key: str
    body: Mapping[str, Any]
    corrected: Mapping[str, Any]
    content: Mapping[str, Any] = field(default_factory=dict)
    """What is declared of one for abroad."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something done at one office to some parcels of the bag; `code` and `scan_ids` are those of scans."""

    at: float
    """The moment, from 0 to 1."""
    kind: Kind
    office: str
    parcels: Sequence[int]
    code: str = ""
    scan_ids: Sequence[UUID] = ()
    next_office: str | None = None
    data: Data = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Bag:
    """Parcels that travel together, and their steps in order."""

    office: str
    to: str
    parcels: Sequence[Parcel]
    steps: Sequence[Step]


def plan_bag(seed: int, run: UUID, network: Network, number: int) -> Bag:
    """Plan the bag of this number; ids and keys are those of the run, so that a seed can be played twice."""
    chance = random.Random(f"{seed}/{number}")
    office = chance.choice(network.counters)
    abroad = chance.random() < PARCELS_ABROAD
    to = ABROAD if abroad else _counter(chance, network, office)
    count = min(1 + int(chance.expovariate(1 / (MEAN_PARCELS - 0.1))), MOST_PARCELS)
    parcels = [_parcel(chance, run, number * MOST_PARCELS + place, to) for place in range(count)]
    return Bag(office, to, parcels, _Planning(chance, run, number, office, to, count).steps(network))


def _counter(chance: random.Random, network: Network, office: str) -> str:
    others = [other for other in network.counters if other != office]
    nearby = [other for other in others if network.hub_of[other] == network.hub_of[office]]
    return chance.choice((nearby if chance.random() < BAGS_NEARBY else others) or others or [office])


def _parcel(chance: random.Random, run: UUID, place: int, to: str) -> Parcel:
    sender = people.sender_to_abroad if to == ABROAD else people.sender
    body: dict[str, Any] = {"weight_g": chance.randrange(50, 2_000), **_size(place), "sender": sender(chance, place)}
    if to == ABROAD:
        body |= {"service": chance.choice(("ems", "parcel", "small_packet")), "destination_country": "KR"}
        body["recipient"] = people.recipient_abroad(chance, place)
    else:
        body |= {"service": "parcel", "destination_country": "KH", "collecting_office": to}
        body["recipient"] = people.recipient(chance, place)
        body |= _money(place)
    if chance.random() < 0.3:
        body["order_reference"] = f"order {place}"
    corrected = people.corrected_recipient(chance, place)
    if to == ABROAD:
        corrected = {**body["recipient"], "name": chance.choice(people.ABROAD) + " Jr"}
    content = _content(body["weight_g"]) if to == ABROAD else {}
    return Parcel(place, str(uuid5(run, f"parcel {place}")), body, corrected, content)


def _content(weight_g: int) -> dict[str, Any]:
    line = {"goods": "krama-silk", "quantity": 1, "net_weight_g": weight_g * 4 // 5, "value_minor": 2_400}
    return {"category": "gift", "currency": "USD", "lines": [line]}


def _size(place: int) -> dict[str, int]:
    """Return the sides of a parcel, within the limits of every service."""
    chance = random.Random(f"size of {place}")
    sides = {"length_mm": (140, 400), "width_mm": (90, 300), "height_mm": (20, 200)}
    return {side: chance.randint(*between) for side, between in sides.items()}


def _money(place: int) -> dict[str, Any]:
    """Return what is collected and insured of a domestic parcel, and who pays; most senders pay and want neither."""
    chance = random.Random(f"money of {place}")
    fate = chance.random()
    if fate < COLLECTED:
        collected = {"amount_minor": chance.randrange(400, 4_000) * 100, "currency": "KHR"}
        return {"cod": collected, "payer": chance.choice(("sender", "cod"))}
    if fate < COLLECTED + PAID_BY_RECIPIENT:
        return {"payer": "recipient"}
    if fate < COLLECTED + PAID_BY_RECIPIENT + INSURED:
        return {"insured_value": {"amount_minor": chance.randrange(100, 20_000) * 100, "currency": "KHR"}}
    return {}


class _Planning:
    """The steps of one bag in the making."""

    def __init__(self, chance: random.Random, run: UUID, number: int, office: str, to: str, count: int) -> None:
        self._chance = chance
        self._run = run
        self._number = number
        self._office = office
        self._to = to
        self._count = count
        self._made: list[Step] = []

    def steps(self, network: Network) -> Sequence[Step]:
        """Return the whole life of the bag."""
        registered = [self._registered(place) for place in range(self._count)]
        travelling = [place for place, cancelled in enumerate(registered) if not cancelled]
        if travelling:
            way = _way(network, self._office, self._to)
            for place, (code, office, next_office) in enumerate(way):
                self._scan(0.3 + 0.4 * place / len(way), code, office, travelling, next_office=next_office)
            for one in travelling:
                if self._to == ABROAD:
                    self._made.append(Step(0.26 + 0.001 * one, Kind.DECLARE, self._office, (one,)))
                self._ending(one, network)
                self._looks(one)
        return tuple(sorted(self._made, key=lambda step: step.at))

    def _registered(self, one: int) -> bool:
        at = self._chance.uniform(0, 0.2)
        self._made.append(Step(at, Kind.REGISTER, self._office, (one,)))
        if self._chance.random() < CORRECTED:
            self._made.append(Step(self._chance.uniform(0.21, 0.24), Kind.CORRECT, self._office, (one,)))
        cancelled = self._chance.random() < CANCELLED
        if cancelled:
            self._made.append(Step(self._chance.uniform(0.25, 0.28), Kind.CANCEL, self._office, (one,)))
        return cancelled

    def _ending(self, one: int, network: Network) -> None:
        at = self._chance.uniform(0.8, 0.9)
        if self._to == ABROAD:
            self._scan(at, "EMI", ABROAD, [one])
            return
        self._scan(0.72 + 0.001 * one, "EDH", self._to, [one])
        fate = self._chance.random()
        if fate < SENT_BACK:
            hub = network.hub_of[self._office]
            self._scan(at, "EMH", self._to, [one], data=SENT_BACK_DATA)
            back = (("EDD", hub), ("EDE", hub), ("EMG", self._office), ("EMI", self._office))
            for place, (code, office) in enumerate(back, start=1):
                self._scan(at + 0.02 * place, code, office, [one])
        elif fate < SENT_BACK + NOT_MET:
            self._scan(at - 0.04, "EDG", self._to, [one])
            self._scan(at, "EMH", self._to, [one], data=NOT_MET_DATA)
            self._scan(at + 0.08, "EMI", self._to, [one])
        else:
            self._scan(at, "EMI", self._to, [one])

    def _looks(self, one: int) -> None:
        for _ in range(self._chance.randint(0, 2 * READS)):
            self._made.append(Step(self._chance.uniform(0.3, 1), Kind.READ_JOURNEY, self._office, (one,)))

    def _scan(
        self,
        at: float,
        code: str,
        office: str,
        parcels: Sequence[int],
        next_office: str | None = None,
        data: Data | None = None,
    ) -> None:
        kind = Kind.SCAN if len(parcels) == 1 else Kind.SCAN_BATCH
        name = f"bag {self._number} step {len(self._made)}"
        ids = tuple(uuid5(self._run, f"{name} parcel {one}") for one in parcels)
        self._made.append(Step(at, kind, office, tuple(parcels), code, ids, next_office, data or {}))


def _way(network: Network, office: str, to: str) -> list[tuple[str, str, str | None]]:
    """Return code, office and next office of the scans that a whole bag gets."""
    first = network.hub_of[office]
    last = EXCHANGE if to == ABROAD else network.hub_of[to]
    hubs = [first] if last in (first, EXCHANGE) else [first, last]
    way: list[tuple[str, str, str | None]] = [("EDE", office, first)]
    for place, hub in enumerate(hubs):
        onward = hubs[place + 1] if place + 1 < len(hubs) else (EXCHANGE if to == ABROAD else to)
        way += [("EDD", hub, None), ("EDE", hub, onward)]
    if to == ABROAD:
        return way + [(code, where, None) for code, where in (*CUSTOMS, *IN_SEOUL)]
    return [*way, ("EMG", to, None)]
