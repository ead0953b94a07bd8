"""Each process has the ports of its own sockets, and of nobody else's."""

import os
import socket
import subprocess
import sys

from tests.faults.injectors.sockets import ports_of

CONNECT = """
import socket, sys
with socket.create_connection(("127.0.0.1", int(sys.argv[1]))) as there:
    print(there.getsockname()[1], flush=True)
    sys.stdin.read()
"""


def test_a_port_is_of_the_process_that_holds_its_socket() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        listening = server.getsockname()[1]
        command = [sys.executable, "-c", CONNECT, str(listening)]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
            assert other.stdout is not None
            port = int(other.stdout.readline())
            assert ports_of(other.pid) == {port}
            assert listening in ports_of(os.getpid())
            assert port not in ports_of(os.getpid())
            other.communicate("")
        assert ports_of(other.pid) == set()
