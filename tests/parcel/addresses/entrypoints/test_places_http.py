"""Places over HTTP, on an application of their own."""

from collections.abc import AsyncIterator
from typing import Any, get_args

import httpx
import pytest
from fastapi import FastAPI

from services.parcel.addresses.entrypoints import places_http
from services.parcel.forms import AnybodySignedIn
from shared.access.roles import Actor, Role
from shared.web import problems


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    app = FastAPI()
    problems.install(app)
    app.include_router(places_http.router)
    (wall,) = (depends.dependency for depends in get_args(AnybodySignedIn)[1:])
    app.dependency_overrides[wall] = lambda: Actor("clerk", Role.CLERK, "TK01A")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://post.example") as client:
        yield client


async def get(client: httpx.AsyncClient, path: str, **parameters: str | int) -> Any:
    answer = await client.get(path, params=parameters)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_places_are_chosen_level_by_level(client: httpx.AsyncClient) -> None:
    provinces = await get(client, "/places")
    districts = await get(client, "/places", within="21")

    assert len(provinces) == 25
    assert districts[-1] == {
        "code": "2110",
        "level": "district",
        "name_km": "ទ្រាំង",
        "name_en": "Treang",
        "parent_code": "21",
    }


async def test_a_village_is_divided_no_further(client: httpx.AsyncClient) -> None:
    assert await get(client, "/places", within="21090101") == []


async def test_a_place_is_shown_with_what_it_lies_in(client: httpx.AsyncClient) -> None:
    place = await get(client, "/places/210802")

    assert (place["code"], place["level"], place["name_en"]) == ("210802", "commune", "Roka Knong")
    assert [one["code"] for one in place["path"]] == ["210802", "2108", "21"]


@pytest.mark.parametrize("asked", ["Tram Kok", "ត្រាំកក់"])
async def test_places_are_found_by_name_the_best_first(client: httpx.AsyncClient, asked: str) -> None:
    found = await get(client, "/places/search", q=asked, limit=3)

    assert len(found) == 3
    assert [one["name_en"] for one in found[0]["path"]] == ["Tram Kak", "Takeo"]


@pytest.mark.parametrize(
    ("path", "parameters", "status", "kind"),
    [
        ("/places/26", {}, 404, "place-not-found"),
        ("/places", {"within": "26"}, 404, "place-not-found"),
        ("/places/210", {}, 422, "invalid-request"),
        ("/places", {"within": "x"}, 422, "invalid-request"),
        ("/places/search", {}, 422, "invalid-request"),
        ("/places/search", {"q": " "}, 422, "invalid-request"),
        ("/places/search", {"q": "Takeo", "limit": 51}, 422, "invalid-request"),
    ],
)
async def test_what_cannot_be_looked_up_is_refused(
    client: httpx.AsyncClient, path: str, parameters: dict[str, Any], status: int, kind: str
) -> None:
    answer = await client.get(path, params=parameters)

    assert (answer.status_code, answer.json()["type"]) == (status, f"/problems/{kind}")
