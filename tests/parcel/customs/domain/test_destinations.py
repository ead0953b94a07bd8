"""The rule files themselves: dated, sourced, marked where not confirmed, and told in both languages."""

import re
from datetime import date

import pycountry
import pytest

from services.parcel.customs.domain.destinations import (
    EVERYWHERE,
    demand_rules,
    demands,
    goods_rules,
    rules_against,
)
from services.parcel.customs.domain.goods import every_edition
from tests.parcel.customs.declarations import TODAY

KHMER = re.compile(r"[\u1780-\u17ff]")


@pytest.mark.parametrize(
    ("country", "on", "demanded"),
    [
        ("US", date(2020, 12, 31), False),
        ("US", date(2021, 1, 1), True),
        ("FR", date(2021, 3, 14), False),
        ("FR", date(2021, 3, 15), True),
        ("GB", TODAY, True),
        ("AU", TODAY, True),
        ("BR", TODAY, True),
        ("CN", TODAY, True),
        ("TH", TODAY, False),
    ],
)
def test_advance_data_is_demanded_from_a_day_on(country: str, on: date, demanded: bool) -> None:
    assert demands("advance_data", country, on) is demanded


def test_every_member_of_the_european_union_is_named_for_both_demands() -> None:
    for demand in ("advance_data", "hs_six_digits"):
        assert any(len(rule.countries) == 27 for rule in demand_rules() if rule.demand == demand)


def test_every_country_of_a_rule_there_is() -> None:
    groups = [rule.countries for rule in demand_rules()] + [rule.countries for rule in goods_rules()]
    named = frozenset[str]().union(*groups) - {EVERYWHERE}

    assert [country for country in named if pycountry.countries.get(alpha_2=country) is None] == []
    assert named >= {"KR", "US", "AU", "TH", "VN", "JP", "FR", "CN"}


def test_every_rule_about_goods_is_provisional_and_gives_its_reason_in_both_languages() -> None:
    rules = goods_rules()

    assert len({rule.id for rule in rules}) == len(rules)
    assert all(rule.provisional and rule.source for rule in rules)
    assert all(KHMER.search(rule.reason_km) and rule.reason_en.isascii() for rule in rules)


def test_every_tag_of_the_catalogue_that_a_rule_names_is_borne_by_something() -> None:
    borne = {tag for goods in every_edition() for tag in goods.tags}
    named = {tag for rule in goods_rules() for tag in rule.tags}

    assert named - borne == set()


@pytest.mark.parametrize("country", ["KR", "JP", "CN", "US", "TH", "VN", "AU"])
def test_each_country_that_people_send_to_has_rules_of_its_own(country: str) -> None:
    own = [rule for rule in goods_rules() if country in rule.countries]

    assert {rule.level for rule in own} == {"prohibited", "restricted"}
    assert len(own) >= 3


def test_prohibitions_come_before_restrictions() -> None:
    met = rules_against("perfume and medicine", (), "KR", TODAY)

    assert [rule.level for rule in met] == ["prohibited", "restricted"]
