"""Marks that staff sort by."""

from datetime import date

import pytest

from services.parcel.documents.domain.label import mark_of


@pytest.mark.parametrize(("indicator", "mark"), [("RR", "R"), ("EE", "EMS"), ("CP", "CP"), ("LX", "SP"), ("PD", "PD")])
def test_a_sticker_is_marked_by_its_service_or_by_its_letters(indicator: str, mark: str) -> None:
    assert mark_of(indicator, date(2026, 3, 2)) == mark
