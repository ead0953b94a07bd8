"""Composition root of the parcel service."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from services.parcel import running
from services.parcel.addresses.entrypoints import places_http
from services.parcel.cash.entrypoints import drawers_http, ledger_http, office_cash_http, stock_http
from services.parcel.claims.entrypoints import claims_http, settling_http
from services.parcel.cod.domain.khqr import PostAccount
from services.parcel.cod.entrypoints import collected_http, payouts_http
from services.parcel.cod.entrypoints import consumers as cod_consumers
from services.parcel.customs.entrypoints import customs_http, inbound_corrections_http, inbound_http, inbound_list_http
from services.parcel.documents.domain.imprint import Imprint
from services.parcel.documents.entrypoints import papers_http, prints_http, sticker_papers_http
from services.parcel.numbers.domain.ahead import MostAhead
from services.parcel.numbers.entrypoints import numbers_http, ranges_http, stickers_http
from services.parcel.people.entrypoints import (
    addresses_http,
    keys_http,
    offices_http,
    reads_http,
    second_factor_http,
    sessions_http,
    staff_http,
    trader_sessions_http,
    traders_http,
)
from services.parcel.posting.entrypoints import (
    consumers,
    parcel_list_http,
    parcels_http,
    parties_http,
    payments_http,
    prices_http,
    refunds_http,
    registration_http,
)
from services.parcel.practice.entrypoints import practice_http
from services.parcel.pricing.entrypoints import exchange_rates_http, quotes_http, tariffs_http
from services.parcel.pricing.entrypoints.known_rates import KnownRates
from services.parcel.settings import ParcelSettings
from shared.access.tokens import SigningKey
from shared.web.application import Application, create_app
from shared.web.service import Plan

NAME = "parcel"
MIGRATIONS = Path(__file__).parent / "migrations"
REFUSALS = Path(__file__).parent / "refusals.json"
ROUTERS = (
    registration_http.router,
    parcel_list_http.router,
    parcels_http.router,
    parties_http.router,
    prices_http.router,
    papers_http.router,
    prints_http.router,
    numbers_http.router,
    ranges_http.router,
    stickers_http.router,
    sticker_papers_http.router,
    sessions_http.router,
    trader_sessions_http.router,
    offices_http.router,
    staff_http.router,
    second_factor_http.router,
    traders_http.router,
    keys_http.router,
    addresses_http.router,
    reads_http.router,
    practice_http.router,
    places_http.router,
    customs_http.router,
    inbound_list_http.router,
    inbound_http.router,
    inbound_corrections_http.router,
    quotes_http.router,
    tariffs_http.router,
    exchange_rates_http.router,
    refunds_http.router,
    drawers_http.router,
    payments_http.router,
    office_cash_http.router,
    stock_http.router,
    ledger_http.router,
    payouts_http.router,
    collected_http.router,
    claims_http.router,
    settling_http.router,
)


def build(settings: ParcelSettings) -> Application:
    """Build the service; it connects to nothing until it is started."""
    signing_key = SigningKey.read(settings.signing_key_file.read_bytes())
    known_rates = KnownRates()
    imprint = Imprint(settings.public_url, settings.ask_phone)
    most_ahead = MostAhead(settings.most_numbers_ahead, settings.most_stickers_ahead)
    khqr_account = (
        PostAccount(settings.khqr_account, settings.khqr_merchant, settings.khqr_city)
        if settings.khqr_account
        else None
    )
    plan = Plan(
        name=NAME,
        title="CTC Post: parcels",
        settings=settings,
        migrations=MIGRATIONS,
        routers=ROUTERS,
        handlers=lambda service: {**consumers.handlers(service), **cod_consumers.handlers(service)},
        loops=partial(running.loops, signing_key, known_rates, timedelta(days=settings.personal_data_days)),
        beside=partial(
            running.beside,
            signing_key=signing_key,
            known_rates=known_rates,
            imprint=imprint,
            most_ahead=most_ahead,
            khqr_account=khqr_account,
        ),
        refusals=REFUSALS,
        copies_directory=False,
    )
    return create_app(plan)
