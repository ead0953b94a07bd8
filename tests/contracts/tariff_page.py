"""Writes docs/tariffs.md: every tariff there is, as tables, from its dated file."""

from collections.abc import Iterator
from pathlib import Path

from services.parcel.pricing.domain.tariff import Offer, Postage, Step, Tariff, editions

PAGE = Path(__file__).parents[2] / "docs" / "tariffs.md"
HEAD = """# Tariffs

What the carriage of an item costs, in riel, by service, zone and weight. This page is made from the dated files in
`services/parcel/pricing/tariffs/` by `python -m tests.contracts.tariff_page`, and a test holds it against them. A
parcel keeps the version that it was reckoned by, and `GET /parcel/parcels/{item_number}/price` reckons its price again.
"""


def page() -> str:
    """Return the page as it is to be."""
    tariffs = sorted(editions().by_version.values(), key=lambda tariff: tariff.valid_from, reverse=True)
    return "\n".join([HEAD, *(line for tariff in tariffs for line in _tariff(tariff))]).rstrip("\n") + "\n"


def _tariff(tariff: Tariff) -> Iterator[str]:
    yield f"## {tariff.version}"
    yield ""
    kind = "A sample: these are not official prices. " if tariff.sample else ""
    until = f"until {tariff.valid_until}" if tariff.valid_until else "until another takes its place"
    rounded = f"each price to the nearest {tariff.money.nearest_riel} riel"
    yield f"{kind}In force from {tariff.valid_from} {until}; {rounded}."
    yield f"Source: {tariff.source}"
    yield ""
    for service, offer in tariff.services.items():
        yield f"### {service} ({tariff.version})"
        yield ""
        yield from _postage(offer)
        yield ""
        yield from _beside(offer)
        yield ""
    yield from _countries(tariff)


def _postage(offer: Offer) -> Iterator[str]:
    weights = sorted({step.up_to_g for postage in offer.postage.values() for step in postage.first})
    yield "| zone | " + " | ".join(f"to {weight:,} g" for weight in weights) + " | above |"
    yield "|---|" + "--:|" * len(weights) + "---|"
    for zone, postage in offer.postage.items():
        prices = [f"{step.riel:,}" if (step := _exact(postage, weight)) else "" for weight in weights]
        yield f"| {zone} | " + " | ".join(prices) + f" | {_further(postage)} |"


def _exact(postage: Postage, weight_g: int) -> Step | None:
    return postage.step_of(weight_g)


def _further(postage: Postage) -> str:
    further = postage.further
    if further is None:
        return "not carried"
    return f"{further.riel:,} for each {further.each_g:,} g more, to {further.up_to_g:,} g"


def _beside(offer: Offer) -> Iterator[str]:
    for option, price in offer.options.items():
        needs = f", with {price.needs.value} alone" if price.needs else ""
        yield f"- {option.value}: {price.riel:,}{'' if price.abroad else ', not abroad'}{needs}"
    if size := offer.oversize:
        longest, girth = size.over_side_mm, size.over_length_and_girth_mm
        yield f"- larger than {longest:,} mm, or {girth:,} mm of length and girth: {size.riel:,}"
    if insured := offer.insurance:
        yield (
            f"- insurance: {insured.riel_per_thousand} of each 1,000 insured, at least {insured.minimum_riel:,}; "
            f"at most {insured.most_declared_riel:,} is insured"
        )
    if cod := offer.cod:
        yield (
            f"- collecting money: {cod.basis_points / 100:.2f} %, at least {cod.minimum_riel:,} and at most "
            f"{cod.maximum_riel:,}; at most {cod.most_collected_riel:,} is collected"
            f"{'' if cod.abroad else ', not abroad'}"
        )
    if volume := offer.volumetric:
        side = f"{volume.from_side_mm:,} mm"
        yield f"- from a side of {side} on the volume in mm³ counts as grams, one for {volume.divisor:,}"


def _countries(tariff: Tariff) -> Iterator[str]:
    yield f"Countries ({tariff.version}): "
    for zone, countries in tariff.country_zones.countries.items():
        yield f"- {zone}: {', '.join(countries)}"
    yield f"- {tariff.country_zones.others}: all others"
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page())
