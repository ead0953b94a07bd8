"""Answers that were given are kept for thirty days, and never longer than the people whom they name."""

from datetime import timedelta
from functools import partial

import pytest
from fastapi import FastAPI

from services.parcel import running
from services.parcel.pricing.entrypoints.known_rates import KnownRates
from shared.access.tokens import SigningKey
from shared.db.connection import Database
from tests.parcel.counter import Counter
from tests.parcel.customs.desk import Desk

A_MINUTE = timedelta(minutes=1)


async def tidy(app: FastAPI, signing_key: SigningKey, personal_data_for: timedelta) -> None:
    """Do what the service does every hour, by its setting."""
    loops = running.loops(signing_key, KnownRates(), personal_data_for, timedelta(days=30), app.state.service)
    (loop,) = [loop for loop in loops if loop.name == "old requests"]
    await loop.step()


@pytest.mark.parametrize(("personal_data_days", "kept_days"), [(180, 30), (30, 30), (7, 7), (1, 1)], ids=str)
async def test_an_answer_is_kept_as_long_as_both_allow(
    app: FastAPI,
    counter: Counter,
    parcel_db: Database,
    signing_key: SigningKey,
    personal_data_days: int,
    kept_days: int,
) -> None:
    await counter.register(key="k1")
    forget = partial(tidy, app, signing_key, timedelta(days=personal_data_days))
    for age, kept in ((timedelta(days=kept_days) - A_MINUTE, 1), (timedelta(days=kept_days) + A_MINUTE, 0)):
        async with parcel_db.connection() as connection:
            await connection.execute("update request set made_at = now() - $1::interval", age)
            await forget()
            assert await connection.fetchval("select count(*) from request") == kept


async def test_what_is_noted_of_answers_goes_with_them(
    app: FastAPI, counter: Counter, parcel_db: Database, signing_key: SigningKey
) -> None:
    await Desk(counter).taken_in()
    async with parcel_db.connection() as connection:
        assert await connection.fetchval("select count(*) from answer_of_item") == 1
        await connection.execute("update answer_of_item set made_at = now() - interval '31 days'")
        await tidy(app, signing_key, timedelta(days=180))
        assert await connection.fetchval("select count(*) from answer_of_item") == 0
