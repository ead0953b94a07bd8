"""What a declaration is refused for: words, values, weights, HS codes by destination and day, goods by country."""

import re
from dataclasses import replace
from datetime import date

import pytest

from services.parcel.customs.domain.content_rules import FREE_TEXTS, findings_on, must_be_acceptable
from services.parcel.customs.domain.dated import NoRulesInForce
from services.parcel.customs.domain.declaration import Category, Declaration
from services.parcel.customs.domain.goods import catalogue
from services.parcel.customs.domain.posted_item import Sending
from shared.errors import Invalid
from tests.parcel.customs.declarations import DECLARATION, LINE, TO_KOREA, TODAY, declared, refusals, warnings

KHMER = re.compile(r"[\u1780-\u17ff]")
BEFORE, SINCE = date(2025, 8, 31), date(2025, 9, 1)
COMMERCIAL = [Category.SALE_OF_GOODS, Category.COMMERCIAL_SAMPLE, Category.RETURNED_GOODS]


def to(country: str, gross_weight_g: int = 1_200, *, insured: bool = False) -> Sending:
    return Sending("parcel", country, gross_weight_g, insured)


def picked(goods: str) -> Declaration:
    thing = catalogue(TODAY)[goods]
    return declared(replace(LINE, goods=goods, description=thing.en, hs_code=thing.hs_code))


def test_the_declaration_that_the_other_tests_change_is_accepted() -> None:
    assert findings_on(DECLARATION, TO_KOREA, TODAY) == []
    must_be_acceptable([])


@pytest.mark.parametrize(
    ("declaration", "expected"),
    [
        (declared(category=Category.OTHER), ("explanation", "missing")),
        (declared(category=Category.OTHER, explanation=""), ("explanation", "missing")),
        (replace(DECLARATION, lines=()), ("lines", "missing")),
        (declared(currency="XYZ"), ("currency", "unknown-currency")),
        (declared(currency="CHF"), ("currency", "unknown-currency")),
        (declared(replace(LINE, description="gift")), ("lines.0.description", "vague")),
        (declared(LINE, replace(LINE, description="spare parts")), ("lines.1.description", "vague")),
        (declared(replace(LINE, description="ក្រមា")), ("lines.0.description", "not-readable-abroad")),
        (declared(replace(LINE, description="茶叶")), ("lines.0.description", "not-readable-abroad")),
        *((declared(**{name: "ឯកសារ"}), (name, "not-readable-abroad")) for name in FREE_TEXTS),
        (declared(replace(LINE, quantity=0)), ("lines.0.quantity", "too-few")),
        (declared(replace(LINE, net_weight_g=0)), ("lines.0.net_weight_g", "too-light")),
        (declared(replace(LINE, net_weight_g=1_201)), ("lines", "heavier-than-item")),
        (declared(LINE, replace(LINE, net_weight_g=901)), ("lines", "heavier-than-item")),
        (declared(replace(LINE, origin_country="XX")), ("lines.0.origin_country", "unknown-country")),
        (declared(replace(LINE, origin_country="kh")), ("lines.0.origin_country", "unknown-country")),
        (declared(replace(LINE, goods="no-such-thing")), ("lines.0.goods", "unknown-goods")),
    ],
)
def test_what_is_wrong_is_named_by_its_field(declaration: Declaration, expected: tuple[str, str]) -> None:
    assert refusals(declaration) == [expected]


@pytest.mark.parametrize(
    ("description", "hint"),
    [("ក្រមាអំបោះ", "write 'Cotton scarf (krama)'"), ("茶叶", "write it in English, or pick it in the catalogue")],
)
def test_what_is_not_read_abroad_is_refused_with_the_english_of_the_catalogue(description: str, hint: str) -> None:
    (found,) = findings_on(declared(replace(LINE, description=description)), TO_KOREA, TODAY)

    assert hint in found.message


def test_an_explanation_makes_another_category_acceptable() -> None:
    assert refusals(declared(category=Category.OTHER, explanation="repair under guarantee")) == []


def test_things_may_weigh_as_much_as_the_whole_item() -> None:
    assert refusals(declared(LINE, replace(LINE, net_weight_g=900))) == []


def test_an_item_that_stays_here_has_no_declaration() -> None:
    assert ("destination_country", "domestic") in refusals(DECLARATION, to("KH"))


