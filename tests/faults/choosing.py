"""Which faults somebody asks for: by fault (F1), by name, by both, several by comma."""

import re
from collections.abc import Iterable, Sequence

from tests.faults.scenario import Scenario


class Unknown(LookupError):
    """No fault is called that."""


def asked_for(only: str, scenarios: Iterable[Scenario]) -> Sequence[Scenario]:
    """Return those that are named in full; all of them where nothing is named. A name may have commas itself.

    Raises: Unknown, with the names that are nobody's.
    """
    asked = left = _between_commas(only)
    chosen = []
    for scenario in scenarios:
        called = [_between_commas(name) for name in (scenario.title, scenario.fault, scenario.name)]
        if asked == ",," or any(name in asked for name in called):
            chosen.append(scenario)
        for name in called:
            # The comma behind a name is also the one before the next.
            left = re.sub(re.escape(name[:-1]) + "(?=,)", "", left)
    if nobodys := [name for name in left.split(",") if name]:
        raise Unknown(", ".join(nobodys))
    return chosen


def _between_commas(names: str) -> str:
    return f",{','.join(name.strip() for name in names.split(','))},"
