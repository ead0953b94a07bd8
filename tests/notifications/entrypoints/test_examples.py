"""The examples of the description of notifications are requests that succeed."""

import httpx
from pydantic import SecretStr

from services.notifications.main import build
from services.notifications.settings import NotificationsSettings
from shared.db.connection import Database
from shared.web.service import assemble
from tests.contracts.declared import must_be_declared_by
from tests.contracts.examples import parameters


async def test_each_example_succeeds_as_it_stands(notifications_database: Database) -> None:
    settings = NotificationsSettings(
        database_url=SecretStr("postgresql://nobody@127.0.0.1:1/none"), development_channel=True
    )
    app = build(settings)
    app.state.service = assemble(app.state.plan, notifications_database, notifications_database)
    answers = {}
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(app),
        base_url="http://post.example",
        event_hooks={"response": [must_be_declared_by("notifications")]},
    ) as client:
        for method, path, shown, query in parameters(app):
            answer = await client.request(method, path.format(**shown), params=query)
            answers[path] = (answer.status_code, len(query))
    assert answers == {
        "/inbox": (200, 2),
        "/inbox.json": (200, 2),
        "/inbox/phones/{phone}/telegram": (303, 0),
    }
