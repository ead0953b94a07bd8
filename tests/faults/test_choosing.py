import pytest

from tests.faults.choosing import Unknown, asked_for
from tests.faults.scenario import all_scenarios

TITLES = [scenario.title for scenario in all_scenarios()]


def _asked(only: str) -> list[str]:
    return [scenario.title for scenario in asked_for(only, all_scenarios())]


@pytest.mark.parametrize(
    ("only", "chosen"),
    [
        ("F1", ["F1 killed at every place"]),
        ("paused past the session", ["F4 paused past the session"]),
        ("F24, F1", ["F1 killed at every place", "F24 bytes damaged in outbox and topic"]),
        ("F1,F1", ["F1 killed at every place"]),
        ("F9 the old primary read-only, behind a door,F8", None),
        ("F5", [title for title in TITLES if title.startswith("F5 ")]),
        ("", TITLES),
    ],
)
def test_faults_are_chosen_by_their_whole_names(only: str, chosen: list[str] | None) -> None:
    expected = chosen or ["F8 PostgreSQL crashed", "F9 the old primary read-only, behind a door"]
    assert _asked(only) == expected


@pytest.mark.parametrize("title", TITLES)
def test_every_fault_can_be_asked_for_alone(title: str) -> None:
    assert _asked(title) == [title]


@pytest.mark.parametrize(
    ("only", "nobodys"), [("F", "F"), ("F1, F99", "F99"), ("paused", "paused"), ("F8 PostgreSQL", "F8 PostgreSQL")]
)
def test_a_name_that_is_nobodys_is_refused(only: str, nobodys: str) -> None:
    with pytest.raises(Unknown, match=f"^{nobodys}$"):
        _asked(only)


def test_no_two_faults_have_one_name() -> None:
    names = [scenario.name for scenario in all_scenarios()]
    assert len(set(names)) == len(names)
