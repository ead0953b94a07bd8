"""Logs: one JSON line for each thing, from us and from libraries, and no value of an error in it."""

import asyncio
import errno
import gc
import json
import logging
from io import BytesIO

import pytest
import structlog

from shared.logs import LossyOutput
from tests.shared.written import Read

PHONE = "+85512345678"


def fail(phone: str) -> None:
    raise ValueError(f"no such person: {phone}\nsecond line")


def test_a_line_is_json_with_level_time_and_what_is_bound(written: Read) -> None:
    with structlog.contextvars.bound_contextvars(trace_id="t1"):
        structlog.get_logger().info("parcel registered", item_number="RR473124829GB", town="តាកែវ")
    [line] = written()
    assert {name: line[name] for name in ("event", "level", "trace_id", "item_number", "town")} == {
        "event": "parcel registered",
        "level": "info",
        "trace_id": "t1",
        "item_number": "RR473124829GB",
        "town": "តាកែវ",
    }
    assert str(line["time"]).endswith("Z")


def test_a_library_writes_the_same_kind_of_line(written: Read) -> None:
    with structlog.contextvars.bound_contextvars(trace_id="t1"):
        logging.getLogger("some.library").warning("slow %s", "answer")
    [line] = written()
    assert (line["event"], line["level"], line["logger"], line["trace_id"]) == (
        "slow answer",
        "warning",
        "some.library",
        "t1",
    )


@pytest.mark.parametrize("by", ["us", "a library"])
def test_an_error_is_shown_by_type_and_frames_without_its_text(written: Read, by: str) -> None:
    try:
        fail(PHONE)
    except ValueError:
        if by == "us":
            structlog.get_logger().exception("defect")
        else:
            logging.getLogger("some.library").exception("defect")
    [line] = written()
    assert line["error"] == "ValueError"
    frames = line["frames"]
    assert isinstance(frames, list)
    assert frames[-1].endswith(" fail")
    assert PHONE not in json.dumps(line)
    assert "second line" not in json.dumps(line)


def test_an_error_caused_by_another_shows_the_text_of_neither(written: Read) -> None:
    try:
        try:
            fail(PHONE)
        except ValueError as error:
            raise RuntimeError(f"while asking {PHONE}") from error
    except RuntimeError as error:
        structlog.get_logger().error("defect", exc_info=error)
    [line] = written()
    assert line["error"] == "RuntimeError"
    assert PHONE not in json.dumps(line)


async def test_a_task_that_nobody_waited_for_is_reported_without_the_text_of_its_error(written: Read) -> None:
    async def forgotten() -> None:
        fail(PHONE)

    task = asyncio.create_task(forgotten())
    await asyncio.wait([task])
    del task
    gc.collect()
    [line] = written()
    assert line["event"] == "Task exception was never retrieved"
    assert line["error"] == "ValueError"
    assert PHONE not in json.dumps(line)


def test_what_is_below_the_level_is_not_written(written: Read) -> None:
    structlog.get_logger().debug("detail")
    logging.getLogger("some.library").debug("detail")
    logging.getLogger("aiokafka").error("Unable connect to broker")
    logging.getLogger("uvicorn.error").info("Started")
    logging.getLogger("httpx").info("HTTP Request: GET https://provider.example/token-of-ours/send")
    assert written() == []


@pytest.mark.parametrize("value", [b"\xff", object(), {1: 2}, 2**70, "\ud800", {"a", "b"}])
def test_no_value_is_too_odd_to_be_logged(written: Read, value: object) -> None:
    structlog.get_logger().info("odd", value=value)
    [line] = written()
    assert line["event"] == "odd"


class FullAndFreed(BytesIO):
    full = True

    def write(self, line: bytes) -> int:  # type: ignore[override]  # what a line is here
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")
        return super().write(line)

    def flush(self) -> None:
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device")


def test_lines_that_a_full_disk_does_not_take_are_counted_and_cost_nothing() -> None:
    disk = FullAndFreed()
    output = LossyOutput(disk)
    for _ in range(3):
        output.write(b"{}\n")
        output.flush()
    disk.full = False
    output.write(b'{"event":"later"}\n')
    output.write(b'{"event":"later still"}\n')
    lost, *written = [json.loads(line) for line in disk.getvalue().splitlines()]
    assert (lost["event"], lost["lines"]) == ("log lines lost", 3)
    assert [line["event"] for line in written] == ["later", "later still"]
