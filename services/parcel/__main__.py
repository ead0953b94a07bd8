"""The parcel service as a process.

`python -m services.parcel [serve|migrate|create-topics|load-samples|add-administrator|verify-ledger|reset-staff NAME]`.
"""

import gc
import sys

# Until it serves: going through what imports make, again and again, takes a fifth of a start and frees nothing.
gc.disable()

from services.parcel.cash.entrypoints.verify import verify_from_environment
from services.parcel.main import MIGRATIONS, build
from services.parcel.settings import ParcelSettings
from services.parcel.setup.entrypoints.first_administrator import make_from_environment
from services.parcel.setup.entrypoints.forgotten_passphrase import reset_from_environment
from services.parcel.setup.entrypoints.samples import load_samples_from_environment
from shared.web.command import run

if __name__ == "__main__":
    more = {
        "load-samples": load_samples_from_environment,
        "add-administrator": make_from_environment,
        "verify-ledger": verify_from_environment,
    }
    about_one = {"reset-staff": reset_from_environment}
    sys.exit(run(ParcelSettings, build, MIGRATIONS, sys.argv[1:], more, about_one))
