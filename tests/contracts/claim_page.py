"""Writes docs/claims.md: until when one may ask, and what is paid, as tables, from their dated files."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from services.parcel.claims.domain import compensation, terms
from services.parcel.claims.domain.compensation import Compensations, Cover, Covers
from services.parcel.claims.domain.terms import Terms
from shared.editions import Edition, EditionT

PAGE = Path(__file__).parents[2] / "docs" / "claims.md"
HEAD = """# Claims

Until when one may ask about an item, how long its holder and the post take, and what is paid for it. This page is made
from the dated files in `services/parcel/claims/terms/` and `services/parcel/claims/compensations/` by
`python -m tests.contracts.claim_page`, and a test holds it against them.
"""


def page() -> str:
    """Return the page as it is to be."""
    lines = [HEAD]
    for of_terms in _newest_first(terms.editions().by_version.values()):
        lines += _terms(of_terms)
    for table in _newest_first(compensation.editions().by_version.values()):
        lines += _compensations(table)
    return "\n".join(lines).rstrip("\n") + "\n"


def _newest_first(editions: Iterable[EditionT]) -> list[EditionT]:
    return sorted(editions, key=lambda edition: edition.valid_from, reverse=True)


def _in_force(edition: Edition) -> Iterator[str]:
    kind = "Not confirmed by the post. " if edition.provisional else ""
    until = f"until {edition.valid_until}" if edition.valid_until else "until another takes its place"
    yield f"{kind}In force from {edition.valid_from} {until}."
    yield f"Source: {edition.source}"
    yield ""


def _terms(of_terms: Terms) -> Iterator[str]:
    yield f"## Terms {of_terms.version}"
    yield ""
    yield from _in_force(of_terms)
    yield "| items | ask within, from the day after posting | holder answers within | settled within | source |"
    yield "|---|--:|--:|--:|---|"
    for name, spans in (("domestic", of_terms.domestic), ("international", of_terms.international)):
        yield (
            f"| {name} | {spans.ask_within_months} months | {spans.answer_within_days} days "
            f"| {spans.settle_within_days} days | {spans.source} |"
        )
    yield ""


def _compensations(table: Compensations) -> Iterator[str]:
    yield f"## Compensation {table.version}"
    yield ""
    yield from _in_force(table)
    yield (
        f"A special drawing right (SDR) counts {table.cents_per_sdr / 100:.2f} dollars; riel are paid in multiples of "
        f"{table.nearest_riel}. What was insured takes the place of the cap, but for a return."
    )
    yield ""
    for name, covers in (("Domestic", table.domestic), ("International", table.international)):
        yield f"### {name} ({table.version})"
        yield ""
        yield from _covers(covers)
        yield ""


def _covers(covers: Covers) -> Iterator[str]:
    yield "| service | ground | content up to | postage back | source |"
    yield "|---|---|---|---|---|"
    for service, of_service in covers.items():
        for ground, cover in of_service.items():
            named = f"{service}, registered alone" if cover.registered_alone else service
            back = "yes" if cover.refunds_postage else "no"
            yield f"| {named} | {ground.value} | {_cap(cover)} | {back} | {cover.source} |"


def _cap(cover: Cover) -> str:
    parts = [f"{_amount(cover, minor)} to {up_to_g:,} g" for up_to_g, minor in cover.bands]
    if cover.per_item_minor:
        parts.append(_amount(cover, cover.per_item_minor))
    if cover.per_kg_minor:
        parts.append(f"and {_amount(cover, cover.per_kg_minor)} a kilogram")
    return ", ".join(parts) or "nothing"


def _amount(cover: Cover, minor: int) -> str:
    return f"{minor:,} riel" if cover.unit == "KHR" else f"{minor / 100:.2f} SDR"


if __name__ == "__main__":
    PAGE.write_text(page())
