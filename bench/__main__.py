"""`make bench`: measures and prints; `python -m bench P13` measures one figure alone."""

import asyncio
import sys
import tempfile
from pathlib import Path

from bench.registration_cost import Cost, compare
from onebox.postgres import databases
from onebox.servers import Flavour, servers
from services.parcel.main import MIGRATIONS
from shared import logs
from shared.db.migrate import migrate
from shared.web.service import SHARED_MIGRATIONS

METRICS = ("P13",)
COUNTING = Flavour({"shared_preload_libraries": "pg_stat_statements"}, makes_cache=False)


async def measure() -> dict[str, Cost]:
    """Measure on a PostgreSQL of its own, with the durability of production."""
    with tempfile.TemporaryDirectory(prefix="ctcpost-bench-") as folder:
        state = Path(folder)
        state.chmod(0o755)
        async with servers(state, lambda _: None, kafka_bootstrap="not used", flavour=COUNTING) as running:
            assert running.postgres is not None
            made = await databases.create_one(running.postgres.admin_url, "parcel", state / "secrets")
            await migrate(made.owner_url, [*SHARED_MIGRATIONS, MIGRATIONS])
            return await compare(made.service_url, databases.url_of(running.postgres.admin_url, "parcel"))


def main() -> None:
    """Measure what the arguments name, or everything."""
    if unknown := set(sys.argv[1:]) - set(METRICS):
        sys.exit(f"There is no {', '.join(unknown)}; say one of {', '.join(METRICS)}.")
    logs.configure("WARNING")
    print("P13  a registration                statements   commits   log bytes")
    for name, cost in asyncio.run(measure()).items():
        print(f"     {name:<28}{cost.statements:>12.2f}{cost.commits:>10.2f}{cost.wal_bytes:>12.0f}")


if __name__ == "__main__":
    main()
