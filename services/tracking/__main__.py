"""The tracking service as a process: `python -m services.tracking [serve|migrate|create-topics|rebuild]`."""

import sys

from services.tracking.entrypoints.rebuild import rebuild_from_environment, rebuild_from_topics
from services.tracking.main import MIGRATIONS, build
from services.tracking.settings import TrackingSettings
from shared.web.command import run

if __name__ == "__main__":
    more = {"rebuild": rebuild_from_environment, "rebuild --from-topics": rebuild_from_topics}
    sys.exit(run(TrackingSettings, build, MIGRATIONS, sys.argv[1:], more))
