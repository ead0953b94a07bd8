"""Plans of lives: the same for the same seed, and what the services can accept."""

from collections import Counter
from uuid import UUID

import pytest

from onebox.simulator.day import EVENTS_A_PARCEL
from onebox.simulator.history import Kind
from onebox.simulator.lives import MEAN_PARCELS, Bag, plan_bag
from onebox.simulator.network import made_up_offices, network_of
from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.domain.advance_data import missing_elements
from services.parcel.customs.domain.content_rules import findings_on
from services.parcel.customs.domain.posted_item import Party, PostedItem, Sending
from services.parcel.customs.entrypoints.bodies import DeclarationBody
from services.parcel.posting.entrypoints.bodies import PersonBody, RegisterBody
from services.parcel.setup.use_cases.load_samples import sample_places
from services.tracking.domain.event_codes import EventCode
from services.tracking.domain.journey import ENDS, fold
from services.tracking.domain.plausibility import problems_of
from services.tracking.entrypoints.scan_form import ScanForm
from shared.access.roles import Actor, Role
from shared.clock import LOCAL, now
from shared.contracts.directory import OfficeV1
from shared.contracts.states import CustomerState

RUN = UUID(int=7)
NETWORK = network_of(40)
NUMBER = "RR473124829GB"


def bags(seed: int = 1, run: UUID = RUN, many: int = 400) -> list[Bag]:
    return [plan_bag(seed, run, NETWORK, number) for number in range(many)]


@pytest.fixture(scope="module")
def planned() -> list[Bag]:
    return bags()


def scans_of(bag: Bag, one: int) -> list[ScanForm]:
    made = []
    for sequence, step in enumerate(bag.steps):
        if step.code and one in step.parcels:
            scan_id = step.scan_ids[list(step.parcels).index(one)]
            more = {"next_office": step.next_office} if step.next_office else {}
            form = {"scan_id": scan_id, "item_number": NUMBER, "event_code": step.code, "office": step.office}
            made.append(ScanForm(**form, **more, **step.data, device_time=now(), device_sequence=sequence))
    return made


def test_one_seed_gives_one_plan(planned: list[Bag]) -> None:
    assert bags() == planned


def test_another_seed_gives_other_lives(planned: list[Bag]) -> None:
    assert [bag.office for bag in bags(seed=2)] != [bag.office for bag in planned]


def test_another_run_of_a_seed_differs_in_keys_and_ids_alone(planned: list[Bag]) -> None:
    again = bags(run=UUID(int=8))

    assert [parcel.body for bag in again for parcel in bag.parcels] == [p.body for bag in planned for p in bag.parcels]
    keys = [parcel.key for bag in planned + again for parcel in bag.parcels]
    ids = [scan_id for bag in planned + again for step in bag.steps for scan_id in step.scan_ids]
    assert len(set(keys)) == len(keys)
    assert len(set(ids)) == len(ids)


def test_a_parcel_makes_about_eight_events(planned: list[Bag]) -> None:
    parcels = sum(len(bag.parcels) for bag in planned)
    scans = sum(len(step.scan_ids) for bag in planned for step in bag.steps)

    assert EVENTS_A_PARCEL < (parcels + scans) / parcels < 9.5


def test_most_bags_hold_several_parcels(planned: list[Bag]) -> None:
    many = [len(bag.parcels) for bag in planned]

    assert sum(many) / len(many) == pytest.approx(MEAN_PARCELS, rel=0.1)
    assert sum(count > 1 for count in many) > len(many) / 2


def test_every_kind_of_life_is_there_in_its_share(planned: list[Bag]) -> None:
    parcels = sum(len(bag.parcels) for bag in planned)
    kinds = Counter(step.kind for bag in planned for step in bag.steps)
    codes = Counter(code for bag in planned for step in bag.steps for code in [step.code] * len(step.parcels))

    assert kinds[Kind.REGISTER] == parcels
    assert 0.01 < kinds[Kind.CANCEL] / parcels < 0.04
    assert 0.01 < kinds[Kind.CORRECT] / parcels < 0.05
    assert 0.03 < codes["EMC"] / parcels < 0.14
    assert 0.06 < codes["EMH"] / parcels < 0.16
    assert 0.95 < codes["EMI"] / parcels < 1.0


