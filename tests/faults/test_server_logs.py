from pathlib import Path

from tests.faults.server_logs import ServerLogs


def test_what_was_written_before_belongs_to_another_run(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text("of before\n")
    logs = ServerLogs({"log": log})
    logs.begin()
    with log.open("a") as file:
        file.write("of now\n")
    assert logs.end() == {"log": "of now\n"}


def test_a_log_that_was_set_aside_is_read_all_the_same(tmp_path: Path) -> None:
    log = tmp_path / "log"
    logs = ServerLogs({"log": log})
    logs.begin()
    for number in range(3):
        log.write_text(f"{number}\n")
        logs.look()
        log.replace(tmp_path / "log.before")
    assert logs.end() == {"log": "0\n1\n2\n"}
