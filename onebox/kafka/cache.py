"""Making Java's ahead-of-time cache of the broker: once, in the background, with a throwaway broker that trains it."""

import shutil
import tempfile
from pathlib import Path

import structlog

from onebox import ports, server_process
from onebox.errors import CannotRun
from onebox.kafka.cluster import STOP_SIGNAL, KafkaCluster
from onebox.kafka.node import Node
from onebox.kafka.program import KafkaProgram

LOWEST_PRIORITY = 19
WRITTEN_WITHIN_S = 180.0
TRAINING = "training-"

log = structlog.get_logger()


async def make(program: KafkaProgram, folder: Path) -> None:
    """Make the cache if there is none, working under the folder.

    Whatever fails here costs a slower start and nothing else.
    """
    if program.cache.exists():
        return
    for outdated in program.home.glob("broker-*"):
        outdated.unlink(missing_ok=True)
    with tempfile.TemporaryDirectory(dir=folder, prefix=TRAINING) as training:
        try:
            await _train(program, Path(training))
        except (CannotRun, OSError) as error:
            log.warning("broker_cache_not_made", reason=str(error))


async def clear(folder: Path) -> None:
    """Stop and remove what a training that was killed has left."""
    for training in _trainings(folder):
        await server_process.stop_left_over(training / "node" / "process.json", STOP_SIGNAL)
        shutil.rmtree(training, ignore_errors=True)


async def _train(program: KafkaProgram, folder: Path) -> None:
    chosen = ports.choose(folder / "ports.json", ["broker", "controller"])
    node = Node(1, folder / "node", chosen["broker"], chosen["controller"])
    unfinished = program.cache.with_suffix(".unfinished")
    recording = program.with_options(f"-XX:AOTCacheOutput={unfinished.name}")
    cluster = KafkaCluster(recording, folder, [node], niceness=LOWEST_PRIORITY)
    try:
        await cluster.start()
        broker = cluster.processes[node.node_id]
        # Java writes the cache while it ends.
        await server_process.stop(broker, within_s=WRITTEN_WITHIN_S)
    finally:
        for process in cluster.processes.values():
            await server_process.kill(process)
    if unfinished.exists():
        unfinished.replace(program.cache)


def _trainings(folder: Path) -> list[Path]:
    return list(folder.glob(f"{TRAINING}*"))