def test_every_step_follows_what_it_stands_on(planned: list[Bag]) -> None:
    for bag in planned:
        registered: set[int] = set()
        for step in bag.steps:
            assert 0 <= step.at <= 1
            if step.kind is Kind.REGISTER:
                registered |= set(step.parcels)
            assert set(step.parcels) <= registered


def test_what_is_planned_is_accepted_by_the_services(planned: list[Bag]) -> None:
    everywhere = set(NETWORK.everywhere)
    places = [*sample_places().offices, *made_up_offices(NETWORK)]
    offices = {place.office: OfficeV1(**place.model_dump(), sample=True, version=1) for place in places}
    today = now().astimezone(LOCAL).date()
    for bag in planned[:100]:
        for one, parcel in enumerate(bag.parcels):
            command = RegisterBody(**parcel.body).command(bag.office)
            assert command.postage(offices, (), None, today).price.total_riel > 0
            country = command.destination_country
            PersonBody(**parcel.corrected).person("recipient", country, abroad=country != DOMESTIC)
            for form in scans_of(bag, one):
                scan = form.to_scan(Actor("a clerk", Role.CLERK, form.office), now())
                assert problems_of(scan, everywhere, now()) == ()


def test_every_parcel_for_abroad_is_told_ahead_before_it_leaves(planned: list[Bag]) -> None:
    today = now().astimezone(LOCAL).date()
    for bag in planned:
        leaving = [step.at for step in bag.steps if step.code == "EMC"]
        declared = {one: step.at for step in bag.steps if step.kind is Kind.DECLARE for one in step.parcels}
        left = {one for step in bag.steps if step.code == "EMC" for one in step.parcels}
        assert declared.keys() == left
        assert all(at < leaving[0] for at in declared.values())
        for one in left:
            body = RegisterBody(**bag.parcels[one].body).command(bag.office)
            sending = Sending(body.service, body.destination_country, body.weight_g)
            declaration = DeclarationBody(**bag.parcels[one].content).declaration(today)
            sender, addressee = (Party(p.name, "KH", p.phone, p.address) for p in (body.sender, body.recipient))
            assert not [finding for finding in findings_on(declaration, sending, today) if finding.refuses]
            item = PostedItem(NUMBER, bag.office, sending, sender, addressee)
            assert missing_elements(declaration, item, today) == []


def test_some_parcels_at_home_are_paid_on_delivery_and_none_abroad(planned: list[Bag]) -> None:
    bodies = [parcel.body for bag in planned for parcel in bag.parcels]
    collected = [body for body in bodies if "cod" in body]

    assert 0.18 < len(collected) / len(bodies) < 0.28
    assert {body["destination_country"] for body in collected} == {"KH"}
    assert {body.get("payer", "sender") for body in bodies} == {"sender", "recipient", "cod"}


def test_every_parcel_that_is_not_cancelled_comes_to_its_end(planned: list[Bag]) -> None:
    ends = Counter[CustomerState]()
    for bag in planned[:100]:
        cancelled = {one for step in bag.steps if step.kind is Kind.CANCEL for one in step.parcels}
        for one in set(range(len(bag.parcels))) - cancelled:
            scans = [form.to_scan(Actor("c", Role.CLERK, form.office), now()) for form in scans_of(bag, one)]
            assert scans[-1].event_code is EventCode.EMI
            ends[fold(scans)[-1].state] += 1
    assert set(ends) == {CustomerState.DELIVERED, CustomerState.RETURNED}
    assert set(ends) <= ENDS


def test_no_two_parcels_share_a_phone(planned: list[Bag]) -> None:
    phones = [
        person["phone"]
        for bag in planned
        for parcel in bag.parcels
        for person in (parcel.body["sender"], parcel.body["recipient"])
    ]
    assert len(set(phones)) == len(phones)
