"""The parcel application with offices near and far."""

import pytest
from fastapi import FastAPI

from shared.access import directory
from shared.db.connection import Database
from tests.access.signed_in import office_entry
from tests.parcel.pricing.asked import FAR, NEAR


@pytest.fixture
async def app(app: FastAPI, parcel_db: Database) -> FastAPI:
    async with parcel_db.transaction() as tx:
        offices = [office_entry(code).model_copy(update={"district_code": d}) for code, d in (NEAR, FAR)]
        await directory.keep(tx, offices)
    await app.state.service.directory.refresh(parcel_db)
    return app