@pytest.mark.parametrize(
    ("currency", "value_minor", "accepted"),
    [
        ("USD", 0, False),
        ("USD", 1, False),
        ("USD", 99, False),
        ("USD", 100, False),
        ("USD", 101, True),
        ("KHR", 0, False),
        ("KHR", 1, False),
        ("KHR", 2, True),
        ("EUR", 100, False),
        ("EUR", 101, True),
        ("JPY", 1, False),
        ("JPY", 2, True),
    ],
)
def test_a_value_of_nought_or_one_is_no_value(currency: str, value_minor: int, accepted: bool) -> None:
    found = refusals(declared(replace(LINE, value_minor=value_minor), currency=currency))

    assert found == ([] if accepted else [("lines.0.value_minor", "no-value")])


@pytest.mark.parametrize(
    ("value_minor", "hs_code", "goods", "accepted"),
    [
        (0, "491199", None, True),
        (0, "4907009000", None, True),
        (0, None, None, False),
        (0, None, "certificate-school", True),
        (0, None, "smartphone", False),
        (0, "610910", "certificate-school", False),
        (1, None, None, False),
        (100, "491199", None, False),
        (500, "491199", None, True),
        (500, None, None, True),
        (0, "610910", None, False),
        (500, "610910", None, True),
    ],
)
def test_papers_may_be_without_a_value_and_nothing_else_beside_them(
    value_minor: int, hs_code: str | None, goods: str | None, accepted: bool
) -> None:
    papers = replace(LINE, description="school certificate", value_minor=value_minor, hs_code=hs_code, goods=goods)

    found = refusals(declared(papers, category=Category.DOCUMENTS))

    assert found == ([] if accepted else [("lines.0.value_minor", "no-value")])


@pytest.mark.parametrize("category", sorted(set(Category) - {Category.DOCUMENTS}))
def test_papers_sent_as_anything_but_documents_have_a_value(category: Category) -> None:
    papers = replace(LINE, description="school certificate", value_minor=0, hs_code="491199")

    assert refusals(declared(papers, category=category, explanation="asked for")) == [
        ("lines.0.value_minor", "no-value")
    ]


@pytest.mark.parametrize("category", COMMERCIAL)
@pytest.mark.parametrize(
    ("country", "on", "demanded"),
    [
        ("US", BEFORE, False),
        ("US", SINCE, True),
        ("FR", BEFORE, False),
        ("FR", SINCE, True),
        ("DE", SINCE, True),
        ("KR", SINCE, True),
        ("VN", SINCE, False),
        ("TH", SINCE, False),
    ],
)
def test_goods_of_business_need_an_hs_code_where_and_when_it_is_demanded(
    category: Category, country: str, on: date, demanded: bool
) -> None:
    found = refusals(declared(replace(LINE, hs_code=None), category=category), to(country), on)

    assert found == ([("lines.0.hs_code", "hs-code-missing")] if demanded else [])


def test_a_private_gift_needs_no_hs_code_and_no_origin() -> None:
    assert refusals(declared(replace(LINE, hs_code=None, origin_country=None)), to("US")) == []


@pytest.mark.parametrize("category", COMMERCIAL)
def test_goods_of_business_name_their_origin(category: Category) -> None:
    found = refusals(declared(replace(LINE, origin_country=None), category=category))

    assert found == [("lines.0.origin_country", "missing")]


@pytest.mark.parametrize(
    ("hs_code", "accepted"),
    [
        ("610910", True),
        ("61091000", True),
        ("6109100010", True),
        ("6109", False),
        ("61091", False),
        ("6109100", False),
        ("610910001", False),
        ("61091000101", False),
        ("61O910", False),
        ("៦១០៩១០", False),
        ("", False),
    ],
)
def test_an_hs_code_has_six_eight_or_ten_digits(hs_code: str, accepted: bool) -> None:
    found = refusals(declared(replace(LINE, hs_code=hs_code)))

    assert found == ([] if accepted else [("lines.0.hs_code", "hs-code-shape")])


@pytest.mark.parametrize(
    ("country", "goods", "code"),
    [
        ("KR", "perfume", "prohibited"),
        ("FR", "power-bank", "prohibited"),
        ("KR", "beef-dried", "prohibited"),
        ("US", "beef-dried", "prohibited"),
        ("AU", "beef-dried", "prohibited"),
        ("JP", "sausage", "prohibited"),
        ("FR", "sausage", "prohibited"),
        ("TH", "sausage", "licence-needed"),
        ("VN", "sausage", None),
        ("US", "cigarettes", "prohibited"),
        ("AU", "cigarettes", "prohibited"),
        ("KR", "cigarettes", None),
        ("US", "rice-spirit", "prohibited"),
        ("KR", "rice-spirit", None),
        ("AU", "rice-milled", "certificate-needed"),
        ("JP", "rice-milled", "certificate-needed"),
        ("KR", "rice-milled", None),
        ("KR", "sesame-seeds", "certificate-needed"),
        ("FR", "antique", "licence-needed"),
        ("KR", "krama-silk", None),
        ("FR", "pepper-kampot", None),
    ],
)
def test_goods_of_the_catalogue_are_refused_where_they_may_not_go(country: str, goods: str, code: str | None) -> None:
    found = refusals(picked(goods), to(country))

    assert [found_code for _, found_code in found] == ([code] if code else [])


