"""Members asked for codes to sign in with: each goes to its phone at once."""

from collections.abc import Sequence
from datetime import datetime

from services.notifications.domain.sign_in_code import deadline_of
from services.notifications.store import codes_to_send, messages
from services.notifications.store.codes_to_send import CodeToSend
from services.notifications.store.messages import CodeIntent
from shared import trace
from shared.contracts.parcel import SignInCodeV1
from shared.db.connection import Tx
from shared.ids import new_id


async def queue_codes(tx: Tx, told: Sequence[SignInCodeV1], now: datetime) -> None:
    """Write an intent for each code; one that came too late is kept nowhere and will be told as expired."""
    intents = [(event, _intent(event)) for event in told]
    new = await messages.add_codes(tx, [intent for _, intent in intents], now)
    in_time = [(event, i) for event, i in intents if i.message_id in new and i.deadline > now]
    await codes_to_send.add(tx, [CodeToSend(intent.message_id, event.phone, event.code) for event, intent in in_time])


def _intent(event: SignInCodeV1) -> CodeIntent:
    return CodeIntent(
        message_id=new_id(),
        request_id=event.request_id,
        language=event.language,
        traceparent=trace.traceparent(event.request_id),
        deadline=deadline_of(event.time, event.expires_at),
    )
