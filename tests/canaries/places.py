"""Where a canary must never be: open topics, record headers, dead letters, logs, measures, traces."""

from collections.abc import Iterator

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.contracts.topics import TOPICS
from shared.messaging.batches import headers_of
from tests.access.running_post import SERVICES, Post
from tests.canaries.canaries import found_in
from tests.contracts.events import all_events
from tests.shared.written import Read
from tests.support.carried import told

SEALED = {event.topic for event in all_events().values() if event.sealed}
assert {topic.name for topic in TOPICS} >= SEALED


async def everywhere(post: Post, spans: InMemorySpanExporter, log: Read) -> list[str]:
    """Return each place that holds a canary, and what it holds."""
    found = [*found_in("log", map(str, log())), *_spans(spans)]
    for name in SERVICES:
        found += await _topics(post, name)
        found += await _dead_letters(post, name)
        found += found_in(f"measures of {name}", (await post.clients[name].get("/metrics")).text.splitlines())
    return found


def _spans(spans: InMemorySpanExporter) -> Iterator[str]:
    kept = spans.get_finished_spans()
    assert kept, "no trace was kept, so none was looked at"
    yield from found_in("trace", (span.to_json(indent=None) for span in kept))


async def _topics(post: Post, name: str) -> list[str]:
    """Look at key, headers and payload of every record; a sealed one shows nothing as it is."""
    found: list[str] = []
    for row in await told(post.service(name)):
        beside = " ".join([row.key, *(f"{header}={value.decode()}" for header, value in headers_of(row, name))])
        found += found_in(f"headers in {row.topic}", [beside])
        found += found_in(row.topic, [row.payload.decode("utf-8", "replace")])
    return found


async def _dead_letters(post: Post, name: str) -> list[str]:
    async with post.service(name).database.connection() as connection:
        rows = await connection.fetch(
            "select concat_ws(' ', topic, key, type, headers, reason, traceparent,"
            " encode(payload, 'escape')) from dead_letter"
        )
    return list(found_in(f"dead letters of {name}", (row[0] for row in rows)))
