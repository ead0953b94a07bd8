"""The loopback ports of the embedded servers: the same ones as last time where they are free."""

import json
import socket
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

from onebox.errors import PortTaken

LOOPBACK = "127.0.0.1"


def choose(file: Path, names: Sequence[str]) -> dict[str, int]:
    """Return a free port for each name, and remember them in the file for the next start."""
    before = remembered(file)
    # All sockets stay open until every port is chosen, so that no port is given out twice.
    with ExitStack() as sockets:
        chosen = {name: sockets.enter_context(_bound(before.get(name, 0))).getsockname()[1] for name in names}
    file.write_text(json.dumps(before | chosen))
    return chosen


def remembered(file: Path) -> dict[str, int]:
    """Return the ports that were chosen last."""
    try:
        ports = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    if not isinstance(ports, dict):
        return {}
    return {name: port for name, port in ports.items() if isinstance(port, int) and 0 < port < 65_536}


def require_free(port: int, purpose: str) -> None:
    """Check that a port which someone asked for can be had.

    Raises: PortTaken.
    """
    try:
        _listener(port).close()
    except OSError as error:
        raise PortTaken(purpose, port) from error


def _bound(preferred: int) -> socket.socket:
    try:
        return _listener(preferred)
    except OSError:
        return _listener(0)


def _listener(port: int) -> socket.socket:
    listener = socket.socket()
    try:
        # Both servers set it too: connections of the last run that still linger do not make a port taken.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((LOOPBACK, port))
        listener.listen()
    except BaseException:
        listener.close()
        raise
    return listener