NOWHERE = [
    pytest.param(goods, id=f"{kind}: {goods}")
    for kind, picks in {
        "narcotics": ("cannabis", "narcotic-drug"),
        "explosives": ("fireworks", "ammunition", "replica-grenade"),
        "flammable": ("petrol", "gas-lighter", "matches", "nail-polish", "hair-spray", "hand-gel", "perfume"),
        "dangerous": ("acid", "insecticide", "hydrogen-peroxide", "radioactive-source", "blood-sample"),
        "lithium": ("power-bank", "phone-battery", "electric-scooter"),
        "live animals": ("live-chicks", "live-fish"),
        "counterfeit and obscene": ("counterfeit-handbag", "pirated-film", "pornography"),
        "money": ("banknotes", "coins"),
        "weapons and wildlife": ("pistol", "sword", "ivory-carving"),
    }.items()
    for goods in picks
]
COUNTRIES = ["KR", "JP", "CN", "US", "TH", "VN", "AU", "BR"]


@pytest.mark.parametrize("goods", NOWHERE)
def test_what_no_post_carries_is_refused_to_every_country_with_a_hint_in_khmer(goods: str) -> None:
    for country in COUNTRIES:
        found = [one for one in findings_on(picked(goods), to(country), TODAY) if one.refuses]
        assert {(one.field, one.code) for one in found} == {("lines.0.description", "prohibited")}
        assert all(one.message and KHMER.search(one.message_km or "") for one in found)


@pytest.mark.parametrize(
    ("goods", "refused"),
    [
        ("milk-powder", {"KR": "prohibited", "JP": "certificate-needed", "CN": "prohibited", "AU": "prohibited"}),
        ("eggs-salted", {"KR": "prohibited", "US": "certificate-needed", "CN": "prohibited", "AU": "prohibited"}),
        ("garden-soil", {"KR": "prohibited", "JP": "prohibited", "CN": "prohibited", "AU": "prohibited"}),
        (
            "mango-fresh",
            {"KR": "certificate-needed", "CN": "prohibited", "TH": "certificate-needed", "AU": "prohibited"},
        ),
        (
            "vegetable-seeds",
            dict.fromkeys(("KR", "JP", "US", "TH", "VN", "AU"), "certificate-needed") | {"CN": "prohibited"},
        ),
        ("e-cigarette", dict.fromkeys(("CN", "US", "TH", "VN", "AU"), "prohibited")),
        ("clothes-used", {"CN": "prohibited", "VN": "prohibited"}),
        ("catfish-dried", {"US": "prohibited"}),
        ("codeine-syrup", {"JP": "prohibited"}),
        ("birds-nest", {"CN": "prohibited", "US": "certificate-needed"}),
        ("lottery-tickets", {"CN": "prohibited", "US": "prohibited", "TH": "licence-needed"}),
        ("playing-cards", {"CN": "prohibited", "TH": "licence-needed"}),
        ("drone", {"TH": "licence-needed"}),
        ("walkie-talkie", {"CN": "licence-needed", "TH": "licence-needed", "VN": "licence-needed"}),
        ("toy-gun", {"VN": "prohibited"}),
        ("laser-pointer", {"AU": "licence-needed"}),
        ("live-bees", dict.fromkeys(COUNTRIES, "certificate-needed")),
    ],
)
def test_a_pick_is_refused_by_the_countries_that_do_not_take_it(goods: str, refused: dict[str, str]) -> None:
    codes = {country: {code for _, code in refusals(picked(goods), to(country))} for country in {*refused, "BR"}}

    assert codes == {country: {refused[country]} if country in refused else set() for country in {*refused, "BR"}}


@pytest.mark.parametrize("goods", ["gold-bar", "jewellery-gold", "jewellery-silver", "gemstones", "bearer-bond"])
def test_valuables_go_insured_alone(goods: str) -> None:
    assert refusals(picked(goods)) == [("lines.0.description", "insurance-needed")]
    assert refusals(picked(goods), to("KR", insured=True)) == []
    assert ("lines.0.description", "restricted") in warnings(picked(goods), to("KR", insured=True))


