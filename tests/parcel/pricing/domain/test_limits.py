"""Weight and size limits: both sides of every ceiling, by service and destination."""

from datetime import date
from typing import get_args

import pytest
from pydantic import ValidationError

from services.parcel.pricing.domain.limits import Limits, NoLimitsInForce, Shape, editions, limits_on
from shared.contracts.parcel import Service
from tests.parcel.pricing.asked import DAY

LIMITS = limits_on(DAY)
SERVICES: tuple[Service, ...] = get_args(Service)


def codes(
    service: Service, country: str = "KH", weight_g: int = 1, sides_mm: tuple[int, ...] = (), shape: Shape = "box"
) -> list[str]:
    return [problem.code for problem in LIMITS.problems(service, country, weight_g, sides_mm, shape)]


@pytest.mark.parametrize(
    ("service", "country", "most_g"),
    [
        ("parcel", "KH", 30_000),
        ("parcel", "KR", 30_000),
        ("parcel", "BR", 20_000),
        ("ems", "KH", 30_000),
        ("ems", "BR", 30_000),
        ("ems", "LA", 20_000),
        ("small_packet", "KH", 2_000),
        ("small_packet", "KR", 2_000),
        ("registered_letter", "KH", 3_000),
        ("registered_letter", "KR", 2_000),
    ],
)
def test_a_weight_at_the_ceiling_passes_and_a_gram_more_does_not(service: Service, country: str, most_g: int) -> None:
    assert codes(service, country, most_g) == []
    assert codes(service, country, most_g + 1) == ["too-heavy"]


@pytest.mark.parametrize("service", SERVICES)
def test_each_limit_of_the_file_is_a_ceiling(service: Service) -> None:
    limits = LIMITS.services[service]
    for country, limit in {"KH": limits.domestic, "ZZ": limits.abroad, **limits.countries}.items():
        size = LIMITS.sizes[limit.size]
        assert codes(service, country, limit.weight_g, (size.longest_side_mm,)) == []
        assert codes(service, country, limit.weight_g + 1, (size.longest_side_mm + 1,)) == ["too-heavy", "too-long"]


@pytest.mark.parametrize(
    ("service", "country", "fits", "too_large"),
    [
        pytest.param("parcel", "KH", (1_500, 400, 350), (1_500, 400, 351), id="length and girth 3 m"),
        pytest.param("parcel", "AU", (1_050, 250, 225), (1_050, 250, 226), id="length and girth 2 m"),
        pytest.param("ems", "ID", (250, 225, 1_050), (226, 1_050, 250), id="sides in any order"),
        pytest.param("small_packet", "KR", (600, 200, 100), (600, 200, 101), id="sum of sides 900 mm"),
    ],
)
def test_a_size_at_the_ceiling_passes_and_a_millimetre_more_does_not(
    service: Service, country: str, fits: tuple[int, ...], too_large: tuple[int, ...]
) -> None:
    assert codes(service, country, sides_mm=fits) == []
    assert codes(service, country, sides_mm=too_large) == ["too-large"]


@pytest.mark.parametrize(
    ("sides_mm", "found"),
    [
        ((900, 70, 70), []),
        ((901, 60, 60), ["too-long"]),
        ((840, 100, 100), []),
        ((840, 101, 101), ["too-large"]),
        ((900,), []),
        ((), []),
    ],
)
def test_a_roll_is_measured_by_its_length_and_diameter(sides_mm: tuple[int, ...], found: list[str]) -> None:
    assert codes("small_packet", sides_mm=sides_mm, shape="roll") == found


def test_a_roll_too_long_for_a_box_is_refused_as_a_box() -> None:
    assert codes("small_packet", sides_mm=(900, 70, 70)) == ["too-long", "too-large", "too-small"]


def test_a_parcel_in_a_roll_is_measured_as_a_box() -> None:
    assert codes("parcel", sides_mm=(1_501, 100, 100), shape="roll") == ["too-long"]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize("country", ["KH", "KR", "AU", "BR"])
