"""What the notifications service counts beside its messaging."""

from collections.abc import Sequence

from prometheus_client import CollectorRegistry, Counter, Gauge

from services.notifications.domain.message import AnyMessage, State

OPEN_STATES = (State.WAITING_CONTACT, State.QUEUED, State.SENDING)


class MessageMeasures:
    """Messages by outcome, and those still open by state."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._settled = Counter(
            "ctcpost_messages_settled",
            "Messages by what became of a send; queued means that it will be tried again.",
            ["milestone", "audience", "channel", "state"],
            registry=registry,
        )
        self._open = Gauge("ctcpost_messages_open", "Messages that are not ended.", ["state"], registry=registry)

    def count(self, settled: Sequence[AnyMessage]) -> None:
        """Count messages after a send, or at their end."""
        for message in settled:
            self._settled.labels(message.milestone, message.audience, message.channel or "none", message.state).inc()

    def note_open(self, by_state: dict[State, int]) -> None:
        """Write how many messages are open."""
        for state in OPEN_STATES:
            self._open.labels(state).set(by_state.get(state, 0))
