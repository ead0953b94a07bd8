"""How a run is going: one table that is drawn over where the terminal can, a line now and then where it cannot."""

import asyncio
import time
from collections.abc import Callable, Mapping

from rich.console import Console
from rich.live import Live
from rich.table import Table

Picture = Callable[[], Mapping[str, str]]
DRAWN_EVERY_S = 1.0
LINE_EVERY_S = 15.0


async def show(console: Console, picture: Picture) -> None:
    """Show pictures until cancelled."""
    if not console.is_terminal:
        while True:
            await asyncio.sleep(LINE_EVERY_S)
            console.print(" · ".join(f"{name} {value}" for name, value in picture().items()))
    with Live(_table(picture()), console=console, auto_refresh=False, transient=True) as live:
        while True:
            live.update(_table(picture()), refresh=True)
            await asyncio.sleep(DRAWN_EVERY_S)


def left(until: float) -> str:
    """Return the time that is left until a moment of the monotonic clock."""
    seconds = max(0, int(until - time.monotonic()))
    return f"{seconds // 60}:{seconds % 60:02}"


def _table(picture: Mapping[str, str]) -> Table:
    table = Table(show_header=False)
    for name, value in picture.items():
        table.add_row(name, value)
    return table
