"""Whether the declared content of an item may go to its destination, and what a clerk must be told of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pycountry

from services.parcel.addresses.domain.countries import DOMESTIC
from services.parcel.customs.domain import currencies
from services.parcel.customs.domain.currencies import Currency
from services.parcel.customs.domain.declaration import Category, ContentLine, Declaration
from services.parcel.customs.domain.descriptions import english_for, is_read_abroad, is_vague
from services.parcel.customs.domain.destinations import GoodsRule, demands, rules_against
from services.parcel.customs.domain.goods import catalogue
from services.parcel.customs.domain.posted_item import Sending
from shared.errors import FieldProblem, Invalid

HS_LENGTHS = (6, 8, 10)
PAPER_CHAPTER = "49"
"""Of the HS: printed and written papers."""
NOT_READ = "not-readable-abroad"
FREE_TEXTS = (
    "explanation",
    "sender_reference",
    "importer_reference",
    "licence_number",
    "certificate_number",
    "invoice_number",
    "comments",
)
"""What forms and advance data say beside the lines."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, or that a clerk must look at; rules about goods speak Khmer, too."""

    field: str
    code: str
    message: str
    message_km: str | None = None
    refuses: bool = True

    def problem(self) -> FieldProblem:
        """Return it as a refusal gives it."""
        return FieldProblem(self.field, self.code, " ".join(filter(None, (self.message, self.message_km))))


def findings_on(declaration: Declaration, sending: Sending, on: date) -> list[Finding]:
    """Return everything that is to be said of a declaration on a day."""
    found = [*_on_the_whole(declaration, sending, on)]
    currency = currencies.accepted(on).get(declaration.currency)
    for number, line in enumerate(declaration.lines):
        found += _on_words(line, f"lines.{number}", on)
        found += _on_figures(line, f"lines.{number}", declaration.category, currency, on)
        found += _on_tariff(line, f"lines.{number}", declaration.category, sending, on)
        found += _on_goods(line, f"lines.{number}", declaration, sending, on)
    return found


def must_be_acceptable(findings: Sequence[Finding]) -> None:
    """Check that nothing of what was found refuses the declaration.

    Raises: Invalid, with every problem found.
    """
    problems = [finding.problem() for finding in findings if finding.refuses]
    if problems:
        raise Invalid(problems)


def _on_the_whole(declaration: Declaration, sending: Sending, on: date) -> Iterator[Finding]:
    if sending.destination_country == DOMESTIC:
        yield Finding("destination_country", "domestic", "An item that stays in Cambodia has no customs declaration.")
    if declaration.category is Category.OTHER and not declaration.explanation:
        yield Finding("explanation", "missing", "Say what the item is sent for, or choose another category.")
    for name in FREE_TEXTS:
        if not is_read_abroad(getattr(declaration, name) or ""):
            yield Finding(name, NOT_READ, "Write it in Latin letters and figures: customs abroad reads no others.")
    if not declaration.lines:
        yield Finding("lines", "missing", "Declare at least one thing.")
    if declaration.currency not in currencies.accepted(on):
        accepted = ", ".join(currencies.accepted(on))
        yield Finding("currency", "unknown-currency", f"Give all values in one of {accepted}.")
    if declaration.net_weight_g > sending.gross_weight_g:
        message = (
            f"The things weigh {declaration.net_weight_g} g, more than the whole item of {sending.gross_weight_g} g; "
            "weigh them without their packing."
        )
        yield Finding("lines", "heavier-than-item", message)


def _on_words(line: ContentLine, place: str, on: date) -> Iterator[Finding]:
    if not is_read_abroad(line.description):
        english = english_for(line, on)
        instead = (
            f"write '{english}', as the catalogue does"
            if english
            else "write it in English, or pick it in the catalogue"
        )
        message = f"Customs abroad reads Latin letters alone: {instead}."
        yield Finding(f"{place}.description", NOT_READ, message)
    elif is_vague(line.description, on):
        message = "Say what the thing is and what it is made of: 'cotton t-shirt', not 'clothes'."
        yield Finding(f"{place}.description", "vague", message)


