"""Files, connections and bytes that a run leaves behind: I12."""

from tests.faults.evidence import Evidence
from tests.faults.invariants.planting import planted


def held(evidence: Evidence, name: str, after: float, before: float = 0.0) -> None:
    """Let so much be held of one thing when everything rests."""
    evidence.held_before = {**evidence.held_before, name: before}
    evidence.held_after = {**evidence.held_after, name: after}


@planted("I12", "files that stay open", says="files of parcel: 17 at rest")
def _open_files(evidence: Evidence) -> None:
    held(evidence, "files of parcel", 17, before=13)


@planted("I12", "sockets that nobody closes", says="sockets of parcel: 120 at rest")
def _open_sockets(evidence: Evidence) -> None:
    held(evidence, "sockets of parcel", 120, before=20)


@planted("I12", "more connections than the pools of who runs", says="connections of parcel: 16 at rest")
def _connections_left(evidence: Evidence) -> None:
    held(evidence, "connections of parcel", 16, before=11)


@planted("I12", "temporary files that PostgreSQL left", says="temporary files: 2 at rest")
def _temporary_files(evidence: Evidence) -> None:
    held(evidence, "temporary files", 2)


@planted("I12", "a slot that keeps the write-ahead log for nobody", says="slots without a reader: 1 at rest")
def _slot(evidence: Evidence) -> None:
    held(evidence, "slots without a reader", 1)


@planted("I12", "a transaction that nobody ends", says="prepared transactions: 1 at rest")
def _prepared(evidence: Evidence) -> None:
    held(evidence, "prepared transactions", 1)


@planted("I12", "segments of the write-ahead log that are not given back", says="bytes of the write-ahead log: 3")
def _segments_kept(evidence: Evidence) -> None:
    held(evidence, "bytes of the write-ahead log", 320_000_000, before=33_554_432)


@planted("I12", "a database that grows by more than was asked", says="bytes of the database parcel grew by 9000000")
def _database_grown(evidence: Evidence) -> None:
    held(evidence, "bytes of the database parcel", 18_000_000, before=9_000_000)


@planted("I12", "far more written ahead than was asked", says="bytes written ahead grew by 100000000")
def _written_ahead(evidence: Evidence) -> None:
    held(evidence, "bytes written ahead", 140_000_000, before=40_000_000)


@planted("I12", "segments of topics with more than their records", says="bytes of the topics grew by 2000000")
def _topics_grown(evidence: Evidence) -> None:
    held(evidence, "bytes of the topics", 2_090_000, before=90_000)


@planted("I12", "a log that tells the same without end", says="bytes of the log of parcel grew by 5000000")
def _log_storm(evidence: Evidence) -> None:
    held(evidence, "bytes of the log of parcel", 5_008_000, before=8_000)
