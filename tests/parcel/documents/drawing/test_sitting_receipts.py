"""The receipt of many parcels and the slip of a sack, as they come out of the printer."""

from datetime import UTC, datetime

import pytest

from services.parcel.documents.domain.parties import Office
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.domain.sack_label import SackLabel
from services.parcel.documents.domain.sitting_receipt import ReceiptLine, SittingReceipt
from services.parcel.documents.drawing.sitting_receipts import draw_sack_label, draw_sitting_receipt
from services.parcel.drafts.domain.sitting import PaymentMethod
from tests.parcel.documents.papers import pages, scanned, text_of

OFFICE = Office("TK01A", "តាកែវ", "Takeo")
AT = datetime(2026, 12, 1, 3, 0, tzinfo=UTC)


def receipt(print_no: int = 1) -> SittingReceipt:
    lines = [ReceiptLine(f"PD 123 456 {n:03d} KH", "TK03A", 1_200, 4_000 if n else None) for n in range(40)]
    return SittingReceipt(
        sitting_id="0190",
        office=OFFICE,
        paid_at=AT,
        method=PaymentMethod.CASH,
        lines=lines,
        total_riel=156_000,
        total_usd_cents=3_900,
        riel_per_usd=4_000,
        sample=True,
        follow_at="http://post.example/tracking",
        ask_phone="012 345 678",
        print_no=print_no,
    )


@pytest.mark.parametrize("roll", list(Roll))
def test_forty_parcels_stand_on_one_paper_with_one_total(roll: Roll) -> None:
    drawn = draw_sitting_receipt(receipt(), roll)

    text = text_of(drawn)
    assert len(pages(drawn)) == 1
    assert text.count("PD 123 456") == 40
    assert "156,000" in text
    assert "$39.00" in text
    assert "Reprint" not in text


def test_a_second_print_says_so() -> None:
    assert "Reprint 2" in text_of(draw_sitting_receipt(receipt(print_no=2), Roll.MM_80))


def test_the_code_of_a_sack_is_scanned_off_its_slip() -> None:
    label = SackLabel("CTCSACK:01900000-0000-7000-8000-000000000000", "Monday", OFFICE, AT, ["1000-8", "4821-7"])

    drawn = draw_sack_label(label, Roll.MM_80)

    assert label.code in str(scanned(pages(drawn)[0]))
    assert "4821-7" in text_of(drawn)
