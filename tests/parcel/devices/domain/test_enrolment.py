"""Codes that enrol devices."""

from datetime import timedelta

import pytest

from services.parcel.devices.domain.enrolment import LETTERS, LIVES, MOST_TRIES, Enrolment, digest, new_code
from shared.clock import now
from shared.ids import new_id

DEVICE = new_id()
NOW = now()
FRESH = Enrolment(DEVICE, digest(DEVICE, "7K3QX-M9T20"), NOW + LIVES, 1)


def test_a_code_is_ten_letters_of_which_none_is_taken_for_another() -> None:
    codes = {new_code() for _ in range(200)}

    assert len(codes) == 200
    assert all(set(code) <= {*LETTERS, "-"} and len(code) == 11 for code in codes)
    assert not set("ILOU") & set(LETTERS)


@pytest.mark.parametrize("typed", ["7K3QX-M9T20", "7k3qxm9t20", " 7K3QX M9T2O ", "7K3QX-M9T2o"])
def test_a_code_fits_however_it_is_typed(typed: str) -> None:
    assert FRESH.fits(typed, NOW)


@pytest.mark.parametrize(
    ("enrolment", "code"),
    [
        (FRESH, "7K3QX-M9T21"),
        (Enrolment(new_id(), FRESH.code_sha256, FRESH.expires_at, 1), "7K3QX-M9T20"),
        (Enrolment(DEVICE, FRESH.code_sha256, NOW, 1), "7K3QX-M9T20"),
        (Enrolment(DEVICE, FRESH.code_sha256, FRESH.expires_at, MOST_TRIES + 1), "7K3QX-M9T20"),
    ],
)
def test_another_code_another_device_a_late_and_a_sixth_try_do_not_fit(enrolment: Enrolment, code: str) -> None:
    assert not enrolment.fits(code, NOW)


def test_the_fifth_try_counts() -> None:
    assert Enrolment(DEVICE, FRESH.code_sha256, NOW + timedelta(seconds=1), MOST_TRIES).fits("7K3QX-M9T20", NOW)
