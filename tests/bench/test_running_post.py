from pathlib import Path
from typing import Any

import pytest

from bench.running_post import Post


class Stopped:
    """Stands for the services; notes which replicas were stopped."""

    def __init__(self) -> None:
        self.replicas: list[int] = []

    async def stop(self, _service: str, replica: int) -> None:
        self.replicas.append(replica)


def post(monkeypatch: pytest.MonkeyPatch, parcels: int) -> Post:
    async def counted(_post: Post) -> int:
        return parcels

    stack: Any = Stopped()
    monkeypatch.setattr(Post, "parcels", counted)
    return Post(stack, Path("tokens"), Path("bodies"))


@pytest.mark.parametrize("left", [100, 132])
async def test_as_many_rows_as_answers_and_as_were_under_way_are_right(
    monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    running = post(monkeypatch, parcels=7 + left)
    await running.stop_and_check(before=7, created=100, under_way=32, replicas=2)
    stack: Any = running.stack
    assert stack.replicas == [0, 1]


@pytest.mark.parametrize("left", [99, 133])
async def test_an_answer_without_its_row_ends_the_run_and_a_row_without_an_answer_too(
    monkeypatch: pytest.MonkeyPatch, left: int
) -> None:
    with pytest.raises(AssertionError, match=f"100 answered 201, {left} parcels more"):
        await post(monkeypatch, parcels=7 + left).stop_and_check(before=7, created=100, under_way=32)
