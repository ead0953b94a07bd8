"""The tables of claims say what the dated files say."""

from services.parcel.claims.domain import compensation, terms
from tests.contracts.claim_page import PAGE, page


def test_the_page_is_what_the_files_say() -> None:
    assert PAGE.read_text() == page(), "run python -m tests.contracts.claim_page"


def test_every_edition_service_ground_and_source_stands_on_the_page() -> None:
    written = page()
    for of_terms in terms.editions().by_version.values():
        assert f"## Terms {of_terms.version}\n" in written
        assert of_terms.international.source in written
    for table in compensation.editions().by_version.values():
        assert f"## Compensation {table.version}\n" in written
        for covers in (table.domestic, table.international):
            for of_service in covers.values():
                assert all(cover.source in written for cover in of_service.values())


def test_what_nobody_confirmed_says_so() -> None:
    editions = (*terms.editions().by_version.values(), *compensation.editions().by_version.values())
    assert page().count("Not confirmed by the post.") == sum(edition.provisional for edition in editions) > 0