def _on_figures(
    line: ContentLine, place: str, category: Category, currency: Currency | None, on: date
) -> Iterator[Finding]:
    if line.quantity < 1:
        yield Finding(f"{place}.quantity", "too-few", "Count the things: at least one.")
    if line.net_weight_g < 1:
        yield Finding(f"{place}.net_weight_g", "too-light", "Weigh the things without their packing: at least 1 g.")
    if line.value_minor == 0 and category is Category.DOCUMENTS:
        yield from _on_papers_of_no_value(line, place, on)
    elif currency is not None and line.value_minor <= currency.minor(1):
        message = "Give what the things are worth, gifts too; 0 and 1 are taken for no value at all."
        yield Finding(f"{place}.value_minor", "no-value", message)


def _on_papers_of_no_value(line: ContentLine, place: str, on: date) -> Iterator[Finding]:
    """Give what is wrong with papers declared at 0; without a commercial value they may be, and nothing else may."""
    goods = catalogue(on).get(line.goods) if line.goods else None
    hs_code = line.hs_code or (goods.hs_code if goods else "")
    if not hs_code.startswith(PAPER_CHAPTER):
        message = (
            f"Only papers are without a value: pick them in the catalogue, or give their HS code of chapter "
            f"{PAPER_CHAPTER}; give what other things are worth."
        )
        yield Finding(f"{place}.value_minor", "no-value", message)


def _on_tariff(line: ContentLine, place: str, category: Category, sending: Sending, on: date) -> Iterator[Finding]:
    if line.hs_code is not None and not (line.hs_code.isascii() and line.hs_code.isdigit()):
        yield Finding(f"{place}.hs_code", "hs-code-shape", "An HS code is of digits alone: 621490.")
    elif line.hs_code is not None and len(line.hs_code) not in HS_LENGTHS:
        yield Finding(f"{place}.hs_code", "hs-code-shape", "An HS code has 6, 8 or 10 digits: 621490.")
    elif line.hs_code is None and category.is_commercial and demands("hs_six_digits", sending.destination_country, on):
        message = "This country demands the HS code of goods that are sold; pick the thing from the catalogue."
        yield Finding(f"{place}.hs_code", "hs-code-missing", message)
    if line.origin_country is not None and not _is_country(line.origin_country):
        message = "There is no country of this code; use two letters such as KH for where the thing was made."
        yield Finding(f"{place}.origin_country", "unknown-country", message)
    elif line.origin_country is None and category.is_commercial:
        message = "Name the country where the thing was made; KH if here."
        yield Finding(f"{place}.origin_country", "missing", message)


def _on_goods(line: ContentLine, place: str, declaration: Declaration, sending: Sending, on: date) -> Iterator[Finding]:
    goods = catalogue(on).get(line.goods) if line.goods else None
    if line.goods and goods is None:
        yield Finding(f"{place}.goods", "unknown-goods", "The catalogue has nothing of this id today; search it again.")
    for rule in rules_against(line.description, goods.tags if goods else (), sending.destination_country, on):
        yield Finding(
            f"{place}.description",
            _code(rule, declaration, sending),
            rule.reason_en,
            rule.reason_km,
            refuses=_refuses(rule, declaration, sending),
        )


def _is_country(code: str) -> bool:
    known = pycountry.countries.get(alpha_2=code)
    # The library looks codes up whatever their case.
    return known is not None and str(known.alpha_2) == code


def _code(rule: GoodsRule, declaration: Declaration, sending: Sending) -> str:
    if rule.level == "prohibited":
        return "prohibited"
    return f"{rule.needs}-needed" if _refuses(rule, declaration, sending) else "restricted"


def _refuses(rule: GoodsRule, declaration: Declaration, sending: Sending) -> bool:
    given = {
        "licence": declaration.licence_number,
        "certificate": declaration.certificate_number,
        "insurance": sending.insured,
    }
    return rule.level == "prohibited" or (rule.needs is not None and not given[rule.needs])
