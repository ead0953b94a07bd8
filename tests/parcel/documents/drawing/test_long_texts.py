"""Texts of 120 wide letters in every field shrink to a floor, are then cut where one sees it, and stay in place."""

import io

import pytest
from icu4py.breakers import CharacterBreaker
from PIL import Image

from services.parcel.customs.domain.declaration import Category, ContentLine
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.domain.label import Label, LabelFormat
from services.parcel.documents.domain.parties import Office, Party
from services.parcel.documents.domain.receipt import Roll
from services.parcel.documents.drawing.canvas import SAFE_MM, Box, Canvas
from services.parcel.documents.drawing.cn23 import MARGIN_MM, compose_cn23
from services.parcel.documents.drawing.customs_forms import draw_customs_form
from services.parcel.documents.drawing.fonts import Weight
from services.parcel.documents.drawing.labels import compose_labels
from services.parcel.documents.drawing.lettering import (
    ELLIPSIS,
    LEGIBLE_PT,
    Line,
    Run,
    TextTooLong,
    lines_within,
)
from services.parcel.documents.drawing.rasterising import DOTS_PER_MM_203, png_pages
from services.parcel.documents.drawing.receipts import compose_receipt
from services.parcel.posting.domain.non_delivery import IfUndeliverable
from services.parcel.pricing.domain.tariff import Option
from tests.parcel.documents.papers import clashes, customs_paper, domestic_label, has_blank_edges, receipt, text_of

LONGEST = 120
"""What a field of a request takes."""
WIDE = {
    "one word": "W" * LONGEST,
    "words": ("WWWWWWWW " * LONGEST)[:LONGEST],
    "Khmer": "\u1788" * LONGEST,
    "Khmer with subscripts": ("\u178e\u17d2\u178d\u17c5" * LONGEST)[:LONGEST],
    "Khmer words": ("មជ្ឈមណ្ឌល" * LONGEST)[:LONGEST],
}


def party(text: str, country: str = "KH") -> Party:
    return Party(text, "+855971234567", (text,) * 6, "12345678", country, business=text, email=None)


def label_of(text: str, *, abroad: bool) -> Label:
    wide = domestic_label(
        sender=party(text),
        recipient=party(text, "CD" if abroad else "KH"),
        order_reference=text,
        office_of_posting=Office("TK01ABCD", text, text),
        options=(Option.ADVICE_OF_RECEIPT,),
    )
    changes = {"collecting_office": None} if abroad else {"collecting_office": Office("TK01ABCD", text, text)}
    return domestic_label(**{name: getattr(wide, name) for name in wide.__slots__} | changes)


def paper_of(text: str, lines: int = 31) -> CustomsPaper:
    return customs_paper(
        sender=party(text),
        recipient=party(text, "CD"),
        category=Category.OTHER,
        explanation=text,
        comments=text,
        sender_reference=text,
        importer_reference=text,
        licence_number=text,
        certificate_number=text,
        invoice_number=text,
        office_of_origin=Office("TK01ABCD", text, text),
        lines=(ContentLine(text, 100_000, 100_000, 10**12, "6214100000", "CD"),) * lines,
        if_undeliverable=IfUndeliverable.REDIRECT,
        redirect_to=text,
    )


@pytest.fixture
def beyond(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Box, Box]]:
    """Hold each text against the box that it is set in; gives those that leave it."""
    found: list[tuple[Box, Box]] = []

    def watch(name: str) -> None:
        set_texts = getattr(Canvas, name)

        def watched(canvas: Canvas, box: Box, runs: list[Run]) -> object:
            before = len(canvas.placed[-1])
            ended = set_texts(canvas, box, runs)
            found.extend((one, box) for one in canvas.placed[-1][before:] if not _holds(box, one))
            return ended

        monkeypatch.setattr(Canvas, name, watched)

    watch("texts")
    watch("centred")
    return found


def _holds(box: Box, one: Box) -> bool:
    slack = 0.01
    return (
        one.x >= box.x - slack
        and one.y >= box.y - slack
        and one.right <= box.right + slack
        and one.bottom <= box.bottom + slack
    )


