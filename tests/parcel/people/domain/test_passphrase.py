"""Which passphrases are taken."""

import pytest

from services.parcel.people.domain.passphrase import SHORTEST, must_be_good
from shared.errors import Invalid

NAME, STAFF_ID = "Sok Dara", "01900000-0000-7000-8000-00000000000a"


@pytest.mark.parametrize(
    ("passphrase", "code"),
    [
        ("rice field at dawn", None),
        ("x7" * (SHORTEST // 2) + "kq", None),
        ("four wor", "too-short"),
        ("1234567890", "too-easy"),
        ("PASSPHRASE", "too-easy"),
        ("aaaaabbbbbccccc", "too-easy"),
        ("sok dara", "too-short"),
        ("sok dara 2026", "too-easy"),
        ("I AM SOK DARA", "too-easy"),
        (STAFF_ID, "too-easy"),
        (STAFF_ID.upper(), "too-easy"),
        (f"my id is {STAFF_ID}", "too-easy"),
    ],
)
def test_a_passphrase_is_long_and_none_that_others_try_first(passphrase: str, code: str | None) -> None:
    if code is None:
        must_be_good(passphrase, NAME, STAFF_ID)
        return
    with pytest.raises(Invalid) as refused:
        must_be_good(passphrase, NAME, STAFF_ID)
    assert [(problem.field, problem.code) for problem in refused.value.problems] == [("passphrase", code)]
