"""The parcel application with shops that may announce."""

import pytest
from fastapi import FastAPI

from shared.db.connection import Database
from tests.parcel.drafts.shop import open_shops


@pytest.fixture
async def app(app: FastAPI, parcel_db: Database) -> FastAPI:
    await open_shops(parcel_db)
    return app
