"""The item numbers of a device: taken from blocks that are its alone, with a line or without, each once."""

from dataclasses import asdict, dataclass, field

import orjson

from onebox.counter.asking import Line, Refused
from onebox.counter.store import Store
from services.parcel.numbers.domain.device_blocks import REFILLED_AT
from shared.ids import new_id
from shared.s10 import ItemNumber

DOMESTIC = "KH"
ENOUGH = "/problems/numbers-enough"
NAME = "numbers"


class NoNumbersLeft(Exception):
    """The blocks of the device are used up, and it has no line to lease another."""


@dataclass(slots=True)
class _Blocks:
    """What is left, as first and last serials, and under which key a block is being asked for."""

    left: list[list[int]] = field(default_factory=list)
    leased: list[int] = field(default_factory=list)
    """First serials of all blocks there were: an answer that comes twice gives nothing twice."""
    asking: str = ""

    @property
    def unused(self) -> int:
        return sum(last + 1 - first for first, last in self.left)


@dataclass(frozen=True, slots=True)
class Numbers:
    """The numbers in a device's store."""

    store: Store

    def take(self, indicator: str) -> ItemNumber:
        """Return the next number; it is gone from the disk before anybody sees it.

        Raises: NoNumbersLeft.
        """
        blocks = self._read(indicator)
        if not blocks.left:
            raise NoNumbersLeft
        first, last = blocks.left[0]
        blocks.left[0:1] = [[first + 1, last]] if first < last else []
        self._keep(indicator, blocks)
        return ItemNumber(indicator, first, DOMESTIC)

    def unused(self, indicator: str) -> int:
        """Return how many numbers are left."""
        return self._read(indicator).unused

    async def refill(self, line: Line, indicator: str) -> bool:
        """Lease the next block if half of one is used; returns False where there are enough.

        The key of the request is kept until it is answered, so that a lost answer costs no block.
        """
        blocks = self._read(indicator)
        if blocks.unused > REFILLED_AT and not blocks.asking:
            return False
        blocks.asking = blocks.asking or str(new_id())
        self._keep(indicator, blocks)
        body = orjson.dumps({"indicator": indicator, "unused": blocks.unused})
        try:
            answer = await line.ask("parcel", "POST", "/number-blocks", body, {"Idempotency-Key": blocks.asking})
        except Refused as refused:
            if refused.answer.told.get("type") != ENOUGH:
                raise
            return False
        blocks = self._read(indicator)
        first, last = int(answer.told["first_serial"]), int(answer.told["last_serial"])
        if first not in blocks.leased:
            blocks.left.append([first, last])
            blocks.leased.append(first)
        blocks.asking = ""
        self._keep(indicator, blocks)
        return True

    def _read(self, indicator: str) -> _Blocks:
        kept = self.store.find(f"{NAME}/{indicator}")
        return _Blocks(**orjson.loads(kept)) if kept else _Blocks()

    def _keep(self, indicator: str, blocks: _Blocks) -> None:
        self.store.keep(f"{NAME}/{indicator}", orjson.dumps(asdict(blocks)))
