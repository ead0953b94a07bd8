"""Services of the post as processes of their own, on fresh databases and empty topics, with staff signed in."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
import httpx
import psutil

from bench import simulated_bodies
from bench.ground import Ground
from onebox.configuration import SERVICES, DatabaseUrls
from tests.support.topics import emptied
from tests.support.waiting import until
from tests.system.stack import PASSPHRASE, Launch, Stack

OFFICES = 18
COUNTERS = "clerk-tk%"
HTTP_WITHIN_S = 10.0
KNOWN_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Post:
    """The services, and what requests are made of: a file with a token a line, and one with a body a line."""

    stack: Stack
    tokens: Path
    bodies: Path

    @property
    def url(self) -> str:
        """Return where parcels are registered."""
        return self.stack.url("parcel")

    def cpu_s(self, service: str, replica: int = 0) -> float:
        """Return the time that a service's process has been on a core."""
        used = psutil.Process(self.stack.pid(service, replica)).cpu_times()
        return used.user + used.system

    async def count(self, service: str, query: str) -> int:
        """Return the one figure of a query against a service's database."""
        connection = await asyncpg.connect(self.stack.databases[service].service)
        try:
            return int(await connection.fetchval(query))
        finally:
            await connection.close()

    async def parcels(self) -> int:
        """Return how many parcels are registered."""
        return await self.count("parcel", "select count(*) from parcel")

    async def stop_and_check(self, before: int, created: int, under_way: int, replicas: int = 1) -> None:
        """Stop the parcel service; check that each 201 since there were `before` left its row, and nothing else did.

        A client that ends does not wait for what it has under way: so many rows more may be there.
        Raises: AssertionError.
        """
        for replica in range(replicas):
            await self.stack.stop("parcel", replica)
        left = await self.parcels() - before
        assert 0 <= left - created <= under_way, f"{created} answered 201, {left} parcels more"


@asynccontextmanager
async def running_post(
    ground: Ground,
    services: Sequence[str] = ("parcel",),
    databases: dict[str, DatabaseUrls] | None = None,
    noting: Callable[[Path], Sequence[str]] = lambda _folder: (),
) -> AsyncIterator[Post]:
    """Run some of the services; relay and consumers work as in production, and stop when the block ends.

    Databases that are not given are fresh and dropped at the end. With what `noting` returns for the folder of the
    stack the commands of the services begin.
    """
    folder = ground.folder / f"post-{uuid.uuid4().hex[:8]}"
    folder.mkdir()
    async with AsyncExitStack() as lent:
        urls = dict(databases or {})
        for name in SERVICES:
            if name not in urls:
                one = await lent.enter_async_context(ground.database(name))
                urls[name] = DatabaseUrls(one.owner_url, one.service_url)
        await emptied(ground.kafka)
        stack = await Stack.prepare(folder, ground.kafka, urls)
        try:
            await asyncio.gather(*(stack.launch(Launch(name, prefix=noting(folder))) for name in services))
            await asyncio.gather(*(stack.until_ready(name) for name in services))
            yield Post(stack, await _signed_in(stack), simulated_bodies.write(folder / "bodies"))
        finally:
            await stack.stop_all()


async def _signed_in(stack: Stack) -> Path:
    """Sign in a clerk of each office; returns once the service knows them all and turns a stranger away."""
    async with httpx.AsyncClient(base_url=stack.url("parcel"), timeout=HTTP_WITHIN_S) as http:
        tokens = [await _token(http, name) for name in await _clerks(stack)]

        async def known() -> bool:
            answers = [await http.get("/parcels?limit=1", headers={"Authorization": f"Bearer {t}"}) for t in tokens]
            return all(answer.status_code == 200 for answer in answers)

        await until(known, KNOWN_WITHIN_S)
        stranger = await http.post("/parcels", json={}, headers={"Idempotency-Key": "stranger"})
        assert stranger.status_code == 401, stranger.text
    file = stack.folder / "tokens"
    file.write_text("".join(f"{token}\n" for token in tokens))
    return file


async def _clerks(stack: Stack) -> list[str]:
    connection = await asyncpg.connect(stack.databases["parcel"].service)
    try:
        # Of counters: what leaves an office of exchange abroad has no price here.
        found = await connection.fetch(
            "select name from staff where role = 'clerk' and name like $1 order by name limit $2", COUNTERS, OFFICES
        )
        assert len(found) == OFFICES, found
        return [record["name"] for record in found]
    finally:
        await connection.close()


async def _token(http: httpx.AsyncClient, name: str) -> str:
    answer = await http.post("/sessions", json={"name": name, "passphrase": PASSPHRASE})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["token"])
