"""The settings of the three services on one machine: secrets made once, databases and Kafka ours or named outside."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import orjson
from pydantic import SecretStr

from onebox import secret_files
from onebox.errors import CannotRun
from services.notifications.settings import NotificationsSettings
from services.parcel.settings import ParcelSettings
from services.tracking.settings import TrackingSettings
from shared.access.tokens import new_signing_key_pem
from shared.sealing import new_ring_file

SERVICES = ("parcel", "tracking", "notifications")


class NothingHere(CannotRun):
    """No post office has run with this state folder."""

    def __init__(self, state: Path) -> None:
        super().__init__(
            f"No post office has run with {state}: start one with make up, or name the databases in the environment"
            " (PARCEL_DATABASE_URL, TRACKING_DATABASE_URL, NOTIFICATIONS_DATABASE_URL)."
        )


class SomeDatabasesNamed(CannotRun):
    """The environment names databases for some services and not for the others."""

    def __init__(self, missing: Sequence[str]) -> None:
        names = ", ".join(f"{service.upper()}_DATABASE_URL" for service in missing)
        super().__init__(f"Set {names} too: databases are named in the environment for all three services or for none.")


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """The two ways into a service's database."""

    owner: str
    service: str


@dataclass(frozen=True, slots=True)
class Configuration:
    """What each service is told."""

    parcel: ParcelSettings
    tracking: TrackingSettings
    notifications: NotificationsSettings


def sample_passphrase(state: Path) -> str:
    """Return the passphrase that all sample staff of this machine sign in with."""
    return secret_files.kept(state / "secrets", "sample-passphrase")


def configure(state: Path, kafka: str, databases: Mapping[str, DatabaseUrls]) -> Configuration:
    """Put the settings together; what the environment says of a service counts more."""
    secrets = state / "secrets"
    secret_files.kept(secrets, "signing-key.pem", lambda: new_signing_key_pem().decode())
    secret_files.kept(secrets, "key-ring.json", new_ring_file)
    ring = {"key_ring_file": secrets / "key-ring.json"}

    def told(service: str) -> dict[str, object]:
        urls = databases[service]
        return {
            "kafka_bootstrap": kafka,
            "database_url": SecretStr(urls.service),
            "owner_database_url": SecretStr(urls.owner),
            "database_pool_size": 8,
        }

    return Configuration(
        parcel=ParcelSettings.model_validate(
            told("parcel") | ring | {"signing_key_file": secrets / "signing-key.pem"} | _environment("PARCEL")
        ),
        tracking=TrackingSettings.model_validate(told("tracking") | _environment("TRACKING")),
        notifications=NotificationsSettings.model_validate(
            told("notifications") | ring | {"development_channel": True} | _environment("NOTIFICATIONS")
        ),
    )


def named_outside() -> dict[str, DatabaseUrls] | None:
    """Return the databases that the environment names, or None if it names none.

    A service's own URL stands in for its owner's where that one is not given.
    Raises: SomeDatabasesNamed.
    """
    urls = {service: os.environ.get(f"{service.upper()}_DATABASE_URL") for service in SERVICES}
    missing = [service for service, url in urls.items() if url is None]
    if len(missing) == len(SERVICES):
        return None
    if missing:
        raise SomeDatabasesNamed(missing)
    owners = {service: os.environ.get(f"{service.upper()}_OWNER_DATABASE_URL") for service in SERVICES}
    return {service: DatabaseUrls(owners[service] or url, url) for service, url in urls.items() if url}


def write_down(state: Path, databases: Mapping[str, DatabaseUrls]) -> None:
    """Keep the ways into the databases for the operator's command, readable by the owner of the files only."""
    folder = state / "secrets"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "databases.json"
    file.touch(mode=0o600)
    file.write_bytes(orjson.dumps({name: asdict(urls) for name, urls in databases.items()}))


def written_down(state: Path) -> dict[str, DatabaseUrls]:
    """Return the ways into the databases of the post office that runs, or ran last, with this state folder.

    Raises: NothingHere.
    """
    try:
        kept = orjson.loads((state / "secrets" / "databases.json").read_bytes())
    except FileNotFoundError:
        raise NothingHere(state) from None
    return {name: DatabaseUrls(**urls) for name, urls in kept.items()}


def _environment(prefix: str) -> dict[str, str]:
    """Return the settings of one service that the environment gives, by field name."""
    taken = {"DATABASE_URL", "OWNER_DATABASE_URL", "PORT", "HOST"}
    given = [(name.removeprefix(f"{prefix}_"), value) for name, value in os.environ.items() if name.startswith(prefix)]
    return {name.lower(): value for name, value in given if name not in taken}
