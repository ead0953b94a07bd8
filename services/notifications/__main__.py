"""The notifications service as a process: `python -m services.notifications [serve|migrate|create-topics]`."""

import gc
import sys

# Until it serves: going through what imports make, again and again, takes a fifth of a start and frees nothing.
gc.disable()

from services.notifications.main import MIGRATIONS, build
from services.notifications.settings import NotificationsSettings
from shared.web.command import run

if __name__ == "__main__":
    sys.exit(run(NotificationsSettings, build, MIGRATIONS, sys.argv[1:], {}))
