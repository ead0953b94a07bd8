"""`ctcpost verify-ledger`: every office's ledger, held against its chain and against the heads that were told."""

import asyncio
from pathlib import Path
from typing import Annotated

import orjson
import typer

from onebox import configuration, ports
from onebox.ctcpost.target import LOCAL, Json, ServiceName, State
from onebox.errors import KAFKA_VARIABLE
from services.parcel.cash.entrypoints.verify import Report, verify

Kafka = Annotated[
    str | None,
    typer.Option(envvar=["PARCEL_KAFKA_BOOTSTRAP", KAFKA_VARIABLE], help="Bootstrap servers, for the heads told."),
]


def verify_ledger(kafka: Kafka = None, as_json: Json = False, state: State = LOCAL) -> None:
    """Verify the ledger beside the running service; ends with status 1 where it is not as it was made.

    Example: ctcpost verify-ledger
    """
    urls = configuration.named_outside() or configuration.written_down(state)
    report = asyncio.run(verify(urls[ServiceName.PARCEL].service, kafka or _local_kafka(state), _say))
    typer.echo(orjson.dumps(_as_data(report)) if as_json else "\n".join(report.lines))
    if report.verified.faults:
        raise typer.Exit(1)


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _local_kafka(state: Path) -> str | None:
    port = ports.remembered(state / "ports.json").get("kafka")
    return f"{ports.LOOPBACK}:{port}" if port else None


def _as_data(report: Report) -> dict[str, object]:
    verified = report.verified
    return {
        "offices": verified.offices,
        "entries": verified.entries,
        "heads_told": verified.told if report.heads_read else None,
        "faults": [
            {"office": fault.office, "sequence": fault.sequence, "wrong": fault.wrong} for fault in verified.faults
        ],
        "seconds": report.seconds,
    }
