"""The tracking service as a process: `python -m services.tracking [serve|migrate|create-topics|rebuild]`."""

import gc
import sys

# Until it serves: going through what imports make, again and again, takes a fifth of a start and frees nothing.
gc.disable()

from services.tracking.entrypoints.rebuild import rebuild_from_environment, rebuild_from_topics
from services.tracking.main import MIGRATIONS, build
from services.tracking.settings import TrackingSettings
from shared.web.command import run

if __name__ == "__main__":
    more = {"rebuild": rebuild_from_environment, "rebuild --from-topics": rebuild_from_topics}
    sys.exit(run(TrackingSettings, build, MIGRATIONS, sys.argv[1:], more))
