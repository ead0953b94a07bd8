"""The notifications service as a process: `python -m services.notifications [serve|migrate|create-topics]`."""

import sys

from services.notifications.main import MIGRATIONS, build
from services.notifications.settings import NotificationsSettings
from shared.web.command import run

if __name__ == "__main__":
    sys.exit(run(NotificationsSettings, build, MIGRATIONS, sys.argv[1:], {}))
