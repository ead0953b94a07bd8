"""How a walk ends: the item is handed over, and its timeline and messages are shown."""

from onebox.walks.walk import Answer, Say, Walk


async def show_ending(walk: Walk, number: str, milestone: str) -> None:
    """Wait until an item is handed over and a message of this milestone is there, then show what people see of it.

    Raises: DemoStopped.
    """
    journey = await walk.until(f"/tracking/journeys/{number}", lambda journey: journey["state"] == "delivered")
    walk.say(f"Its page: {walk.http.base_url.join(f'/tracking/items/{number}')}")
    _show_timeline(walk.say, journey)
    _show_messages(walk.say, await message_comes(walk, number, milestone))


async def message_comes(walk: Walk, number: str, milestone: str) -> Answer:
    """Wait until the inbox holds a message of this milestone about an item; return the inbox of the item.

    Raises: DemoStopped.
    """

    def is_there(inbox: Answer) -> bool:
        messages = inbox["messages"]
        return isinstance(messages, list) and any(message["milestone"] == milestone for message in messages)

    return await walk.until(f"/notifications/inbox.json?item_number={number}", is_there)


def _show_timeline(say: Say, journey: Answer) -> None:
    events = journey["events"]
    assert isinstance(events, list)
    say("\nTimeline, as anybody sees it by the number:")
    for event in events:
        place = event["place"] or {"km": "", "en": ""}
        say(f"  {event['occurred_at'][:19].replace('T', ' ')}  {event['text']['km']} · {place['km']}")
        say(f"  {'':19}  {event['text']['en']} · {place['en']}")


def _show_messages(say: Say, inbox: Answer) -> None:
    messages = inbox["messages"]
    assert isinstance(messages, list)
    say("\nMessages, as the phones show them:")
    for message in messages:
        parts = f"{message['segments']} segment(s)" if message["channel"] == "sms" else "no segments"
        say(f"  ── {message['channel']} to the {message['audience']} ({message['name']}, {message['phone']}), {parts}")
        for line in str(message["body"]).splitlines():
            say(f"     {line}")
