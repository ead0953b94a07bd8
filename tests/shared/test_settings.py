from pathlib import Path

import pytest
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class SampleSettings(ServiceSettings):
    model_config = SettingsConfigDict(env_prefix="SAMPLE_")


@pytest.fixture
def secrets(tmp_path: Path) -> Path:
    (tmp_path / "sample_database_url").write_text("postgresql://role:from-a-file@server/sample\n")
    return tmp_path


def test_a_setting_comes_from_the_secret_file_named_for_it(secrets: Path) -> None:
    settings = SampleSettings(_secrets_dir=secrets)
    assert settings.database_url.get_secret_value() == "postgresql://role:from-a-file@server/sample"


def test_the_environment_counts_more_than_a_secret_file(secrets: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SAMPLE_DATABASE_URL", "postgresql://server/from-the-environment")
    settings = SampleSettings(_secrets_dir=secrets)
    assert settings.database_url.get_secret_value() == "postgresql://server/from-the-environment"


def test_settings_never_show_a_secret(secrets: Path) -> None:
    assert "from-a-file" not in repr(SampleSettings(_secrets_dir=secrets))
