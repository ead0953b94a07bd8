"""Which customs form is drawn."""

from dataclasses import replace

import pytest

from services.parcel.customs.domain.customs_form import CustomsForm
from services.parcel.documents.drawing.cn22 import MOST_LINES
from services.parcel.documents.drawing.customs_forms import draw_customs_form
from tests.parcel.documents.papers import LONG_LATIN, customs_paper, text_of


@pytest.mark.parametrize(
    ("form", "count", "changes", "drawn"),
    [
        ("CN22", 2, {}, "CN 22"),
        ("CN23", 2, {}, "CN 23"),
        ("CN22", MOST_LINES + 1, {}, "CN 23"),
        ("CN22", 2, {"comments": None, "explanation": None, "category": "other"}, "CN 22"),
    ],
)
def test_the_form_is_the_one_asked_for_unless_it_has_no_room(
    form: CustomsForm, count: int, changes: dict[str, object], drawn: str
) -> None:
    assert drawn in text_of(draw_customs_form(form, customs_paper(count, **changes)))


def test_long_descriptions_go_on_the_large_form() -> None:
    paper = customs_paper()
    lines = tuple(replace(line, description=LONG_LATIN) for line in paper.declaration.lines * 2)

    text = text_of(draw_customs_form("CN22", customs_paper(lines=lines)))

    assert "CN 23" in text
    assert "DISPATCH NOTE" in text


@pytest.mark.parametrize("form", ["CN22", "CN23"])
def test_no_form_is_refused_for_a_letter(form: CustomsForm) -> None:
    line = replace(customs_paper().declaration.lines[0], description="Tea 李")
    assert "Tea ?" in text_of(draw_customs_form(form, customs_paper(lines=(line,))))


def test_a_parcel_without_a_price_on_record_has_a_dash_for_its_charges() -> None:
    assert "(9) Postal charges" in text_of(draw_customs_form("CN23", customs_paper(postal_charges=None)))
