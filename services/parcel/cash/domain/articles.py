"""What a counter sells beside carriage: boxes and envelopes, by a dated list of prices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.parcel.cash.domain.accounts import Account, Posting
from shared.editions import Edition, Editions, Part
from shared.errors import Conflict, FieldProblem, Invalid

FILES = Path(__file__).parents[1] / "articles"


class NoArticlesInForce(Conflict):
    """No list of articles is in force on this day; an administrator must add one."""

    slug = "no-articles-in-force"


class NotEnoughStock(Conflict):
    """The ledger does not know of so many pieces; book the stock that came, or count it."""

    slug = "not-enough-stock"


class Article(Part):
    """One article and its price."""

    article: Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=24)]
    name_km: str
    name_en: str
    price_riel: Annotated[int, Field(ge=0)]


class Articles(Edition):
    """The articles of one edition."""

    articles: tuple[Article, ...]

    @property
    def by_code(self) -> Mapping[str, Article]:
        """Return each article under its code."""
        return {one.article: one for one in self.articles}


@dataclass(frozen=True, slots=True)
class Pieces:
    """So many of an article."""

    article: str
    pieces: int


@cache
def editions() -> Editions[Articles]:
    """Return every list there is."""
    return Editions.read(FILES, Articles)


def articles_on(day: date) -> Mapping[str, Article]:
    """Return the articles of a day, by code.

    Raises: NoArticlesInForce.
    """
    return editions().in_force(day, NoArticlesInForce).by_code


def must_be_articles(wanted: Iterable[Pieces], day: date) -> None:
    """Check that each article is on the list of a day, and is named once.

    Raises: Invalid, NoArticlesInForce.
    """
    known, problems, seen = articles_on(day), [], set()
    for place, one in enumerate(wanted):
        if one.article not in known:
            message = f"Name one of: {', '.join(known)}."
            problems.append(FieldProblem(f"articles.{place}.article", "unknown-article", message))
        if one.article in seen:
            problems.append(FieldProblem(f"articles.{place}.article", "named-twice", "Name each article once."))
        seen.add(one.article)
    if problems:
        raise Invalid(problems)


def sold_postings(sold: Iterable[Pieces], day: date) -> tuple[Posting, ...]:
    """Return what selling articles does, but for the money that is taken: pieces leave, and their price is earned."""
    prices = articles_on(day)
    return tuple(
        posting
        for one in sold
        for posting in (
            Posting(Account.STOCK_SOLD, one.pieces, one.article),
            Posting(Account.STOCK, -one.pieces, one.article),
            Posting(Account.SALES, -one.pieces * prices[one.article].price_riel, "KHR"),
        )
        if posting.quantity
    )


def received_postings(came: Iterable[Pieces]) -> tuple[Posting, ...]:
    """Return what stock that came does."""
    return tuple(
        posting
        for one in came
        for posting in (
            Posting(Account.STOCK, one.pieces, one.article),
            Posting(Account.STOCK_SUPPLIED, -one.pieces, one.article),
        )
    )


def counted_postings(has: Mapping[str, int], counted: Iterable[Pieces], count: str) -> tuple[Posting, ...]:
    """Return what brings the ledger to what was counted; the count is the holder of what differs."""
    differing = ((one.article, one.pieces - has.get(one.article, 0)) for one in counted)
    return tuple(
        posting
        for article, more in differing
        if more
        for posting in (
            Posting(Account.STOCK, more, article),
            Posting(Account.DIFFERENCES, -more, article, count),
        )
    )


def must_be_in_stock(has: Mapping[str, int], sold: Iterable[Pieces]) -> None:
    """Check that the ledger knows of as many pieces as are sold.

    Raises: NotEnoughStock.
    """
    for one in sold:
        if one.pieces > has.get(one.article, 0):
            raise NotEnoughStock(f"{has.get(one.article, 0)} of {one.article} are known of.")
