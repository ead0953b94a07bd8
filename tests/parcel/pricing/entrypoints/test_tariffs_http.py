"""Tariffs over HTTP: every version, and each as its file has it."""

import json

from services.parcel.pricing.domain.tariff import FILES
from shared.access.roles import STAFF, Role
from tests.parcel.counter import Counter, refusal
from tests.parcel.pricing.asked import FIRST, SECOND


async def test_every_tariff_is_listed_with_its_days(counter: Counter) -> None:
    listed = (await counter.get("/tariffs")).json()

    assert [(one["version"], one["valid_from"], one["valid_until"]) for one in listed] == [
        (FIRST, "2026-01-01", "2026-06-30"),
        (SECOND, "2026-07-01", None),
    ]
    assert all(one["sample"] and one["provisional"] and one["source"] for one in listed)


async def test_a_tariff_is_shown_as_its_file_has_it(counter: Counter) -> None:
    for version in (FIRST, SECOND):
        shown = (await counter.get(f"/tariffs/{version}")).json()
        filed = json.loads((FILES / f"{version}.json").read_text())

        assert shown["services"]["parcel"]["cod"] == filed["services"]["parcel"]["cod"] | {"abroad": False}
        assert [postage["first"] for offer in shown["services"].values() for postage in offer["postage"].values()] == [
            postage["first"] for offer in filed["services"].values() for postage in offer["postage"].values()
        ]


async def test_a_tariff_that_is_not_there_is_refused(counter: Counter) -> None:
    assert refusal(await counter.get("/tariffs/2027-01")) == (404, "tariff-not-found")


async def test_all_staff_read_tariffs_and_traders_do_not(counter: Counter) -> None:
    for path in ("/tariffs", f"/tariffs/{SECOND}"):
        for role in STAFF:
            assert (await counter.get(path, role)).status_code == 200
        assert refusal(await counter.get(path, Role.TRADER)) == (403, "role-refused")
