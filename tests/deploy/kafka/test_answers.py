import socket
import subprocess

from tests.support.addresses import ROOT


def answers(port: str) -> bool:
    command = [str(ROOT / "deploy" / "kafka" / "answers"), port]
    return subprocess.run(command, check=False, capture_output=True, timeout=10).returncode == 0


def test_a_broker_that_answers_is_healthy(kafka_bootstrap: str) -> None:
    assert answers(kafka_bootstrap.rpartition(":")[2])


def test_an_open_port_without_an_answer_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        assert not answers(str(silent.getsockname()[1]))


def test_a_closed_port_is_not_healthy() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = str(closed.getsockname()[1])
    assert not answers(port)
