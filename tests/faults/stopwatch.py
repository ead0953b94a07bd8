"""Where the time of a run goes, lap by lap."""

import time
from dataclasses import dataclass, field


@dataclass(slots=True)
class Stopwatch:
    """Seconds by the name of each lap; laps of one name add up."""

    laps: dict[str, float] = field(default_factory=dict)
    _since: float = field(default_factory=time.monotonic)

    def lap(self, name: str) -> None:
        """Note that what went on since the last lap was this."""
        now = time.monotonic()
        self.laps[name] = self.laps.get(name, 0.0) + now - self._since
        self._since = now

    def told(self) -> str:
        """Return the laps in one line."""
        return ", ".join(f"{name} {seconds:.1f}" for name, seconds in self.laps.items())
