"""The words that stand on paper, read from a file a language; a missing word is found when they are read."""

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict

from shared.contracts.parcel import Language

TEXTS = Path(__file__).parents[1] / "texts"


class _Words(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ServiceWords(_Words):
    """Names of services."""

    parcel: str
    ems: str
    small_packet: str
    registered_letter: str


class LabelWords(_Words):
    """Captions of a label."""

    sender: str
    recipient: str
    collect_at: str
    to_the_door_from: str
    destination: str
    posted: str
    weight: str
    postage_to_collect: str
    cash_on_delivery: str
    insured: str
    order: str
    track: str


class PriceWords(_Words):
    """Names of what a line of a price is for."""

    postage: str
    registered: str
    advice_of_receipt: str
    door_delivery: str
    oversize: str
    insurance: str
    cod_fee: str


class PayerWords(_Words):
    """Who pays."""

    sender: str
    recipient: str
    cod: str


class ZoneWords(_Words):
    """Names of the zones of every tariff."""

    same_district: str
    same_province: str
    near_province: str
    elsewhere: str
    asean: str
    asia_pacific: str
    europe: str
    world: str


class ReceiptWords(_Words):
    """Captions and notes of a receipt; `{riel}`, `{phone}` and `{number}` are filled in."""

    title: str
    reprint: str
    item: str
    service: str
    sender: str
    recipient: str
    destination: str
    weight: str
    collected: str
    insured: str
    total: str
    in_usd: str
    rate: str
    rounded: str
    zone: str
    counted_weight: str
    payer: str
    tariff: str
    sample: str
    track: str
    ask: str
    never_asks: str
    keep: str


class SittingWords(_Words):
    """Captions of the receipt of many parcels; `{number}` and `{url}` are filled in."""

    title: str
    paid_with: str
    cash: str
    khqr: str
    account: str
    not_paid_here: str
    follow: str


class SackWords(_Words):
    """Captions of the slip on a sack."""

    title: str
    parcels: str
    hand_in: str
    scan: str


class MarkWords(_Words):
    """What is stamped on any paper."""

    void: str


class Words(_Words):
    """All words of one language."""

    service: ServiceWords
    label: LabelWords
    price: PriceWords
    payer: PayerWords
    zone: ZoneWords
    receipt: ReceiptWords
    sitting: SittingWords
    sack: SackWords
    mark: MarkWords


@lru_cache
def words(language: Language) -> Words:
    """Return the words of a language."""
    tables = _read(language)
    return Words.model_validate({name: tables[name] for name in Words.model_fields})


@lru_cache
def customs_captions() -> dict[str, str]:
    """Return the captions of customs forms by field: English, then French where its name is certain, then Khmer."""
    english: dict[str, str] = _read("en")["customs"]
    french: dict[str, str] = _read("fr")["customs"]
    khmer: dict[str, str] = _read("km")["customs"]
    abroad = {field: " / ".join(dict.fromkeys((text, french.get(field, text)))) for field, text in english.items()}
    return {field: f"{text} · {khmer[field]}" for field, text in abroad.items()}


@lru_cache
def small_customs_captions() -> dict[str, str]:
    """Return the captions of the small form, which has room for English and Khmer, and of its long text for English."""
    english: dict[str, str] = _read("en")["customs"]
    khmer: dict[str, str] = _read("km")["customs"]
    return {field: text if field == "declare" else f"{text} · {khmer[field]}" for field, text in english.items()}


@lru_cache
def customs_words(language: Language) -> dict[str, str]:
    """Return the captions of customs forms in one language alone, by field."""
    texts: dict[str, str] = _read(language)["customs"]
    return texts


def _read(language: str) -> dict[str, Any]:
    return tomllib.loads((TEXTS / f"{language}.toml").read_text())
