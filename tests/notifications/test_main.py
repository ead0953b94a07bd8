"""How the service is put together."""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import SecretStr

from services.notifications.main import NoChannel, build
from services.notifications.settings import NotificationsSettings


def settings(**values: Any) -> NotificationsSettings:
    return NotificationsSettings(database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"), **values)


def paths(routes: Any) -> Iterator[str]:
    return (route.path for route in routes if hasattr(route, "path"))


def test_the_inbox_is_there_with_the_development_channel() -> None:
    schema = build(settings(development_channel=True)).openapi()
    assert {"/inbox", "/inbox.json", "/inbox/phones/{phone}/telegram"} <= schema["paths"].keys()


def test_without_any_channel_the_service_does_not_start() -> None:
    with pytest.raises(NoChannel, match="NOTIFICATIONS_DEVELOPMENT_CHANNEL"):
        build(settings())


def test_a_lease_outlasts_every_round_of_sends() -> None:
    slow = settings(send_batch=33, sends_at_once=8, send_within_s=4.0)
    assert slow.lease_s > 5 * 4.0
