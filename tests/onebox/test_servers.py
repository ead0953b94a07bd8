import asyncio
import os
import shutil
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from types import SimpleNamespace

import asyncpg
import psutil
import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from onebox.errors import AlreadyRunning, DiskFull, ServerFailed
from onebox.postgres import program as postgres_program
from onebox.postgres.server import PostgresServer
from onebox.servers import QUICK, Running, servers
from tests.support.addresses import ROOT

pytestmark = pytest.mark.servers
KAFKA_HOME = ROOT / ".local" / "kafka"
TOPIC = "letters"


@asynccontextmanager
async def _running(state: Path) -> AsyncIterator[Running]:
    async with servers(state, print, kafka_home=KAFKA_HOME, flavour=QUICK) as running:
        yield running


async def _create_topic(bootstrap: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    await admin.create_topics([NewTopic(TOPIC, 1, 1)])
    while not (await admin.describe_topics([TOPIC]))[0]["partitions"]:
        await asyncio.sleep(0.05)
    await admin.close()


async def _send(bootstrap: str, value: bytes) -> None:
    async with AIOKafkaProducer(bootstrap_servers=bootstrap, acks="all", enable_idempotence=True) as producer:
        await producer.send_and_wait(TOPIC, value)


async def _receive(bootstrap: str, group: str) -> bytes:
    consumer = AIOKafkaConsumer(TOPIC, bootstrap_servers=bootstrap, group_id=group, auto_offset_reset="earliest")
    async with consumer:
        return bytes((await asyncio.wait_for(consumer.getone(), 20)).value or b"")


def _servers_of(state: Path) -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if any(str(state) in argument for argument in process.cmdline()):
                yield process
        except psutil.Error:
            continue


async def test_data_of_both_servers_outlive_a_stop_and_a_start(tmp_path: Path) -> None:
    async with _running(tmp_path) as running:
        assert running.postgres is not None
        await _create_topic(running.kafka_bootstrap)
        await _send(running.kafka_bootstrap, b"hello")
        connection = await asyncpg.connect(running.postgres.admin_url)
        await connection.execute("create table letter as select 'hello' as text")
        await connection.close()
        before = (running.kafka_bootstrap, running.postgres.port)
    assert list(_servers_of(tmp_path)) == []
    async with _running(tmp_path) as running:
        assert running.postgres is not None
        assert (running.kafka_bootstrap, running.postgres.port) == before
        assert await _receive(running.kafka_bootstrap, "a-group") == b"hello"
        connection = await asyncpg.connect(running.postgres.admin_url)
        assert await connection.fetchval("select text from letter") == "hello"
        await connection.close()


async def test_the_first_consumer_group_meets_no_error(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with _running(tmp_path) as running:
        await _create_topic(running.kafka_bootstrap)
        await _send(running.kafka_bootstrap, b"hello")
        with caplog.at_level("WARNING", "aiokafka"):
            assert await _receive(running.kafka_bootstrap, "the-first-group") == b"hello"
    assert caplog.records == []


async def test_a_broker_that_is_killed_or_loses_its_disk_comes_back(tmp_path: Path) -> None:
    async with _running(tmp_path) as running:
        assert running.kafka is not None
        await _create_topic(running.kafka_bootstrap)
        await _send(running.kafka_bootstrap, b"hello")
        await running.kafka.kill_node(1)
        await running.kafka.start_node(1)
        await running.kafka.until_serving()
        assert await _receive(running.kafka_bootstrap, "a-group") == b"hello"
        await running.kafka.kill_node(1)
        shutil.rmtree(tmp_path / "kafka" / "node-1" / "data")
        await running.kafka.start_node(1)
        await running.kafka.until_serving()
        await _create_topic(running.kafka_bootstrap)


async def test_a_second_start_is_refused_while_the_first_runs(tmp_path: Path) -> None:
    async with servers(tmp_path, print, kafka_bootstrap="127.0.0.1:1", flavour=QUICK):
        with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
            async with servers(tmp_path, print, kafka_bootstrap="127.0.0.1:1", flavour=QUICK):
                pass


async def test_a_full_disk_is_told_before_anything_is_started(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shutil.disk_usage", lambda _: SimpleNamespace(free=1_000))
    with pytest.raises(DiskFull, match="free at least"):
        async with _running(tmp_path):
            pass


async def test_a_server_that_fails_takes_the_other_one_with_it(tmp_path: Path) -> None:
    (tmp_path / "postgres" / "data").mkdir(parents=True)
    with pytest.raises(ServerFailed, match="PostgreSQL"):
        async with _running(tmp_path):
            pass
    assert list(_servers_of(tmp_path)) == []


async def test_postgres_starts_after_a_power_cut_that_left_its_pid_file(tmp_path: Path) -> None:
    program = postgres_program.find(tmp_path / "postgres", print)
    async with servers(tmp_path, print, kafka_bootstrap="127.0.0.1:1", flavour=QUICK) as running:
        port = running.postgres.port if running.postgres else 0
    server = PostgresServer(program, tmp_path / "postgres", port, tmp_path / "secrets")
    stranger = psutil.Process()
    (server.data / "postmaster.pid").write_text(f"{stranger.pid}\n{server.data}\n")
    await server.start()
    assert server.process is not None
    server.process.process.send_signal(signal.SIGINT)
    await server.stop()
