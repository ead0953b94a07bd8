"""The tracking service as a process: `python -m services.tracking [serve|migrate|create-topics]`."""

import sys

from services.tracking.main import MIGRATIONS, build
from services.tracking.settings import TrackingSettings
from shared.web.command import run

if __name__ == "__main__":
    sys.exit(run(TrackingSettings, build, MIGRATIONS, sys.argv[1:], {}))
