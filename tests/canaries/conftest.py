"""The whole post office with its traces kept, its log written, and nobody else in it."""

import gc
from collections.abc import AsyncIterator, Iterator

import pytest
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.settings import ServiceSettings
from shared.web import tracing
from tests.access.running_post import Post, running_post
from tests.canaries.run import Run
from tests.shared.written import Read, configured
from tests.support.addresses import Addresses


@pytest.fixture(scope="module")
def run() -> Run:
    """What the tests of a file did so far."""
    return Run()


@pytest.fixture(scope="module")
def spans() -> Iterator[InMemorySpanExporter]:
    """What would be exported; every trace that begins here is sampled."""
    exporter, made = InMemorySpanExporter(), TracerProvider()
    made.add_span_processor(SimpleSpanProcessor(exporter))

    def provider(_name: str, _settings: ServiceSettings) -> TracerProvider:
        return made

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(tracing, "provider", provider)
        yield exporter
    made.shutdown()


@pytest.fixture(scope="module")
def log() -> Iterator[Read]:
    """What the services write to their logs."""
    with configured() as read:
        yield read


@pytest.fixture(scope="module")
async def post(
    servers: Addresses, tmp_path_factory: pytest.TempPathFactory, spans: InMemorySpanExporter, log: Read
) -> AsyncIterator[Post]:
    """Run the services; a test that uses them carries `without_broker`."""
    settings = {"trace_exporter": "kept here", "trace_sample_ratio": 1.0}
    async with running_post(servers, tmp_path_factory.mktemp("post"), settings) as running:
        yield running
    gc.collect()
