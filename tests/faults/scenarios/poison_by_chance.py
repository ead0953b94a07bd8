"""F15: real records of every topic, broken by chance, in the topics that they came from."""

from collections import defaultdict
from collections.abc import Mapping

from shared.contracts.topics import TOPICS
from shared.sealing import KeyRing
from tests.contracts.events import GOLDEN
from tests.faults.draining import hearers_of
from tests.faults.injectors.poison import PutAsideBy, Sample
from tests.faults.injectors.poison_by_chance import KNOWN, broken
from tests.faults.injectors.topics_by_hand import Written, all_records, copy_of, write, writer
from tests.faults.invariants.log_and_topics import READ
from tests.faults.recovery import shown_again
from tests.faults.run import Run
from tests.faults.scenario import Scenario

EACH = 12
"""So many for each topic and round."""
SHOWN_WITHIN_S = 15.0


async def poison_by_chance(run: Run) -> None:
    """Break records of every topic, and put them where the good ones stand, while work goes on."""
    ring = KeyRing.read(run.office.stack.folder / "key-ring.json")
    for _ in range(run.rounds):
        async with run.window("poison made by chance", floor=20), writer(run.office.stack.kafka) as producer:
            good = await _good(run, ring)
            for topic in TOPICS:
                run.must(good[topic.name] or not hearers_of(topic.name), f"F15 nothing to break in {topic.name}")
                for _ in range(EACH if good[topic.name] else 0):
                    record, who = broken(run.chance, run.chance.choice(good[topic.name]), ring)
                    (place,) = await write(producer, [record])
                    run.planted[place] = " ".join(_readers(record.topic, who, dict(record.headers).get("type")))
            await shown_again(run, SHOWN_WITHIN_S, "poison made by chance was in every topic")


async def _good(run: Run, ring: KeyRing) -> Mapping[str, list[Written]]:
    """Return records as services sent them; where they sent none yet, as they would."""
    found: defaultdict[str, list[Written]] = defaultdict(list)
    for record in await all_records(run.office.stack.kafka):
        # What was broken before says no truth about its type.
        if record.value and f"{record.topic}/{record.partition}/{record.offset}" not in run.planted:
            found[record.topic].append(copy_of(record))
    for event_type in KNOWN.values():
        if not found[event_type.topic]:
            event = event_type.model_validate_json((GOLDEN / f"{event_type.type}.json").read_bytes())
            found[event_type.topic].append(Sample(event, ring).good())
    return found


def _readers(topic: str, who: PutAsideBy, event_type: bytes | None) -> list[str]:
    """Return the services that must put it aside."""
    if who is PutAsideBy.EVERY_READER:
        return hearers_of(topic)
    return [service for service in READ if (event_type or b"").decode() in READ[service]]


SCENARIOS = [Scenario("F15", "poison made by chance", poison_by_chance, only_long=True, workers=2)]
