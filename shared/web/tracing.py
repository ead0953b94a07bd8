"""OpenTelemetry spans for requests and batches; nothing is imported or recorded unless an exporter is set."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import cache
from typing import TYPE_CHECKING

from opentelemetry import trace as otel
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import ASGIApp, Scope

from shared.messaging.decode import Arrived
from shared.settings import ServiceSettings

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import TracerProvider

BatchSpan = Callable[[Sequence[Arrived]], AbstractContextManager[object]]
_ADDRESS = {"http.url", "http.target", "url.full", "url.path", "url.query"}
_read_traceparent = TraceContextTextMapPropagator().extract


def traced(app: ASGIApp, name: str, settings: ServiceSettings) -> ASGIApp:
    """Open a span around each request, if an exporter is set."""
    if not settings.trace_exporter:
        return app
    from opentelemetry.instrumentation.asgi import OpenTelemetryMiddleware  # noqa: PLC0415  # costs memory unused

    return OpenTelemetryMiddleware(
        app,
        tracer_provider=provider(name, settings),
        exclude_spans=["receive", "send"],
        server_request_hook=_without_address,
    )


def _without_address(span: otel.Span, _scope: Scope) -> None:
    """Take out what was asked for by name or phone: the library notes the whole address; the route is noted later."""
    for name in _ADDRESS & set(getattr(span, "attributes", None) or ()):
        span.set_attribute(name, "")


def name_span(method: str, route: str) -> None:
    """Name the span of a request by its route, before the answer that ends it; paths carry item numbers."""
    span = otel.get_current_span()
    if span.is_recording():
        span.update_name(f"{method} {route}".strip())
        span.set_attribute("http.route", route)


def batch_span(name: str, settings: ServiceSettings) -> BatchSpan:
    """Return what opens a span for a batch, with a link to each traced event and a child span in its trace."""
    if not settings.trace_exporter:
        return lambda _arrived: nullcontext()
    tracer = provider(name, settings).get_tracer("ctcpost.consume")

    @contextmanager
    def span(arrived: Sequence[Arrived]) -> Iterator[None]:
        contexts = {one.event.event_id: _read_traceparent({"traceparent": one.traceparent or ""}) for one in arrived}
        causes = {event_id: otel.get_current_span(context).get_span_context() for event_id, context in contexts.items()}
        links = [otel.Link(cause) for cause in causes.values() if cause.is_valid and cause.trace_flags.sampled]
        with tracer.start_as_current_span("apply batch", links=links), ExitStack() as children:
            for one in arrived:
                if causes[one.event.event_id].trace_flags.sampled:
                    child = tracer.start_span(f"apply {one.event.type}", context=contexts[one.event.event_id])
                    children.callback(child.end)
            yield

    return span


@cache
def provider(name: str, settings: ServiceSettings) -> "TracerProvider":
    """Return the one tracer provider of a service, exporting over OTLP/HTTP."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor  # noqa: PLC0415
    from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio  # noqa: PLC0415

    made = TracerProvider(
        sampler=ParentBasedTraceIdRatio(settings.trace_sample_ratio), resource=Resource({"service.name": name})
    )
    made.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=settings.trace_exporter)))
    return made
