"""F6 under a compiled client: three tenths of the peak, with a broker and without; clerks in Python reach less."""

import shutil
from pathlib import Path

import pytest

from bench import wrk
from bench.ground import Ground
from bench.registration_rate import saturated
from bench.running_post import Post, running_post
from onebox.configuration import SERVICES
from tests.faults.own_servers import own_servers
from tests.faults.playable import leave_out
from tests.support.waiting import until

SHARE_OF_PEAK, KEEPS = 0.3, 0.95
WARM_S, BEFORE_S, GONE_S = 3, 10, 120
CONNECTIONS = 64
DRAINED_WITHIN_S = 180.0
ALL_SHOWN = "select count(*) from journey where version > 0"


async def _in_time(post: Post, seconds: int, rate: float) -> float:
    """Return the registrations a second that are answered with 201; a slow answer is taken for one of them."""
    run = await wrk.register(post.url, post.tokens, post.bodies, seconds, connections=CONNECTIONS, rate=rate)
    assert run.sent_per_s >= KEEPS * rate, run
    return (run.created - run.slow) / run.lasted_s


@pytest.mark.long
async def test_intake_keeps_its_rate_while_the_broker_is_gone(servers_folder: Path) -> None:
    if not shutil.which("wrk"):
        leave_out("wrk is not installed")
    async with own_servers(servers_folder) as servers:
        ground = Ground(servers_folder, servers.postgres.admin_url, servers.kafka.bootstrap)
        async with running_post(ground) as post:
            rate = SHARE_OF_PEAK * (await saturated(post)).per_s
        async with running_post(ground, SERVICES) as post:
            await _in_time(post, WARM_S, rate)
            before = await _in_time(post, BEFORE_S, rate)
            (node,) = servers.kafka.nodes
            await servers.kafka.kill_node(node.node_id)
            without = await _in_time(post, GONE_S, rate)
            await servers.kafka.start_node(node.node_id)
            await servers.kafka.until_serving()
            print(f"{rate:.0f} a second asked for: {before:.0f} with a broker, {without:.0f} without")
            parcels = await post.count("parcel", "select count(*) from parcel")

            async def all_are_shown() -> bool:
                return await post.count("tracking", ALL_SHOWN) == parcels

            await until(all_are_shown, DRAINED_WITHIN_S)
    assert before >= KEEPS * rate
    assert without >= KEEPS * before
