"""Where the servers of a test run are reached, and the folder in which its processes find each other."""

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

ROOT = Path(__file__).parents[2]
SESSION_VARIABLE = "CTCPOST_TEST_SESSION"
"""Set by the process that controls the run; the workers of pytest-xdist inherit it."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """A PostgreSQL and a Kafka that tests may use."""

    postgres_url: str
    """DSN of a superuser."""
    kafka_bootstrap: str

    @classmethod
    def read(cls, file: Path) -> Self:
        """Read what the keeper wrote down."""
        return cls(**json.loads(file.read_text()))

    def write(self, file: Path) -> None:
        """Write the addresses down in one step, so that nobody reads half of them."""
        unfinished = file.with_suffix(".unfinished")
        unfinished.write_text(json.dumps(asdict(self)))
        unfinished.replace(file)


def session_folder() -> Path:
    """Return the temporary folder of this test run."""
    return Path(os.environ[SESSION_VARIABLE])


def session_tag() -> str:
    """Return what the names of this run's databases and roles begin with."""
    return "test_" + "".join(letter for letter in session_folder().name.lower() if letter.isalnum())[-8:]
