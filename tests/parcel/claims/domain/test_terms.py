"""Until when one may ask, and until when it is answered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.parcel.claims.domain.terms import NoTermsInForce, editions, terms_on

DAYS = st.dates(date(2026, 1, 1), date(2036, 12, 31))


@pytest.mark.parametrize(
    ("posted_on", "last_day"),
    [
        (date(2026, 1, 14), date(2026, 7, 14)),
        (date(2026, 8, 30), date(2027, 2, 27)),
        (date(2026, 8, 31), date(2027, 2, 28)),
        (date(2026, 12, 31), date(2027, 6, 30)),
    ],
)
def test_six_months_count_from_the_day_after_posting(posted_on: date, last_day: date) -> None:
    terms = terms_on(date(2026, 2, 1))
    assert terms.international.last_day_to_ask(posted_on) == last_day
    assert terms.domestic.last_day_to_ask(posted_on) == last_day


@given(DAYS)
def test_who_posts_later_may_ask_no_less_long(day: date) -> None:
    spans = terms_on(day).international
    assert spans.last_day_to_ask(day) <= spans.last_day_to_ask(day + timedelta(days=1))
    assert timedelta(days=179) <= spans.last_day_to_ask(day) - day <= timedelta(days=184)


def test_a_holder_abroad_has_two_months_and_it_is_settled_within_three() -> None:
    spans = terms_on(date(2026, 2, 1)).of(is_international=True)
    assert spans.answer_by(date(2026, 2, 1)) == date(2026, 4, 2)
    assert spans.settle_by(date(2026, 2, 1)) == date(2026, 5, 2)


def test_each_edition_names_its_source_and_answers_before_it_settles() -> None:
    for terms in editions().by_version.values():
        for spans in (terms.domestic, terms.international):
            assert spans.source
            assert spans.answer_within_days < spans.settle_within_days


def test_no_terms_hold_before_the_first() -> None:
    with pytest.raises(NoTermsInForce):
        terms_on(date(2025, 12, 31))
