"""What the parcel service does beside its requests."""

import threading

import pytest
from fastapi import FastAPI

from services.parcel import running
from tests.support.waiting import until_true


@pytest.fixture
def searched(monkeypatch: pytest.MonkeyPatch) -> list[threading.Thread]:
    """In which threads places were looked for."""
    threads: list[threading.Thread] = []
    monkeypatch.setattr(running, "find_places", lambda _text, _limit: threads.append(threading.current_thread()))
    return threads


async def test_places_are_read_at_the_start_beside_the_event_loop(
    searched: list[threading.Thread], app: FastAPI
) -> None:
    await until_true(lambda: searched)
    assert searched != [threading.main_thread()]
