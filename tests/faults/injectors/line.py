"""A line between two network namespaces whose packets pass through our hands: cut, delayed, lost, slowed.

The line is two TUN devices; what one gives is handed to the other, later or never.
Source: Linux kernel documentation, networking/tuntap; RFC 791 and RFC 9293 for the ports of a packet.
"""

import asyncio
import fcntl
import os
import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from tests.faults.injectors.namespaces import Namespace, run
from tests.faults.injectors.tcp_proxy import Way

TUN = "/dev/net/tun"
TUNSETIFF = 0x400454CA
IFF_TUN_NO_PI = 0x0001 | 0x1000
DEVICE_MTU = 9_000
PACKETS_AT_ONCE = 64
LONGEST_QUEUE_S = 1.0
"""What a slow line holds back before it drops, as a router's buffer does."""
TCP = 6
FLAGS_AT, SYN, ACK = 13, 0x02, 0x10
SERVER_ADDRESS, SERVICE_ADDRESS = "10.77.0.1", "10.77.0.2"
"""Addresses of the two ends; they are known in the namespaces that the test made, and nowhere else."""


@dataclass(slots=True)
class Weather:
    """What packets meet on their way."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    loss: float = 0.0
    bytes_per_s: float | None = None


@dataclass(slots=True)
class CutPair:
    """A server and one process at the other end, who no longer hear each other."""

    port: int
    of_one: Callable[[], set[int]]
    ways: tuple[Way, ...]
    known: dict[int, bool] = field(default_factory=dict)
    """Ports of the other end, and whether they are his."""

    def is_between(self, ports: set[int], packet: bytes) -> bool:
        """Tell whether a packet with these two ports is of this pair."""
        if self.port not in ports:
            return False
        other = next(iter(ports - {self.port}), self.port)
        # Whose port it is may be another one at each new connection.
        if other not in self.known or _opens(packet):
            self.known[other] = other in self.of_one()
        return self.known[other]


@dataclass(slots=True)
class Line:
    """The line; ports are those of the servers, by which the pairs that talk over it are told apart."""

    dice: random.Random
    weather: Weather = field(default_factory=Weather)
    cut_ports: dict[Way, set[int]] = field(default_factory=lambda: {way: set() for way in Way})
    passed: int = 0
    lost: int = 0
    queued: int = 0
    """Packets that waited until others were through a slow line."""
    carried: Counter[Way] = field(default_factory=Counter)
    """Bytes that came out of the line."""
    cut_pairs: list[CutPair] = field(default_factory=list)
    cut_off: Counter[int] = field(default_factory=Counter)
    """Packets that a cut kept from their end, by port."""
    up: bool = True
    free_at: dict[Way, float] = field(default_factory=lambda: dict.fromkeys(Way, 0.0))

    def cut(self, *ports: int, ways: tuple[Way, ...] = tuple(Way)) -> None:
        """Drop every packet from or to these ports of the servers, on the ways named."""
        for way in ways:
            self.cut_ports[way] |= set(ports)

    def cut_pair(self, port: int, of_one: Callable[[], set[int]], ways: tuple[Way, ...] = tuple(Way)) -> None:
        """Drop every packet between a port of the servers and one process, who says which ports are his."""
        self.cut_pairs.append(CutPair(port, of_one, ways))

    def restore(self, *ports: int) -> None:
        """Let the packets of these ports through again."""
        for way in Way:
            self.cut_ports[way] -= set(ports)

    def heal(self) -> None:
        """Cut nothing and slow nothing."""
        self.weather = Weather()
        self.cut_pairs.clear()
        for ports in self.cut_ports.values():
            ports.clear()

    def carry(self, way: Way, packet: bytes, sink: int) -> None:
        """Hand a packet on when its time comes, or lose it."""
        loop = asyncio.get_running_loop()
        starts_at = max(self.free_at[way], loop.time())
        full = starts_at - loop.time() > LONGEST_QUEUE_S
        ports = _ports(packet)
        cut = self.cut_ports[way] & ports
        cut |= {one.port for one in self.cut_pairs if way in one.ways and one.is_between(ports, packet)}
        self.cut_off.update(cut)
        if full or cut or self.dice.random() < self.weather.loss:
            self.lost += 1
            return
        self.queued += starts_at > loop.time()
        rate = self.weather.bytes_per_s
        self.free_at[way] = starts_at + (len(packet) / rate if rate else 0)
        late_s = self.weather.latency_s + self.weather.jitter_s * self.dice.uniform(-1, 1)
        self.passed += 1
        loop.call_at(self.free_at[way] + late_s, self._hand_on, way, sink, packet)

    def _hand_on(self, way: Way, sink: int, packet: bytes) -> None:
        # Once the line is down the number of its device may be another file's, or another test's connection.
        if self.up:
            self.carried[way] += len(packet)
            with suppress(OSError):
                os.write(sink, packet)


@contextmanager
def line_between(servers: Namespace, services: Namespace, dice: random.Random) -> Iterator[Line]:
    """Lay a line; the loop that runs now carries its packets until the block ends."""
    line, loop = Line(dice), asyncio.get_running_loop()
    ends = {Way.TO_CLIENT: _device(servers, SERVER_ADDRESS), Way.TO_SERVER: _device(services, SERVICE_ADDRESS)}
    sinks = {Way.TO_CLIENT: ends[Way.TO_SERVER], Way.TO_SERVER: ends[Way.TO_CLIENT]}
    for way, source in ends.items():
        loop.add_reader(source, _take, line, way, source, sinks[way])
    try:
        yield line
    finally:
        line.up = False
        for source in ends.values():
            loop.remove_reader(source)
            os.close(source)


def _take(line: Line, way: Way, source: int, sink: int) -> None:
    for _ in range(PACKETS_AT_ONCE):
        try:
            line.carry(way, os.read(source, DEVICE_MTU + 100), sink)
        except BlockingIOError:
            return


def _ports(packet: bytes) -> set[int]:
    """Return source and destination port; none for what is not TCP over IPv4."""
    if packet[0] >> 4 != 4 or packet[9] != TCP:
        return set()
    return set(struct.unpack_from("!HH", packet, (packet[0] & 15) * 4))


def _opens(packet: bytes) -> bool:
    """Tell whether a packet of TCP asks for a connection."""
    flags = (packet[0] & 15) * 4 + FLAGS_AT
    return packet[flags] & (SYN | ACK) == SYN


def _device(namespace: Namespace, address: str) -> int:
    name = f"ctc{os.getpid() % 1_000_000}{address[-1]}"
    device = os.open(TUN, os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN_NO_PI))
    run("ip", "link", "set", name, "netns", namespace.name)
    namespace.run("ip", "link", "set", name, "mtu", str(DEVICE_MTU), "up")
    namespace.run("ip", "address", "add", f"{address}/30", "dev", name)
    return device
