"""Each service describes itself as OpenAPI 3.1, with an example of each body; the tests of the services send them."""

import re
from pathlib import Path

import pytest
from fastapi import FastAPI

from tests.contracts.documents import OWNERS, applications
from tests.contracts.examples import bodies, parameters


@pytest.fixture(scope="module")
def apps(tmp_path_factory: pytest.TempPathFactory) -> dict[str, FastAPI]:
    return applications(Path(tmp_path_factory.mktemp("applications")))


@pytest.mark.parametrize("service", OWNERS)
def test_the_api_is_described_as_openapi_3_1(apps: dict[str, FastAPI], service: str) -> None:
    assert apps[service].openapi()["openapi"].startswith("3.1.")


@pytest.mark.parametrize("service", OWNERS)
def test_every_body_has_an_example(apps: dict[str, FastAPI], service: str) -> None:
    assert [(method, path) for method, path, examples in bodies(apps[service]) if not examples] == []


@pytest.mark.parametrize("service", ["tracking", "notifications"])
def test_whatever_stands_in_a_path_has_an_example(apps: dict[str, FastAPI], service: str) -> None:
    names = {path: (set(re.findall(r"{(\w+)}", path)), set(shown)) for _, path, shown, _ in parameters(apps[service])}
    assert {path: asked - shown for path, (asked, shown) in names.items() if asked - shown} == {}
