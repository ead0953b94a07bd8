"""What a sender may want of a parcel that cannot be delivered, and what is refused."""

import pytest

from services.parcel.posting.domain.non_delivery import IfUndeliverable, instruction_problem

RETURN, ABANDON, REDIRECT = IfUndeliverable
BUSAN = "Lee Jiho, 12 Haeundae-ro, Busan, South Korea"


@pytest.mark.parametrize(
    ("choice", "redirect_to", "country", "expected"),
    [
        (RETURN, None, "KH", None),
        (RETURN, None, "KR", None),
        (ABANDON, None, "KR", None),
        (REDIRECT, BUSAN, "KR", None),
        (REDIRECT, None, "KR", ("redirect_to", "missing")),
        (REDIRECT, "부산", "KR", ("redirect_to", "not-readable-abroad")),
        (REDIRECT, "ភ្នំពេញ", "KR", ("redirect_to", "not-readable-abroad")),
        (REDIRECT, "\u0181usan", "KR", ("redirect_to", "glyph-missing")),
        (RETURN, BUSAN, "KR", ("redirect_to", "not-redirected")),
        (ABANDON, BUSAN, "KR", ("redirect_to", "not-redirected")),
        (ABANDON, None, "KH", ("if_undeliverable", "not-at-home")),
        (REDIRECT, BUSAN, "KH", ("if_undeliverable", "not-at-home")),
        (RETURN, BUSAN, "KH", ("redirect_to", "not-redirected")),
    ],
)
def test_a_choice_is_followed_where_a_post_abroad_can_do_it(
    choice: IfUndeliverable, redirect_to: str | None, country: str, expected: tuple[str, str] | None
) -> None:
    problem = instruction_problem(choice, redirect_to, country)

    assert (problem and (problem.field, problem.code)) == expected