@pytest.mark.parametrize("goods", ["banknotes", "coins"])
def test_money_is_refused_though_it_were_insured(goods: str) -> None:
    assert refusals(picked(goods), to("KR", insured=True)) == [("lines.0.description", "prohibited")]


@pytest.mark.parametrize(
    ("description", "country", "code"),
    [
        ("two power banks", "KR", "prohibited"),
        ("Powerbank 20000 mAh", "VN", "prohibited"),
        ("perfumes in glass bottles", "TH", "prohibited"),
        ("nail polish set red", "US", "prohibited"),
        ("US banknotes", "US", "prohibited"),
        ("live fishes", "JP", "prohibited"),
        ("small fireworks", "FR", "prohibited"),
        ("ivory bracelet", "CN", "prohibited"),
        ("E-Cigarettes", "TH", "prohibited"),
        ("used clothes cotton", "VN", "prohibited"),
        ("used clothes cotton", "KR", None),
        ("pork jerky", "KR", "prohibited"),
        ("pepper seeds", "AU", "certificate-needed"),
        ("antique bronze bell", "US", "licence-needed"),
        ("gold ring with rubies", "US", "insurance-needed"),
        ("gold coloured plastic ring", "US", None),
        ("imitation jewellery", "US", None),
        ("ink cartridges", "US", None),
        ("phone case", "US", None),
        ("match schedule, printed", "US", None),
        ("acidity test strips", "US", None),
        ("coincidence board game", "US", None),
    ],
)
def test_goods_are_known_by_their_words_too(description: str, country: str, code: str | None) -> None:
    found = refusals(declared(replace(LINE, description=description)), to(country))

    assert [found_code for _, found_code in found] == ([code] if code else [])


LICENCE, CERTIFICATE = declared(licence_number="MCFA 17/2026"), declared(certificate_number="PC 88/2026")


@pytest.mark.parametrize(
    ("goods", "right", "wrong"), [("antique", LICENCE, CERTIFICATE), ("sesame-seeds", CERTIFICATE, LICENCE)]
)
def test_the_right_paper_lets_restricted_goods_go_with_a_warning(
    goods: str, right: Declaration, wrong: Declaration
) -> None:
    lines = picked(goods).lines

    assert refusals(replace(right, lines=lines)) == []
    assert warnings(replace(right, lines=lines)) == [("lines.0.description", "restricted")]
    assert len(refusals(replace(wrong, lines=lines))) == 1


@pytest.mark.parametrize(
    ("goods", "country"),
    [("smartphone", "KR"), ("buddha-image", "KR"), ("wood-carving", "FR"), ("medicine", "VN"), ("tea-green", "US")],
)
def test_goods_to_look_at_pass_with_a_warning(goods: str, country: str) -> None:
    assert refusals(picked(goods), to(country)) == []
    assert warnings(picked(goods), to(country)) == [("lines.0.description", "restricted")]


def test_a_ban_holds_from_its_day_on() -> None:
    vape = declared(replace(LINE, description="vape pen"))

    assert refusals(vape, to("VN"), date(2024, 12, 31)) == []
    assert refusals(vape, to("VN"), date(2025, 1, 1)) == [("lines.0.description", "prohibited")]


def test_the_reason_is_told_in_english_and_in_khmer() -> None:
    found = findings_on(picked("beef-dried"), to("KR"), TODAY)

    with pytest.raises(Invalid) as refused:
        must_be_acceptable(found)

    [problem] = refused.value.problems
    assert "Korea lets in no meat" in problem.message
    assert "កូរ៉េហាមនាំចូលសាច់" in problem.message


def test_every_problem_is_named_at_once() -> None:
    bad = replace(LINE, description="gift", value_minor=0, hs_code="1", origin_country="XX", quantity=0)

    assert {code for _, code in refusals(declared(bad, bad, currency="USD"))} == {
        "vague",
        "no-value",
        "hs-code-shape",
        "unknown-country",
        "too-few",
    }
    assert len(refusals(declared(bad, bad))) == 10


def test_a_thing_that_the_catalogue_does_not_hold_yet_is_refused() -> None:
    picked = replace(LINE, goods="krama-cotton", description="Cotton scarf (krama)")
    assert ("lines.0.goods", "unknown-goods") in refusals(declared(picked), on=date(2021, 12, 31))
    assert refusals(declared(picked)) == []


def test_a_day_before_all_rules_is_refused_as_such() -> None:
    with pytest.raises(NoRulesInForce):
        refusals(declared(), on=date(1999, 12, 31))
