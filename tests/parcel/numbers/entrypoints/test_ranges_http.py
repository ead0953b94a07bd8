"""An administrator grants ranges of numbers over HTTP."""

from typing import Any

import httpx
import pytest

from shared.access.roles import Role
from tests.parcel.counter import Counter, problems, refusal

PATH = "/number-ranges/PE/50000000"


async def grant(counter: Counter, path: str = PATH, role: Role = Role.ADMINISTRATOR, **values: Any) -> httpx.Response:
    body = {"last_serial": 59_999_999} | values
    return await counter.client.put(path, json=body, headers=counter.signed_in(role))


async def test_an_administrator_grants_a_range_that_offices_can_use_at_once(counter: Counter) -> None:
    granted = await grant(counter)
    block = await counter.reserve(indicator="PE", size=5)

    shown = {one["indicator"]: one for one in (await counter.get("/numbers")).json()["ranges"]}
    assert granted.status_code == 200
    assert granted.json() == {
        "indicator": "PE",
        "first_serial": 50_000_000,
        "last_serial": 59_999_999,
        "left": 10_000_000,
        "provisional": False,
    }
    assert block.json()["first_serial"] == 50_000_000
    assert shown["PE"] == granted.json() | {"left": 9_999_995}


async def test_the_same_again_changes_nothing_and_what_overlaps_is_a_conflict(counter: Counter) -> None:
    first = await grant(counter)

    assert (await grant(counter)).json() == first.json()
    assert refusal(await grant(counter, last_serial=59_999_998)) == (409, "range-overlaps")
    assert refusal(await grant(counter, "/number-ranges/PD/0", last_serial=10_000_000)) == (409, "range-overlaps")


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.ADMINISTRATOR, Role.TRADER}])
async def test_nobody_else_grants_ranges(counter: Counter, role: Role) -> None:
    assert refusal(await grant(counter, role=role)) == (403, "role-refused")


@pytest.mark.parametrize(
    ("path", "values", "field", "code"),
    [
        ("/number-ranges/pe/50000000", {}, "indicator", "string-pattern-mismatch"),
        ("/number-ranges/PE/100000000", {}, "first_serial", "less-than"),
        (PATH, {"last_serial": 100_000_000}, "last_serial", "less-than"),
        (PATH, {"last_serial": 49_999_999}, "last_serial", "before-the-first"),
        ("/number-ranges/ZP/50000000", {}, "indicator", "not-granted"),
        (PATH, {"note": "x"}, "note", "extra-forbidden"),
    ],
    ids=str,
)
async def test_what_no_range_can_be_is_refused_by_field(
    counter: Counter, path: str, values: dict[str, Any], field: str, code: str
) -> None:
    answer = await grant(counter, path, **values)

    assert (answer.status_code, problems(answer)) == (422, [(field, code)])
