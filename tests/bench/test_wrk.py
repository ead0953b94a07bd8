import asyncio
import shutil
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import orjson
import pytest

from bench import simulated_bodies, wrk

CREATED = b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n"
BREAK = b"\r\n\r\n"


class Counter:
    """Answers 201 to every request and keeps what it was asked."""

    def __init__(self) -> None:
        self.heads: list[dict[str, str]] = []
        self.bodies: list[Any] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                lines = (await reader.readuntil(BREAK)).decode().splitlines()[1:-1]
                head = dict(line.lower().split(": ", 1) for line in lines)
                self.heads.append(head)
                self.bodies.append(orjson.loads(await reader.readexactly(int(head["content-length"]))))
                writer.write(CREATED)
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()


async def test_a_missing_client_is_asked_for_by_name(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SystemExit, match="install the package wrk"):
        await wrk.register("http://127.0.0.1:1", tmp_path / "tokens", tmp_path / "bodies", 1, connections=1)


@pytest.mark.skipif(shutil.which("wrk") is None, reason="wrk is not installed")
async def test_the_client_registers_what_the_simulator_plans_one_after_the_other(tmp_path: Path) -> None:
    counter, tokens = Counter(), tmp_path / "tokens"
    tokens.write_text("one\ntwo\n")
    bodies = simulated_bodies.write(tmp_path / "bodies")
    async with await asyncio.start_server(counter.serve, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        answered = await wrk.register(f"http://127.0.0.1:{port}", tokens, bodies, 1, connections=1)
    assert answered.created > 1
    assert not answered.failed
    planned = [shown(orjson.loads(template % (0, 0))) for template in simulated_bodies.templates()]
    sent = list(map(shown, counter.bodies))
    turn = islice(cycle(planned), planned.index(sent[0]), None)
    assert sent == list(islice(turn, len(sent)))
    for phones in zip(*map(phones_of, counter.bodies), strict=True):
        assert len(set(phones)) == len(counter.bodies)
    assert len({head["idempotency-key"] for head in counter.heads}) == len(counter.heads)
    assert {head["authorization"] for head in counter.heads} == {"bearer one", "bearer two"}


def phones_of(body: Any) -> tuple[str, str]:
    return body["sender"]["phone"], body["recipient"]["phone"]


def shown(body: Any) -> bytes:
    """Return a body without the digits that differ from parcel to parcel."""
    people = {who: body[who] | {"phone": body[who]["phone"][:-7]} for who in ("sender", "recipient")}
    return orjson.dumps(body | people)
