"""`ctcpost rebuild`: tracking's journeys made anew from its log of scans, or first the log from the topics."""

import asyncio
from pathlib import Path
from typing import Annotated

import orjson
import typer

from onebox import configuration, ports
from onebox.ctcpost.target import LOCAL, Json, ServiceName, State
from onebox.errors import KAFKA_VARIABLE, CannotRun
from services.tracking.entrypoints.rebuild import CannotRebuild, Report
from services.tracking.entrypoints.rebuild import rebuild as make_anew
from services.tracking.use_cases.compare_journeys import Fault

Kafka = Annotated[
    str | None,
    typer.Option(envvar=["TRACKING_KAFKA_BOOTSTRAP", KAFKA_VARIABLE], help="Bootstrap servers, for --from-topics."),
]


def rebuild(
    from_topics: Annotated[
        bool, typer.Option("--from-topics", help="Restore lost scans first, from the topics as far as they reach.")
    ] = False,
    kafka: Kafka = None,
    as_json: Json = False,
    state: State = LOCAL,
) -> None:
    """Make the journeys anew from the log of scans, beside the running service, and put them in place.

    Safe to repeat and to break off. Topics hold 90 days of what was told, not every scan.
    Example: ctcpost rebuild
    """
    bootstrap = (kafka or _local_kafka(state)) if from_topics else None
    urls = configuration.named_outside() or configuration.written_down(state)
    try:
        report = asyncio.run(make_anew(urls[ServiceName.TRACKING].owner, _say, bootstrap))
    except CannotRebuild as error:
        raise CannotRun(str(error)) from error
    typer.echo(orjson.dumps(_as_data(report)) if as_json else "\n".join(report.lines))


def _say(text: str) -> None:
    typer.echo(text, err=True)


def _local_kafka(state: Path) -> str:
    port = ports.remembered(state / "ports.json").get("kafka")
    if port is None:
        raise CannotRun(f"No Kafka has run with {state}: name the bootstrap servers with --kafka.")
    return f"{ports.LOOPBACK}:{port}"


def _as_data(report: Report) -> dict[str, object]:
    restored = report.restored
    return {
        "restored": {"since": restored.since, **restored.counts} if restored else None,
        "scans": report.scans,
        "journeys": report.journeys,
        "faults": {fault.value: report.faults[fault] for fault in Fault},
        "numbers": report.numbers,
        "told_again": report.told_again,
        "seconds": report.seconds,
    }
