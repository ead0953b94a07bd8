import pytest

from tests.faults.playable import ALL_VARIABLE, leave_out, must_play_all, not_playable
from tests.faults.scenario import Scenario, all_scenarios


@pytest.mark.skipif(not must_play_all(), reason=f"{ALL_VARIABLE} is not set: a machine may lack what some faults take")
def test_every_fault_of_the_short_form_can_be_played_here() -> None:
    assert not_playable(scenario for scenario in all_scenarios() if not scenario.only_long) == {}


def test_what_cannot_be_played_is_named_with_its_reason() -> None:
    scenarios = [Scenario("F1", "here"), Scenario("F2", "elsewhere", why_not=lambda: "it takes root")]
    assert not_playable(scenarios) == {"F2 elsewhere": "it takes root"}


def test_what_cannot_be_played_is_left_out_on_a_machine_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(ALL_VARIABLE, raising=False)
    with pytest.raises(pytest.skip.Exception, match="it takes root"):
        leave_out("it takes root")


def test_what_cannot_be_played_fails_where_all_is_to_be_played(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(ALL_VARIABLE, "1")
    with pytest.raises(pytest.fail.Exception, match="it takes root"):
        leave_out("it takes root")