@pytest.mark.parametrize(
    ("sides_mm", "shape", "found"),
    [
        pytest.param((140, 90, 1), "box", [], id="the smallest face"),
        pytest.param((1, 90, 140), "box", [], id="sides in any order"),
        pytest.param((139, 90, 1), "box", ["too-small"], id="too short"),
        pytest.param((140, 89, 1), "box", ["too-small"], id="too narrow"),
        pytest.param((139, 139, 139), "box", ["too-small"], id="a cube"),
        pytest.param((140, 90, 90), "box", [], id="a thick one"),
        pytest.param((100, 35), "roll", [], id="the smallest roll"),
        pytest.param((100, 35, 35), "roll", [], id="its diameter twice"),
        pytest.param((100, 34), "roll", ["too-small"], id="too thin a roll"),
        pytest.param((99, 40), "roll", ["too-small"], id="too short a roll"),
        pytest.param((170, 1), "roll", [], id="a long thin roll"),
        pytest.param((1,), "box", [], id="one side says nothing"),
        pytest.param((1,), "roll", [], id="one side of a roll says nothing"),
        pytest.param((), "box", [], id="not measured"),
    ],
)
def test_an_item_at_the_floor_passes_and_a_millimetre_less_does_not(
    service: Service, country: str, sides_mm: tuple[int, ...], shape: Shape, found: list[str]
) -> None:
    assert codes(service, country, sides_mm=sides_mm, shape=shape) == found


@pytest.mark.parametrize("service", SERVICES)
def test_two_sides_are_the_face_of_a_letter_and_may_be_the_smaller_ones_of_others(service: Service) -> None:
    assert codes(service, sides_mm=(140, 90)) == []
    assert codes(service, sides_mm=(140, 89)) == (["too-small"] if service == "registered_letter" else [])


def test_what_is_too_small_is_told_how_large_it_must_be() -> None:
    (box,) = LIMITS.problems("small_packet", "KR", 1, (120, 80, 10))
    (roll,) = LIMITS.problems("small_packet", "KR", 1, (90, 20), "roll")

    assert (box.field, roll.field) == ("size_mm", "size_mm")
    assert box.message == "Its largest face is at least 140 x 90 mm; put it into a larger envelope or box."
    assert roll.message == (
        "A roll is at least 100 mm long, and with twice its diameter 170 mm; put it into a larger tube or box."
    )


def test_every_problem_is_named_at_once() -> None:
    problems = LIMITS.problems("small_packet", "KR", 2_001, (601, 300))

    assert [(problem.field, problem.code) for problem in problems] == [
        ("weight_g", "too-heavy"),
        ("size_mm", "too-long"),
        ("size_mm", "too-large"),
    ]


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(
    ("sides_mm", "shape", "lacks"),
    [
        ((), "box", True),
        ((300, 200), "box", True),
        ((300, 200, 100), "box", False),
        ((300,), "roll", True),
        ((300, 50), "roll", False),
    ],
)
def test_of_all_but_letters_the_sides_are_to_be_known(
    service: Service, sides_mm: tuple[int, ...], shape: Shape, lacks: bool
) -> None:
    assert LIMITS.lacks_sides(service, sides_mm, shape) is (lacks and service != "registered_letter")


def test_limits_that_nobody_confirmed_say_so() -> None:
    assert all(edition.provisional and edition.sample for edition in editions().by_version.values())


def test_a_day_without_limits_is_refused() -> None:
    with pytest.raises(NoLimitsInForce):
        limits_on(date(2025, 12, 31))


def test_a_size_class_that_is_not_there_is_refused() -> None:
    raw = LIMITS.model_dump()
    raw["services"]["ems"]["countries"]["LA"]["size"] = "giant"

    with pytest.raises(ValidationError):
        Limits.model_validate(raw)
