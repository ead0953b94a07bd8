"""The contract documents as the code makes them now: OpenAPI from the applications, AsyncAPI from the event classes."""

from pathlib import Path
from typing import Any

from fastapi import FastAPI
from pydantic import SecretStr

from services.notifications import main as notifications
from services.notifications.settings import NotificationsSettings
from services.parcel import main as parcel
from services.parcel.settings import ParcelSettings
from services.tracking import main as tracking
from services.tracking.settings import TrackingSettings
from shared.access.tokens import new_signing_key_pem
from shared.contracts.envelope import Event
from shared.contracts.topics import TOPICS
from tests.contracts.events import all_events

NOWHERE = SecretStr("postgresql://nobody@127.0.0.1:1/none")
OWNERS = ("parcel", "tracking", "notifications")


def applications(folder: Path) -> dict[str, FastAPI]:
    """Build the three applications without connecting to anything; the folder is for a throw-away key."""
    key_file = folder / "signing-key.pem"
    key_file.write_bytes(new_signing_key_pem())
    return {
        "parcel": parcel.build(ParcelSettings(database_url=NOWHERE, signing_key_file=key_file)),
        "tracking": tracking.build(TrackingSettings(database_url=NOWHERE)),
        "notifications": notifications.build(NotificationsSettings(database_url=NOWHERE, development_channel=True)),
    }


def all_documents(folder: Path) -> dict[str, dict[str, Any]]:
    """Return every document by its file name."""
    documents = {f"{name}.openapi.json": app.openapi() for name, app in applications(folder).items()}
    return documents | {f"{owner}.asyncapi.json": asyncapi(owner) for owner in OWNERS}


def asyncapi(owner: str) -> dict[str, Any]:
    """Describe what one service tells: each message is one event, as it stands in one record."""
    events = {name: event for name, event in sorted(all_events().items()) if event.owner == owner}
    schemas: dict[str, Any] = {}
    for event in events.values():
        schema = event.model_json_schema(ref_template="#/components/schemas/{model}")
        schemas |= schema.pop("$defs", {})
        schemas[event.__name__] = schema
    topics = [topic for topic in TOPICS if topic.name in {event.topic for event in events.values()}]
    return {
        "asyncapi": "3.0.0",
        "info": {"title": f"CTC Post: what {owner} tells", "version": "1"},
        "defaultContentType": "application/json",
        "channels": {
            topic.name: {
                "address": topic.name,
                "messages": {
                    name: {"$ref": f"#/components/messages/{name}"}
                    for name, event in events.items()
                    if event.topic == topic.name
                },
                "bindings": {"kafka": {"partitions": topic.partitions, "topicConfiguration": topic.settings}},
            }
            for topic in topics
        },
        "operations": {
            f"tell.{topic.name}": {"action": "send", "channel": {"$ref": f"#/channels/{topic.name}"}}
            for topic in topics
        },
        "components": {"messages": {name: _message(event) for name, event in events.items()}, "schemas": schemas},
    }


def _message(event: type[Event]) -> dict[str, Any]:
    sealed = " Travels sealed: AES-GCM, for notifications alone." if event.sealed else ""
    headers = ("type", "id", "time", "source", "traceparent", "checksum")
    return {
        "name": event.type,
        "summary": (event.__doc__ or "").splitlines()[0] + sealed,
        "headers": {
            "type": "object",
            "required": list(headers),
            "properties": {header: {"type": "string"} for header in headers},
        },
        "payload": {"$ref": f"#/components/schemas/{event.__name__}"},
    }
