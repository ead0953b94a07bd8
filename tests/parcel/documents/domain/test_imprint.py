"""The post as papers name it."""

from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.domain.parties import Office
from tests.access.signed_in import office_entry
from tests.parcel.bodies import HOME

NAMED = office_entry(HOME).model_copy(update={"name_km": "អង្គរបូរី", "name_en": "Angkor Borei"})
IMPRINT = Imprint("https://post.example", "023 42 80 80", {HOME: NAMED})


def test_the_link_leads_to_the_page_of_the_number() -> None:
    assert IMPRINT.tracking_link("PD100000051KH") == "https://post.example/tracking/items/PD100000051KH"


def test_an_office_is_named_in_both_languages_and_an_unknown_one_by_its_code() -> None:
    assert IMPRINT.office(HOME) == Office(HOME, "អង្គរបូរី", "Angkor Borei")
    assert IMPRINT.office("XX99Z") == Office("XX99Z", "XX99Z", "XX99Z")
