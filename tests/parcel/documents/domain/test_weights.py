"""How weights are written."""

import pytest

from services.parcel.documents.domain.weights import kilograms


@pytest.mark.parametrize(("weight_g", "written"), [(5, "0.005 kg"), (1_250, "1.250 kg"), (30_000, "30.000 kg")])
def test_grams_are_written_as_kilograms(weight_g: int, written: str) -> None:
    assert kilograms(weight_g) == written
