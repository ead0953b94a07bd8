from pathlib import Path

import pytest

from onebox import configuration
from onebox.configuration import DatabaseUrls, NothingHere, SomeDatabasesNamed

URLS = {
    name: DatabaseUrls(f"postgresql://owner@h/{name}", f"postgresql://service@h/{name}")
    for name in configuration.SERVICES
}


def test_the_ways_into_the_databases_are_kept_for_the_operator_alone(tmp_path: Path) -> None:
    state = tmp_path / "state"
    configuration.write_down(state, URLS)
    configuration.write_down(state, URLS)
    assert configuration.written_down(state) == URLS
    assert (state / "secrets" / "databases.json").stat().st_mode & 0o077 == 0


def test_a_folder_where_nothing_ran_is_said_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(NothingHere, match=r"make up.*PARCEL_DATABASE_URL"):
        configuration.written_down(tmp_path)


def test_databases_are_named_outside_for_all_three_services_or_for_none(monkeypatch: pytest.MonkeyPatch) -> None:
    assert configuration.named_outside() is None
    monkeypatch.setenv("PARCEL_DATABASE_URL", "postgresql://a@h/parcel")
    monkeypatch.setenv("TRACKING_DATABASE_URL", "postgresql://a@h/tracking")
    with pytest.raises(SomeDatabasesNamed, match="Set NOTIFICATIONS_DATABASE_URL too"):
        configuration.named_outside()
    monkeypatch.setenv("NOTIFICATIONS_DATABASE_URL", "postgresql://a@h/notifications")
    monkeypatch.setenv("NOTIFICATIONS_OWNER_DATABASE_URL", "postgresql://o@h/notifications")
    named = configuration.named_outside()
    assert named is not None
    assert named["parcel"] == DatabaseUrls("postgresql://a@h/parcel", "postgresql://a@h/parcel")
    assert named["notifications"].owner == "postgresql://o@h/notifications"


def test_the_environment_counts_more_than_what_one_machine_would_choose(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PARCEL_LOG_LEVEL", "DEBUG")
    monkeypatch.setenv("TRACKING_DATABASE_POOL_SIZE", "3")
    settings = configuration.configure(tmp_path, "127.0.0.1:9", URLS)
    assert (settings.parcel.log_level, settings.tracking.database_pool_size) == ("DEBUG", 3)
    assert settings.notifications.kafka_bootstrap == "127.0.0.1:9"


def test_secrets_are_made_once_and_readable_by_their_owner_only(tmp_path: Path) -> None:
    configuration.configure(tmp_path, "127.0.0.1:9", URLS)
    before = {file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()}
    configuration.configure(tmp_path, "127.0.0.1:9", URLS)
    assert {file.name: file.read_bytes() for file in (tmp_path / "secrets").iterdir()} == before
    assert all(file.stat().st_mode & 0o077 == 0 for file in (tmp_path / "secrets").iterdir())
