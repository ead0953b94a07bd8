"""The customs form that an item carries; where the small one has no room, the large one takes its place."""

from contextlib import suppress

from services.parcel.customs.domain.customs_form import CustomsForm
from services.parcel.documents.domain.customs_paper import CustomsPaper
from services.parcel.documents.drawing.cn22 import TooManyLines, draw_cn22
from services.parcel.documents.drawing.cn23 import draw_cn23
from services.parcel.documents.drawing.lettering import TextTooLong


def draw_customs_form(form: CustomsForm, paper: CustomsPaper) -> bytes:
    """Draw CN 22, or CN 23 with the dispatch note, as PDF.

    Raises: TextTooLong.
    """
    if form == "CN22":
        with suppress(TooManyLines, TextTooLong):
            return draw_cn22(paper)
    return draw_cn23(paper)
