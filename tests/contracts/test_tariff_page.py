"""The tables of tariffs say what the dated files say."""

from services.parcel.pricing.domain.tariff import editions
from tests.contracts.tariff_page import PAGE, page


def test_the_page_is_what_the_files_say() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.contracts.tariff_page"


def test_every_tariff_service_and_first_price_stands_on_the_page() -> None:
    written = page()
    for tariff in editions().by_version.values():
        assert f"## {tariff.version}\n" in written
        for service, offer in tariff.services.items():
            assert f"### {service} ({tariff.version})" in written
            for zone, postage in offer.postage.items():
                assert f"| {zone} | " in written
                assert all(f"{step.riel:,}" in written for step in postage.first)


def test_a_sample_says_that_it_is_one() -> None:
    samples = [tariff for tariff in editions().by_version.values() if tariff.sample]
    assert page().count("these are not official prices") == len(samples) > 0
