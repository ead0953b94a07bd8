"""Who pays: what is kept back from money collected must be covered by it."""

import pytest

from services.parcel.pricing.domain.payer import Payer, payer_problems


@pytest.mark.parametrize(
    ("payer", "cod_amount_riel", "code"),
    [
        (Payer.SENDER, 0, None),
        (Payer.SENDER, 1, None),
        (Payer.RECIPIENT, 0, None),
        (Payer.COD, 0, "missing"),
        (Payer.COD, 1, "below-postage"),
        (Payer.COD, 4_999, "below-postage"),
        (Payer.COD, 5_000, None),
        (Payer.COD, 5_001, None),
    ],
)
def test_only_money_collected_must_cover_the_postage(payer: Payer, cod_amount_riel: int, code: str | None) -> None:
    problems = payer_problems(payer, 5_000, cod_amount_riel)

    assert [(problem.field, problem.code) for problem in problems] == ([("cod_amount_riel", code)] if code else [])


def test_the_refusal_says_how_much_is_needed() -> None:
    assert "5000 riel" in payer_problems(Payer.COD, 5_000, 4_999)[0].message
