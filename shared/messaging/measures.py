"""What the messaging of one service counts, in that service's own registry."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram


class Measures:
    """Counters and gauges of outbox, relay, consumer and dead letters."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self.registry = registry
        self.outbox_rows = Gauge("ctcpost_outbox_unsent_rows", "Rows that wait for the relay.", registry=registry)
        self.outbox_age_s = Gauge(
            "ctcpost_outbox_oldest_unsent_seconds", "Age of the oldest row that waits.", registry=registry
        )
        self.relay_leads = Gauge("ctcpost_relay_leads", "1 while this process is the relay.", registry=registry)
        self.events_sent = Counter(
            "ctcpost_events_sent", "Events acknowledged by the broker.", ["topic"], registry=registry
        )
        self.events_applied = Counter("ctcpost_events_applied", "Events applied.", ["type"], registry=registry)
        self.events_parked = Counter("ctcpost_events_parked", "Events put aside.", ["topic"], registry=registry)
        self.batch_size = Histogram(
            "ctcpost_batch_records", "Records in a batch.", buckets=(1, 5, 20, 100, 250, 500), registry=registry
        )
        self.batch_retries = Counter("ctcpost_batch_retries", "Batches taken again after a fault.", registry=registry)
        self.consumer_lag = Gauge(
            "ctcpost_consumer_lag_records", "Records not yet applied.", ["topic"], registry=registry
        )
        self.dead_letters = Gauge(
            "ctcpost_dead_letters_open", "Dead letters that wait for a person.", registry=registry
        )
