"""The gazetteer, with the faults that its data have."""

from collections import Counter

import pytest

from services.parcel.addresses.domain.gazetteer import Level, PlaceNotFound, gazetteer


def test_it_holds_every_place_that_has_a_code_of_its_own() -> None:
    assert Counter(place.level for place in gazetteer()) == {
        Level.PROVINCE: 25,
        Level.DISTRICT: 210,
        Level.COMMUNE: 1_661,
        Level.VILLAGE: 14_521,
    }


def test_takeo_has_ten_districts_a_hundred_communes_and_1121_villages() -> None:
    places = gazetteer()
    communes = [commune for district in places.within("21") for commune in places.within(district.code)]

    assert len(places.within("21")) == 10
    assert len(communes) == 100
    assert sum(len(places.within(commune.code)) for commune in communes) == 1_121


def test_a_place_lies_in_commune_district_and_province() -> None:
    path = gazetteer().path("21090101")

    assert [place.code for place in path] == ["21090101", "210901", "2109", "21"]
    assert [place.level for place in path] == [*reversed(Level)]
    assert (path[-1].name_km, path[-1].name_en) == ("តាកែវ", "Takeo")


def test_provinces_come_in_the_order_of_their_codes() -> None:
    assert [place.code for place in gazetteer().within()] == [f"{number:02}" for number in range(1, 26)]


def test_what_lies_in_a_place_has_it_as_parent_and_every_path_ends_at_a_province() -> None:
    places = gazetteer()

    for parent in [None, *(place.code for place in places)]:
        assert {place.parent_code for place in places.within(parent)} <= {parent}
    assert {places.path(place.code)[-1].level for place in places} == {Level.PROVINCE}


def test_villages_of_a_commune_that_is_missing_lie_in_its_district() -> None:
    assert [place.code for place in gazetteer().path("12091301")] == ["12091301", "1209", "12"]
    assert "12091301" in {place.code for place in gazetteer().within("1209")}


def test_a_code_that_two_villages_have_is_left_to_the_one_that_lies_there() -> None:
    village = gazetteer().find("02140401")

    assert (village.name_en, village.parent_code) == ("Mukh Rea Pir", "021404")


def test_a_village_whose_code_names_another_commune_lies_where_its_row_says() -> None:
    assert gazetteer().find("04061500").parent_code == "040614"


@pytest.mark.parametrize("code", ["", "1", "00", "26", "2111", "120913", "0506140-", "២១", "210901011"])
def test_a_code_of_no_place_is_refused(code: str) -> None:
    with pytest.raises(PlaceNotFound):
        gazetteer().find(code)
    with pytest.raises(PlaceNotFound):
        gazetteer().within(code)
