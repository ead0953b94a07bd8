"""What a simulated day showed: figures of every kind of call, lags, shares of the box, and the verdicts."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

from onebox.simulator.day import EVENTS_A_PARCEL
from onebox.simulator.history import Kind
from onebox.simulator.lag import Hop
from onebox.simulator.processor import of_post_office
from onebox.simulator.tally import Figures, share

LAG_LIMIT_S = 2.0
SHARE_LIMIT = 0.25
PARCELS_TOGETHER = 4
"""Parcels come by the bag, so that their number varies more than that of single ones."""


@dataclass(frozen=True, slots=True)
class Lag:
    """The lags of one hop, in seconds."""

    samples: int
    p50_s: float
    p99_s: float
    longest_s: float

    @classmethod
    def of(cls, ordered: Sequence[float]) -> "Lag":
        """Return the figures of lags in order of size."""
        return cls(len(ordered), share(ordered, 0.5), share(ordered, 0.99), ordered[-1] if ordered else 0.0)


@dataclass(frozen=True, slots=True)
class Report:
    """The measured part of a run."""

    asked_for: Mapping[str, Any]
    """Level, minutes, speed, seed and run."""
    seconds: float
    wanted_registrations_per_s: float
    registrations_per_s: float
    events_per_s: float
    kinds: Mapping[Kind, Figures]
    not_ok: Mapping[str, int]
    lags: Mapping[Hop, Lag]
    shares: Mapping[str, float]

    def verdicts(self) -> dict[str, bool]:
        """Return what was to be shown, and whether it was."""
        verdicts = {
            "every call was answered with ok": bool(self.kinds) and not self.not_ok,
            "every answer came inside its limit": bool(self.kinds) and not any(f.late for f in self.kinds.values()),
            f"every lag is under {LAG_LIMIT_S:.0f} s": set(self.lags) == set(Hop)
            and all(lag.samples and lag.longest_s < LAG_LIMIT_S for lag in self.lags.values()),
            "the load was as wanted": self._load_was_as_wanted(),
        }
        # What runs elsewhere cannot be watched from here.
        if taken := of_post_office(self.shares):
            verdicts[f"services and servers take under {SHARE_LIMIT:.0%} of the box"] = taken < SHARE_LIMIT
        return verdicts

    def document(self) -> dict[str, Any]:
        """Return everything as data."""
        return {
            **asdict(self),
            "kinds": {kind.value: asdict(figures) for kind, figures in self.kinds.items()},
            "lags": {hop.value: asdict(lag) for hop, lag in self.lags.items()},
            "post_office_share": of_post_office(self.shares),
            "verdicts": self.verdicts(),
        }

    def show(self, console: Console) -> None:
        """Print tables and verdicts."""
        console.print(self._calls())
        for hop, lag in self.lags.items():
            figures = f"p50 {_ms(lag.p50_s)}, p99 {_ms(lag.p99_s)}, longest {_ms(lag.longest_s)} ms"
            console.print(f"Lag, {hop}: {figures} ({lag.samples} samples)")
        shares = ", ".join(f"{name} {value:.1%}" for name, value in self.shares.items())
        console.print(f"Of the box: services and servers {of_post_office(self.shares):.1%} ({shares})")
        for why, count in sorted(self.not_ok.items()):
            console.print(f"Not ok: {why}, {count} times")
        for verdict, holds in self.verdicts().items():
            console.print(f"{'[green]yes[/]' if holds else '[red]NO [/]'} {verdict}")

    def _load_was_as_wanted(self) -> bool:
        """Tell whether registrations and events lie within three standard deviations of what was wanted, or above."""
        parcels = self.wanted_registrations_per_s * self.seconds
        return self.registrations_per_s > 0 and all(
            done_per_s * self.seconds >= wanted - 3 * math.sqrt(wanted * together)
            for done_per_s, wanted, together in (
                (self.registrations_per_s, parcels, PARCELS_TOGETHER),
                (self.events_per_s, parcels * EVENTS_A_PARCEL, PARCELS_TOGETHER * EVENTS_A_PARCEL),
            )
        )

    def _calls(self) -> Table:
        rates = f"{self.registrations_per_s:.2f} registrations/s, {self.events_per_s:.1f} events/s"
        table = Table(title=f"{self.seconds:.0f} s, {rates}")
        for heading in ("call", "count", "refused", "unknown", "p50 ms", "p99 ms", "longest ms", "limit ms", "late"):
            table.add_column(heading, justify="left" if heading == "call" else "right")
        for kind, one in self.kinds.items():
            times = (one.p50_s, one.p99_s, one.longest_s, one.limit_s)
            counts = (one.calls, one.refused, one.unknown)
            table.add_row(kind, *map(str, counts), *map(_ms, times), str(one.late))
        return table


def _ms(seconds: float) -> str:
    return f"{seconds * 1000:.0f}"
