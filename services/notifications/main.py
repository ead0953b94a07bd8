"""The composition root of the notifications service: what it is made of, and how the parts are joined."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path

from services.notifications.channels.channel import Channel, Outgoing
from services.notifications.channels.development import DevelopmentChannel
from services.notifications.domain.code_wording import CodeTexts
from services.notifications.domain.message import ChannelName
from services.notifications.domain.wording import CHANNELS, Texts
from services.notifications.entrypoints import inbox
from services.notifications.entrypoints.code_sender import CodeSender
from services.notifications.entrypoints.consumers import HANDLERS
from services.notifications.entrypoints.measures import MessageMeasures
from services.notifications.entrypoints.message_sender import MessageSender
from services.notifications.entrypoints.sender import Pace
from services.notifications.settings import NotificationsSettings
from services.notifications.use_cases.keep_in_inbox import keep_in_inbox
from shared.db.connection import Database, server_time
from shared.loops import Loop
from shared.web.application import Application, create_app
from shared.web.service import Plan, Service

MIGRATIONS = Path(__file__).parent / "migrations"
REFUSALS = Path(__file__).parent / "refusals.json"


class NoChannel(ValueError):
    """No channel is configured; set NOTIFICATIONS_DEVELOPMENT_CHANNEL=true to show messages on a page."""


def build(settings: NotificationsSettings) -> Application:
    """Build the service.

    Raises: TextProblem, where a text is missing or wrong; NoChannel, where nothing could be sent.
    """
    if not settings.development_channel:
        raise NoChannel(NoChannel.__doc__)
    texts, code_texts = Texts.read(), CodeTexts.read()
    return create_app(
        Plan(
            name="notifications",
            title="CTC Post notifications",
            settings=settings,
            migrations=MIGRATIONS,
            routers=[inbox.router],
            handlers=lambda _service: HANDLERS,
            loops=lambda service: sending_loops(service, settings, texts, code_texts),
            refusals=REFUSALS,
        )
    )


def sending_loops(
    service: Service, settings: NotificationsSettings, texts: Texts, code_texts: CodeTexts
) -> Sequence[Loop]:
    """Return the loops that send and tidy up."""
    channels, measures = development_channels(service.database), MessageMeasures(service.measures.registry)
    sender = MessageSender(
        database=service.database,
        outbox=service.outbox,
        directory=service.directory,
        channels=channels,
        texts=texts,
        pace=Pace(
            batch=settings.send_batch,
            at_once=settings.sends_at_once,
            within_s=settings.send_within_s,
            lease=timedelta(seconds=settings.lease_s),
        ),
        measures=measures,
    )
    code_sender = CodeSender(
        # Not the pool of requests, which may all be taken: a code waits for nobody.
        database=service.background_database,
        outbox=service.outbox,
        channels=channels,
        texts=code_texts,
        pace=Pace(
            batch=settings.codes_at_once,
            at_once=settings.codes_at_once,
            within_s=settings.send_within_s,
            lease=timedelta(seconds=settings.code_lease_s),
        ),
        measures=measures,
    )
    return [
        Loop("send", sender.send, pause_s=settings.send_pause_s),
        Loop("tidy", sender.tidy, pause_s=settings.tidy_pause_s),
        Loop("send codes", code_sender.send, pause_s=settings.code_pause_s),
        Loop("tidy codes", code_sender.tidy, pause_s=settings.code_tidy_pause_s),
    ]


def development_channels(database: Database) -> Mapping[ChannelName, Channel]:
    """Return channels that show messages on the inbox page, each in a transaction of its own."""

    async def keep(outgoing: Outgoing, channel: ChannelName) -> None:
        async with database.transaction() as tx:
            await keep_in_inbox(tx, outgoing, channel, await server_time(tx))

    return {name: DevelopmentChannel(name, keep) for name in CHANNELS}