def drawn(canvas: Canvas) -> Image.Image:
    return Image.open(io.BytesIO(png_pages(canvas.pdf(), DOTS_PER_MM_203)[0]))


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize("abroad", [False, True], ids=["at home", "abroad"])
@pytest.mark.parametrize("label_format", LabelFormat)
def test_a_label_holds_the_widest_of_texts(
    label_format: LabelFormat, abroad: bool, text: str, beyond: list[tuple[Box, Box]]
) -> None:
    canvas = compose_labels([label_of(text, abroad=abroad)], label_format)

    assert list(clashes(canvas, SAFE_MM)) == []
    assert beyond == []
    assert has_blank_edges(drawn(canvas), SAFE_MM, DOTS_PER_MM_203)
    said = text_of(canvas.pdf())
    assert ELLIPSIS in said
    whole = ["+855 97 123 4567", "CONGO", " CD "] if abroad else ["097 123 4567", "TK01ABCD"]
    assert [one for one in whole if one not in said] == []
    assert said.count(whole[0]) == 2, "of who sends and who gets it"


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_the_large_customs_form_holds_the_widest_of_texts(text: str, beyond: list[tuple[Box, Box]]) -> None:
    canvas = compose_cn23(paper_of(text))

    assert list(clashes(canvas, MARGIN_MM)) == []
    assert beyond == []
    assert has_blank_edges(drawn(canvas), SAFE_MM, DOTS_PER_MM_203)
    said = text_of(canvas.pdf())
    assert said.count(ELLIPSIS) >= 2
    assert said.count("+855 97 123 4567") == 4, "of both, on both parts"
    for whole in ("29/11/2026", "+855 97 123 4567", "CONGO", "100.000 kg", "6214.100000", "10,000,000,000.00 USD"):
        assert whole in said


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_a_small_form_without_room_is_a_large_one_and_cut_there(text: str) -> None:
    said = text_of(draw_customs_form("CN22", paper_of(text, lines=4)))

    assert "CN 23" in said
    assert ELLIPSIS in said


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize("roll", Roll)
def test_a_receipt_grows_and_cuts_nothing(roll: Roll, text: str) -> None:
    canvas = compose_receipt(
        receipt(sender=text, recipient=text, destination=f"TK01A {text}", office=Office("TK01A", text, text)), roll
    )

    assert list(clashes(canvas, 2.0)) == []
    assert ELLIPSIS not in text_of(canvas.pdf())


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
def test_a_text_is_cut_at_the_floor_alone_and_between_letters_with_all_their_signs(text: str) -> None:
    width, height = 40.0, 5.0
    lines = lines_within([Run(text, 14, 11)], width, height, cut=True)

    assert {line.size_pt for line in lines} == {LEGIBLE_PT}
    assert max(line.width_mm for line in lines) <= width
    assert sum(line.height_mm for line in lines) <= height
    shown = "".join(line.text for line in lines)
    assert shown.count(ELLIPSIS) == 1
    assert shown.endswith(ELLIPSIS)
    kept = shown.removesuffix(ELLIPSIS).replace(" ", "")
    assert text.replace(" ", "").startswith(kept)
    letters = list(CharacterBreaker(text.replace(" ", ""), "km"))
    assert kept in {"".join(letters[:count]) for count in range(len(letters))}
    assert height - sum(line.height_mm for line in lines) < lines[0].height_mm, "no more is cut than has to be"


def test_what_fits_at_the_floor_is_not_cut() -> None:
    run = Run(WIDE["words"], 14, 11)
    height = sum(line.height_mm for line in lines_within([run], 40.0, 100.0, cut=False))
    lines = lines_within([run], 40.0, height / 3, cut=True)

    assert ELLIPSIS not in "".join(line.text for line in lines)


def test_the_longest_texts_are_cut_and_the_short_ones_beside_them_stay_whole() -> None:
    runs = [Run("Sok Dara", 12, 9), Run(WIDE["one word"], 9, 7), Run("097 123 4567", 12, 9)]

    first, *middle, last = lines_within(runs, 50.0, 10.0, cut=True)

    assert (first.text, last.text) == ("Sok Dara", "097 123 4567")
    assert middle[-1].text.endswith(ELLIPSIS)


@pytest.mark.parametrize("text", WIDE.values(), ids=WIDE)
@pytest.mark.parametrize("height", [3.1, 6.0])
def test_what_ends_a_text_stays_whole_where_the_text_is_cut(text: str, height: float) -> None:
    lines = lines_within([Run(text, 9, 7, ending=" · 097 123 4567")], 40.0, height, cut=True)

    assert max(line.width_mm for line in lines) <= 40.0
    assert sum(line.height_mm for line in lines) <= height
    assert " ".join(line.text for line in lines).endswith("… · 097 123 4567")


def test_an_ending_that_has_no_room_itself_is_refused() -> None:
    with pytest.raises(TextTooLong):
        lines_within([Run("Sok Dara", 9, 7, ending=" · 097 123 4567" * 5)], 40.0, 3.0, cut=True)


@pytest.mark.parametrize("cut", [False, True])
def test_where_one_line_each_is_too_much_nothing_can_be_cut(cut: bool) -> None:
    with pytest.raises(TextTooLong):
        lines_within([Run("Sok Dara", 12, 9), Run("097 123 4567", 12, 9)], 50.0, 4.0, cut=cut)


def test_the_font_has_the_sign_that_shows_a_cut() -> None:
    line = Line(ELLIPSIS, 12, Weight.BOLD, "L")
    canvas = Canvas("cut", customs_paper().posted_at, 30, 12)
    canvas.add_page()
    canvas.lines(2, 2, 26, [line])

    assert line.width_mm > 1
    assert text_of(canvas.pdf()) == ELLIPSIS
