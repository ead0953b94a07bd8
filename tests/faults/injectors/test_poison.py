from tests.faults.draining import HEARD
from tests.faults.injectors.poison import kinds_for
from tests.faults.scenarios.poison_in_the_topics import samples


def test_each_topic_that_is_read_gets_thirty_kinds_of_poison() -> None:
    kinds = {event.topic: {name for name, _, _ in kinds_for(event)} for event in samples()}
    assert kinds.keys() == set().union(*HEARD.values())
    assert {topic for topic, names in kinds.items() if len(names) < 30} == set()
