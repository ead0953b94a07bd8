from operator import attrgetter
from typing import Any

import pytest

from bench import queue_peers
from bench.queue_peers import BESIDE_WORKERS, OUTBOX_SETTINGS, OutboxSetting
from onebox.postgres.server import SETTINGS

GROUND: Any = None
FOR_OTHERS = 30
"""Connections that the bench itself and the superuser may hold."""


@pytest.mark.parametrize("what", ["workers", "fetch", "flush"])
def test_the_settings_go_to_twice_what_they_would_without_the_last_three(what: str) -> None:
    tried = sorted(set(map(attrgetter(what), OUTBOX_SETTINGS)))
    assert max(map(attrgetter(what), OUTBOX_SETTINGS[-3:])) == tried[-1] >= 2 * tried[-2]


def test_every_setting_has_the_connections_that_it_keeps() -> None:
    most = max(setting.workers for setting in OUTBOX_SETTINGS)
    assert most + BESIDE_WORKERS + FOR_OTHERS <= int(SETTINGS["max_connections"])


async def test_every_setting_is_tried_and_told_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    async def rate(_ground: object, setting: OutboxSetting) -> float:
        return float(setting.workers)

    monkeypatch.setattr(queue_peers, "faststream_outbox", rate)
    rates = await queue_peers.faststream_outbox_rates(GROUND)
    assert list(rates) == list(OUTBOX_SETTINGS)
    assert {str(setting): rate for setting, rate in rates.items()}["64 workers, fetch 1000, flush 200"] == 64
