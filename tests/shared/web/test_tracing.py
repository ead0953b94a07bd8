"""OpenTelemetry: one trace from a request through the outbox and the topic to what a consumer does; off by default."""

import asyncio
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Annotated

import pytest
from fastapi import APIRouter, Depends, FastAPI
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from onebox.postgres.databases import ServiceDatabase
from shared import trace
from shared.db.connection import Database, Tx
from shared.messaging.outbox import Outbox
from shared.settings import ServiceSettings
from shared.web import tracing
from shared.web.service import Service, service_of
from tests.shared.messaging.notes import Note, notes_on, write_down
from tests.shared.web.service_under_test import application, client_of, started
from tests.shared.written import Read
from tests.support.addresses import ROOT
from tests.support.waiting import until_true

IMPORTED = """
import sys
from services.tracking.main import build
from services.tracking.settings import TrackingSettings
build(TrackingSettings.model_validate({"database_url": "postgresql://nobody@localhost/none"}))
print([name for name in sys.modules if name.startswith(("opentelemetry.sdk", "opentelemetry.instrumentation"))])
"""


@pytest.fixture
def spans(monkeypatch: pytest.MonkeyPatch) -> Iterator[InMemorySpanExporter]:
    """What would be exported; every trace that begins here is sampled."""
    exporter, made = InMemorySpanExporter(), TracerProvider()
    made.add_span_processor(SimpleSpanProcessor(exporter))

    def provider(_name: str, _settings: ServiceSettings) -> TracerProvider:
        return made

    monkeypatch.setattr(tracing, "provider", provider)
    yield exporter
    made.shutdown()


def telling(told: type[Note]) -> APIRouter:
    router = APIRouter()

    @router.post("/notes")
    async def tell(service: Annotated[Service, Depends(service_of)]) -> str:
        async with service.database.transaction() as tx:
            await service.outbox.append(tx, [told(item="A", number=1)])
        return trace.traceparent()

    return router


def telling_service(lent: ServiceDatabase, kafka: str, told: type[Note]) -> FastAPI:
    """A service that tells notes and, applying them, answers each with another."""
    answers = Outbox("tracking")

    async def answer(tx: Tx, notes: Sequence[Note]) -> None:
        await write_down(tx, notes)
        await answers.append(tx, [Note(item=note.item, number=2) for note in notes])

    return application(
        telling(told),
        database_url=lent.service_url,
        kafka=kafka,
        handlers=lambda _service: {told: answer},
        name=told.topic,
        copies_directory=False,
        trace_exporter="http://127.0.0.1:1/v1/traces",
    )


async def test_a_request_and_what_a_consumer_does_with_its_event_are_one_trace(
    database: Database,
    lent: ServiceDatabase,
    kafka_bootstrap: str,
    topic: str,
    spans: InMemorySpanExporter,
    written: Read,
) -> None:
    app = telling_service(lent, kafka_bootstrap, notes_on(topic))
    by_name: dict[str, ReadableSpan] = {}
    async with started(app) as client:
        app.state.service.outbox.source = "tracking"
        answer = await client.post("/notes")

        def all_ended() -> bool:
            by_name.update({span.name: span for span in spans.get_finished_spans()})
            return {"POST /notes", f"apply {Note.type}", "apply batch"} <= by_name.keys()

        await until_true(all_ended)
    request, child = by_name["POST /notes"].context, by_name[f"apply {Note.type}"]
    assert request is not None
    assert child.context is not None
    assert child.parent is not None
    assert (child.context.trace_id, child.parent.span_id) == (request.trace_id, request.span_id)
    assert [link.context.trace_id for link in by_name["apply batch"].links] == [request.trace_id]
    trace_id = f"{request.trace_id:032x}"
    assert answer.headers["x-trace-id"] == trace_id
    async with database.connection() as tx:
        rows = await tx.fetch("select traceparent from outbox")
    assert [trace.trace_id(row["traceparent"]) for row in rows] == [trace_id, trace_id]
    lines = [line for line in written() if line["event"] in {"request", "event read"}]
    assert [line["trace_id"] for line in lines] == [trace_id, trace_id]


@contextmanager
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """Run a server that takes whatever is exported; gives its address and what came."""
    came: list[bytes] = []

    class Take(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            came.append(self.rfile.read(int(self.headers["content-length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the name that its parent gives
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Take) as server:
        serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        serving.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/v1/traces", came
        finally:
            server.shutdown()
            serving.join()


async def test_spans_go_to_the_exporter_that_is_set(lent: ServiceDatabase) -> None:
    with collector() as (address, came):
        app = application(database_url=lent.service_url, trace_exporter=address, trace_sample_ratio=1.0)
        async with client_of(app) as client:
            await client.get("/nothing/here")
        made = tracing.provider("tracking", app.state.plan.settings)
        await asyncio.to_thread(made.shutdown)
    exported = ExportTraceServiceRequest.FromString(came[0])
    [of_service] = exported.resource_spans
    assert ("service.name", "tracking") in {(a.key, a.value.string_value) for a in of_service.resource.attributes}
    assert "GET" in {span.name for scope in of_service.scope_spans for span in scope.spans}


def test_nothing_of_it_is_imported_unless_an_exporter_is_set() -> None:
    run = subprocess.run(
        [sys.executable, "-c", IMPORTED], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.stdout.strip() == "[]", run.stderr
