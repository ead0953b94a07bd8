"""`python -m onebox up|down|demo|simulate`: what the Makefile calls."""

import asyncio
import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import asyncpg
import typer
import uvloop

from onebox import run_lock
from onebox.demo import demo
from onebox.errors import CannotRun
from onebox.servers import stop_left_overs
from onebox.simulate import Wanted, simulate
from onebox.simulator.day import LevelName
from onebox.up import Door, up
from shared import logs
from shared.db.migrate import MigrationError
from shared.web.allocator import give_memory_back
from shared.web.serve import collect_rarely

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)

State = Annotated[Path, typer.Option(envvar="CTCPOST_STATE", help="Folder of the data, secrets and logs.")]
Port = Annotated[int, typer.Option(envvar="CTCPOST_PORT", help="Port of the front door.")]
Url = Annotated[str | None, typer.Option(envvar="CTCPOST_URL", help="A front door that runs already, elsewhere.")]
LOCAL = Path(".local")
OWN_PAGES_FROM_BYTES = 512 * 1024
"""As in the parcel service, which answers whoever waits longest."""


def say(line: str) -> None:
    """Print one line at once; nobody listening any more stops nothing."""
    with suppress(BrokenPipeError):
        print(line, flush=True)


@app.command("up")
def start(state: State = LOCAL, port: Port = 8080) -> None:
    """Start the whole post office here: PostgreSQL, Kafka, three services, one address."""
    folder = state.resolve()
    (folder / "logs").mkdir(parents=True, exist_ok=True)
    with (folder / "logs" / "services.log").open("a") as log_file:
        logs.configure(os.environ.get("CTCPOST_LOG_LEVEL", "INFO"), log_file)
        collect_rarely()
        give_memory_back(OWN_PAGES_FROM_BYTES)
        try:
            uvloop.run(up(folder, Door("127.0.0.1", port), say))
        except asyncio.CancelledError:
            say("Stopped before everything had started; the data are kept.")


@app.command("down")
def stop(state: State = LOCAL) -> None:
    """Stop the post office that runs with this folder, and servers that a crashed one left."""
    if run_lock.stop_holder(state.resolve()):
        say("Stopped.")
    elif not asyncio.run(stop_left_overs(state.resolve(), say)):
        say("Nothing runs here.")


@app.command("demo")
def walk(
    state: State = LOCAL,
    port: Port = 8080,
    url: Url = None,
) -> None:
    """Walk a parcel at home, one abroad and one from there through their lives, and print what people are told."""
    asyncio.run(demo(state.resolve(), port, url, say))


@app.command("simulate")
def play(
    state: State = LOCAL,
    url: Url = None,
    level: Annotated[LevelName, typer.Option(help="How large the post is.")] = LevelName.PILOT,
    minutes: Annotated[float, typer.Option(min=0.1, max=600, help="Real minutes that are measured.")] = 10.0,
    speed: Annotated[float, typer.Option(min=0.1, max=600, help="How much faster than a real day; 1 is the peak.")] = 1,
    seed: Annotated[int, typer.Option(help="The same seed plans the same parcels.")] = 1,
    *,
    ramp: Annotated[bool, typer.Option("--ramp", help="Raise the load until it saturates, instead.")] = False,
    figures: Annotated[Path | None, typer.Option(help="A file for the figures, beside the state folder's.")] = None,
) -> None:
    """Play a part of a day of many offices against the post office that runs here, and judge how it did."""
    if not uvloop.run(simulate(state.resolve(), url, Wanted(level, minutes, speed, seed, ramp, figures))):
        sys.exit(1)


def main() -> None:
    """Run a command; what stands in the way is one sentence."""
    try:
        app()
    except (CannotRun, MigrationError) as error:
        sys.exit(f"{error}")
    except (asyncpg.PostgresError, OSError) as error:
        sys.exit(f"{type(error).__name__}: {error}")


if __name__ == "__main__":
    main()
