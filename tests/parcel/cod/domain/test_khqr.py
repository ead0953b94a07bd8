"""The code that recipients pay by: every field where a bank's app looks for it, and its check sum."""

from datetime import UTC, datetime

import pytest

from services.parcel.cod.domain.khqr import PostAccount, crc16, khqr, read_fields
from services.parcel.pricing.domain.money import Amount

POST = PostAccount("ctc_post@bank", "CTC Post", "Phnom Penh")
AT = datetime(2026, 11, 30, 3, 0, tzinfo=UTC)
NUMBER = "PD123456785KH"


def test_the_check_sum_is_that_of_the_standard() -> None:
    assert crc16(b"123456789") == 0x29B1


@pytest.mark.parametrize(
    ("amount", "currency", "written"),
    [(Amount(52_000, "KHR"), "116", "52000"), (Amount(1_205, "USD"), "840", "12.05")],
)
def test_the_fields_stand_where_an_app_looks_for_them(amount: Amount, currency: str, written: str) -> None:
    text = khqr(POST, NUMBER, amount, AT)
    fields = read_fields(text)

    assert (fields["00"], fields["01"], fields["53"], fields["54"]) == ("01", "12", currency, written)
    assert (fields["58"], fields["59"], fields["60"]) == ("KH", "CTC Post", "Phnom Penh")
    assert read_fields(fields["29"]) == {"00": "ctc_post@bank"}
    assert read_fields(fields["62"]) == {"01": NUMBER}
    assert int(read_fields(fields["99"])["01"]) > int(read_fields(fields["99"])["00"])
    assert fields["63"] == f"{crc16(text[:-4].encode()):04X}"
    assert text.endswith(f"6304{fields['63']}")


def test_a_text_that_is_cut_off_is_no_code() -> None:
    with pytest.raises(ValueError, match="cut off"):
        read_fields(khqr(POST, NUMBER, Amount(1, "KHR"), AT)[:-1])
