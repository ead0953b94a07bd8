"""What the notifications service is told from outside; environment prefix NOTIFICATIONS_."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class NotificationsSettings(ServiceSettings):
    """Settings of the notifications service."""

    model_config = SettingsConfigDict(env_prefix="NOTIFICATIONS_")

    port: int = 8003
    development_channel: bool = False
    """Show every message in the development inbox, on a page without sign-in, and send none."""
    send_batch: int = 32
    """Messages that one sender takes at a time."""
    sends_at_once: int = 8
    """Stay below the database pool while the development channel is on."""
    send_within_s: float = 5.0
    send_pause_s: float = 0.5
    """Rest between looks for due messages when there were none."""
    tidy_pause_s: float = 5.0
    """Rest between looks for late, lost and missed messages."""
    codes_at_once: int = 8
    """Sign-in codes that go at the same time, beside the messages."""
    code_pause_s: float = 0.2
    code_tidy_pause_s: float = 1.0
    """Rest between looks for late and lost codes."""

    @property
    def code_lease_s(self) -> float:
        """Return how long codes may be in a sender's hands: they go side by side, and a margin."""
        return self.send_within_s + 5.0

    @property
    def lease_s(self) -> float:
        """Return how long a batch may be in a sender's hands: every round of sends at its limit, and a margin."""
        rounds = -(-self.send_batch // self.sends_at_once)
        return rounds * self.send_within_s + 10.0
