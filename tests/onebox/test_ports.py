import socket
from pathlib import Path

import pytest

from onebox import ports
from onebox.errors import PortTaken


def test_the_next_start_gets_the_ports_of_the_last_one(tmp_path: Path) -> None:
    first = ports.choose(tmp_path / "ports.json", ["one", "two"])
    assert ports.choose(tmp_path / "ports.json", ["one", "two"]) == first
    assert first["one"] != first["two"]


def test_a_port_that_was_taken_meanwhile_is_replaced(tmp_path: Path) -> None:
    first = ports.choose(tmp_path / "ports.json", ["one"])
    with socket.create_server((ports.LOOPBACK, first["one"])):
        assert ports.choose(tmp_path / "ports.json", ["one"]) != first


@pytest.mark.parametrize("spoilt", ["", "{", "[]", '{"one": 99999}', '{"one": "x"}'])
def test_a_spoilt_file_of_ports_does_no_harm(tmp_path: Path, spoilt: str) -> None:
    (tmp_path / "ports.json").write_text(spoilt)
    assert 0 < ports.choose(tmp_path / "ports.json", ["one"])["one"] < 65_536


def test_a_port_that_was_asked_for_and_is_taken_is_named() -> None:
    with socket.create_server((ports.LOOPBACK, 0)) as other:
        taken = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {taken} for the front door"):
            ports.require_free(taken, "the front door")
    ports.require_free(taken, "the front door")
