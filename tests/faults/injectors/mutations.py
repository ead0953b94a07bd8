"""Bytes changed by chance, as broken disks, cables and programs change them."""

import random
from collections.abc import Callable

LONGEST_RUN = 64
MOST_AT_ONCE = 4


def mutated(chance: random.Random, raw: bytes) -> bytes:
    """Return other bytes than these, by one to four changes."""
    other = raw
    while other == raw:
        for _ in range(chance.randint(1, MOST_AT_ONCE)):
            other = chance.choice(CHANGES)(chance, other)
    return other


def _flip(chance: random.Random, raw: bytes) -> bytes:
    if not raw:
        return raw
    at = chance.randrange(len(raw))
    return raw[:at] + bytes([raw[at] ^ 1 << chance.randrange(8)]) + raw[at + 1 :]


def _overwrite(chance: random.Random, raw: bytes) -> bytes:
    begin, end = _run(chance, raw)
    return raw[:begin] + chance.randbytes(end - begin) + raw[end:]


def _zero(chance: random.Random, raw: bytes) -> bytes:
    begin, end = _run(chance, raw)
    return raw[:begin] + bytes(end - begin) + raw[end:]


def _remove(chance: random.Random, raw: bytes) -> bytes:
    begin, end = _run(chance, raw)
    return raw[:begin] + raw[end:]


def _repeat(chance: random.Random, raw: bytes) -> bytes:
    begin, end = _run(chance, raw)
    return raw[:end] + raw[begin:]


def _insert(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[:at] + chance.randbytes(chance.randint(1, LONGEST_RUN)) + raw[at:]


def _cut_short(chance: random.Random, raw: bytes) -> bytes:
    return raw[: chance.randint(0, len(raw))]


def _turn(chance: random.Random, raw: bytes) -> bytes:
    at = chance.randint(0, len(raw))
    return raw[at:] + raw[:at]


def _replace(chance: random.Random, raw: bytes) -> bytes:
    return chance.randbytes(chance.randint(0, 2 * len(raw)))


def _run(chance: random.Random, raw: bytes) -> tuple[int, int]:
    begin = chance.randint(0, len(raw))
    return begin, min(len(raw), begin + chance.randint(1, LONGEST_RUN))


CHANGES: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _overwrite,
    _zero,
    _remove,
    _repeat,
    _insert,
    _cut_short,
    _turn,
    _replace,
)
