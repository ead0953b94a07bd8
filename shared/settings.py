"""Settings that every service has; each service adds its own under its own prefix."""

from pathlib import Path
from typing import Literal

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

SECRETS = Path("/run/secrets")
"""Where a container engine mounts secrets: a file named `parcel_database_url` is the setting PARCEL_DATABASE_URL."""


class ServiceSettings(BaseSettings):
    """What a service must be told: its database, the brokers, and how to speak of itself."""

    model_config = SettingsConfigDict(
        extra="ignore",
        frozen=True,
        use_attribute_docstrings=True,
        secrets_dir=SECRETS if SECRETS.is_dir() else None,
    )

    database_url: SecretStr
    """DSN of the service role: DML only."""
    owner_database_url: SecretStr | None = None
    """DSN of the owner role; needed by the migration step alone."""
    database_pool_size: int = 10
    requests_at_once: int = 128
    """Requests in hand; one more is answered 503 at once, so that those in hand are answered in time."""
    requests_a_minute: int = 600
    """What one key of a shop may send to one replica."""
    kafka_bootstrap: str = "127.0.0.1:9092"
    kafka_replication: int = 1
    """Copies of each partition when topics are created; 3 on a cluster of three."""
    key_ring_file: Path | None = None
    """Key ring of the sealed topics; needed by their writer and by notifications."""
    host: str = "127.0.0.1"
    port: int = 8000
    root_path: str = ""
    """Prefix under which the front door shows this service."""
    front_door: str = ""
    """Addresses of the front door, by commas; * where nobody else reaches the port. Its X-Forwarded-For is believed."""
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"
    trace_exporter: str | None = None
    """OTLP/HTTP endpoint; tracing is off without it."""
    trace_sample_ratio: float = 0.05
    own_pages_from_bytes: int = 128 * 1024
    """Buffers of this size go back to the system when they are done with; smaller ones are kept for the next."""
    stop_within_s: float = 10.0
    """Time that running requests, batches and sends have to end when the service stops."""
