"""A parcel from Korea over HTTP: told ahead, charged, its papers asked for, photographed at hand-over and sent on."""

from shared.contracts.envelope import Event
from shared.contracts.parcel import ParcelChargesSetV1, ParcelContactsV1
from shared.db.connection import Database
from shared.sealing import KeyRing
from tests.parcel import told
from tests.parcel.bodies import AWAY, HOME, RECIPIENT, THIRD
from tests.parcel.counter import Counter, refusal
from tests.parcel.customs.desk import INBOUND, PHOTO, Desk, hand_body

CHARGES = {"duty_minor": 12_000, "fees": [{"code": "handling", "amount_minor": 4_000}], "currency": "KHR"}
WANTED = {"wanted": "Invoice of the shop"}


async def test_a_parcel_from_korea_is_announced_charged_and_waits_for_its_papers(
    counter: Counter, parcel_db: Database, key_ring: KeyRing
) -> None:
    desk = Desk(counter)

    ahead = (await desk.take_in_ahead()).json()
    assert (ahead["source"], ahead["addressee"]["name"], ahead["payment"]) == ("itmatt", RECIPIENT, None)
    [contacts] = await told.events(parcel_db, key_ring, INBOUND)
    assert isinstance(contacts, ParcelContactsV1)
    assert (contacts.recipient.phone, contacts.sender.phone) == ("+855971234567", "")

    taken = (await desk.take_in(hand_body(collecting_office=AWAY))).json()
    assert (taken["taking_office"], taken["collecting_office"]) == (HOME, AWAY)
    assert (await desk.put("charges", CHARGES)).json()["payment"] == "due"
    assert (await desk.put("papers-asked", WANTED)).status_code == 200

    at_hand_over = (await desk.seen(by=AWAY))["item"]
    assert (at_hand_over["papers"], at_hand_over["papers_wanted"]) == ("asked_for", "Invoice of the shop")
    assert (at_hand_over["payment"], at_hand_over["charges"]["total_minor"]) == ("due", 16_000)
    assert refusal(await desk.put("papers-forwarded", by=AWAY)) == (409, "no-papers-taken")

    paper = (await desk.attach(by=AWAY)).json()
    forwarded = (await desk.put("papers-forwarded", by=AWAY)).json()
    assert (forwarded["holding_office"], forwarded["papers"]) == (HOME, [paper])
    shown = await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper['paper_id']}")
    assert shown.content == PHOTO
    assert (await desk.put("paid", by=AWAY)).json()["payment"] == "paid"

    item = (await desk.seen(by=AWAY))["item"]
    assert (item["papers"], item["payment"]) == ("forwarded", "paid")
    events = await told.events(parcel_db, key_ring, INBOUND)
    told_of: list[type[Event]] = [ParcelContactsV1, ParcelContactsV1, ParcelChargesSetV1]
    told_of += [ParcelContactsV1, ParcelChargesSetV1]
    assert [type(event) for event in events] == told_of
    assert [event.charges for event in events if isinstance(event, ParcelChargesSetV1)] == ["due", "paid"]


async def test_customs_papers_are_kept_by_nobody_on_the_way(counter: Counter) -> None:
    desk = Desk(counter)
    await desk.taken_in()
    await desk.put("papers-asked", WANTED)
    paper = (await desk.attach(by=AWAY)).json()

    shown = await desk.ask("GET", f"/inbound-items/{INBOUND}/papers/{paper['paper_id']}")

    assert shown.headers["cache-control"] == "no-store, private"
    assert THIRD not in shown.headers["content-disposition"]
