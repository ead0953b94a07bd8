"""PostgreSQL and Kafka in containers, of the images that docker-compose.yml runs."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

import docker
from docker.errors import DockerException, ImageNotFound
from testcontainers.community.postgres import PostgresContainer
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from onebox import ports
from tests.support.addresses import Addresses, session_folder

KAFKA_IMAGE = "apache/kafka:4.3.0"
POSTGRES_IMAGE = "postgres:18"
ANSWER_WITHIN_S = 3
KAFKA_SETTINGS = {
    "NODE_ID": "1",
    "PROCESS_ROLES": "broker,controller",
    "CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
    "CONTROLLER_LISTENER_NAMES": "CONTROLLER",
    "LISTENERS": "PLAINTEXT://:9092,CONTROLLER://:9093",
    "LISTENER_SECURITY_PROTOCOL_MAP": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
    "OFFSETS_TOPIC_NUM_PARTITIONS": "4",
    "TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
    "TRANSACTION_STATE_LOG_MIN_ISR": "1",
    "SHARE_COORDINATOR_STATE_TOPIC_REPLICATION_FACTOR": "1",
    "SHARE_COORDINATOR_STATE_TOPIC_MIN_ISR": "1",
    "GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
    "GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
    "AUTO_CREATE_TOPICS_ENABLE": "false",
}


def why_not() -> str | None:
    """Say why containers cannot be used; None if an engine answers and has both images."""
    try:
        with closing(docker.from_env(timeout=ANSWER_WITHIN_S)) as engine:
            engine.ping()
            for image in (KAFKA_IMAGE, POSTGRES_IMAGE):
                engine.images.get(image)
    except ImageNotFound:
        return "the Docker engine lacks an image"
    except (DockerException, OSError):
        return "no Docker engine answers"
    return None


@contextmanager
def running(postgres_url: str | None, kafka_bootstrap: str | None) -> Iterator[Addresses]:
    """Start a container for each server that has no address yet."""
    # Its clean-up container is one more image to pull; the keeper of the servers does that work.
    os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"
    with ExitStack() as stack:
        if postgres_url is None:
            postgres = stack.enter_context(PostgresContainer(POSTGRES_IMAGE, driver=None))
            postgres_url = postgres.get_connection_url()
        if kafka_bootstrap is None:
            kafka_bootstrap = stack.enter_context(_kafka())
        yield Addresses(postgres_url, kafka_bootstrap)


@contextmanager
def _kafka() -> Iterator[str]:
    # Clients are told this address by the broker, so it must be known before the container starts.
    port = ports.choose(session_folder() / "container_ports.json", ["kafka"])["kafka"]
    container = DockerContainer(KAFKA_IMAGE).with_bind_ports(9092, port)
    address = f"{container.get_docker_client().host()}:{port}"
    for name, value in (KAFKA_SETTINGS | {"ADVERTISED_LISTENERS": f"PLAINTEXT://{address}"}).items():
        container.with_env(f"KAFKA_{name}", value)
    container.waiting_for(LogMessageWaitStrategy("Kafka Server started"))
    with container:
        yield address
