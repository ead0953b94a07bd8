"""Some twenty bags of parcels carried through their lives against the three services as they run."""

import asyncio

from onebox.configuration import SERVICES
from onebox.simulator.carrying import NOT_HEARD_YET
from onebox.simulator.client import Client
from onebox.simulator.history import History, Kind, Outcome
from onebox.simulator.network import network_of
from onebox.simulator.traffic import Traffic
from tests.system.accounts import count
from tests.system.stack import PASSPHRASE, Stack

WITHIN_S = 60.0


async def test_every_step_of_planned_lives_is_accepted(stack: Stack) -> None:
    await stack.start_all()
    history = History()
    async with Client.open({name: stack.url(name) for name in SERVICES}, history, PASSPHRASE) as client:
        traffic = Traffic(client, seed=11, network=network_of(18))
        traffic.keep_busy(6)
        async with asyncio.timeout(WITHIN_S):
            while traffic.done.get(Kind.CANCEL, 0) < 2 or traffic.done.get(Kind.REGISTER, 0) < 100:
                await asyncio.sleep(0.1)
        await traffic.stop()

    lasting = [call for call in history.calls if call.outcome is not Outcome.OK and call.kind is not Kind.READ_JOURNEY]
    early = {call.key for call in lasting if call.reason == NOT_HEARD_YET}
    others = [call for call in lasting if call.status != 401 and call.reason != NOT_HEARD_YET]
    assert [(call.kind, call.status, call.reason, call.answer) for call in others] == []
    results = [result for call in history.of(Kind.SCAN_BATCH) for result in call.answer.get("results", ())]
    early |= {one["scan_id"] for one in results if NOT_HEARD_YET in {error["code"] for error in one["errors"]}}
    recorded = [one["scan_id"] for one in results if one["result"] == "recorded"]
    recorded += [call.key for call in history.of(Kind.SCAN, Outcome.OK)]
    assert {one["scan_id"] for one in results} <= set(recorded)
    assert early <= set(recorded)
    registered = {call.answer["item_number"] for call in history.of(Kind.REGISTER, Outcome.OK)}
    assert await count(stack, "parcel", "select count(*) from parcel") == len(registered)
    assert len(recorded) == len(set(recorded))
    assert await count(stack, "tracking", "select count(*) from scan where source = 'counter'") == len(recorded)
