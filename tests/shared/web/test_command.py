"""What a service's image is told to do."""

from pathlib import Path

import pytest

from shared import logs
from shared.settings import ServiceSettings
from shared.web import command
from shared.web.application import Application


class Told:
    """Notes what is done, in place of doing it."""

    def __init__(self) -> None:
        self.of_all: list[str] = []
        self.about: list[str] = []

    async def of_everything(self, _settings: ServiceSettings) -> None:
        self.of_all.append("done")

    async def about_one(self, _settings: ServiceSettings, name: str) -> None:
        self.about.append(name)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> Told:
    monkeypatch.setattr(logs, "configure", lambda *_: None)
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    return Told()


def run(told: Told, *arguments: str) -> int:
    def build(_settings: ServiceSettings) -> Application:
        raise AssertionError

    more, about_one = {"tidy": told.of_everything}, {"reset-staff": told.about_one}
    return command.run(ServiceSettings, build, Path(), arguments, more, about_one)


@pytest.mark.parametrize(
    ("arguments", "names"), [(["reset-staff", "sok"], ["sok"]), (["reset-staff", "sok", "dara"], ["sok dara"])], ids=str
)
def test_a_command_about_one_is_told_the_name(told: Told, arguments: list[str], names: list[str]) -> None:
    assert run(told, *arguments) == 0
    assert (told.about, told.of_all) == (names, [])


def test_other_commands_take_no_name(told: Told) -> None:
    assert run(told, "tidy") == 0
    assert run(told, "tidy", "sok") == 2
    assert (told.about, told.of_all) == ([], ["done"])


@pytest.mark.parametrize("arguments", [["reset-staff"], ["nonsense"], ["nonsense", "sok"]], ids=str)
def test_what_cannot_be_done_is_answered_with_what_can(
    told: Told, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert run(told, *arguments) == 2
    assert "Say one of: serve, migrate, create-topics, tidy, reset-staff NAME." in capsys.readouterr().err
    assert (told.about, told.of_all) == ([], [])
