"""`ctcpost dead-letters`: events that a service could not apply."""

import asyncio
from pathlib import Path
from typing import Annotated

import orjson
import typer
from rich.console import Console
from rich.table import Table

from onebox.ctcpost.target import LOCAL, Json, ServiceName, State, transaction
from shared.messaging import dead_letters
from shared.messaging.dead_letters import DeadLetter
from shared.messaging.dead_letters import State as Fate

app = typer.Typer(no_args_is_help=True, help="Events that a service could not apply, and what to do with them.")
console = Console()
Ids = Annotated[list[int] | None, typer.Argument(help="Ids as `list` shows them.")]
SHOWN = 200


@app.command("list", epilog="Example: ctcpost dead-letters list tracking")
def show_all(service: ServiceName, state: State = LOCAL, as_json: Json = False) -> None:
    """List the dead letters that wait for a decision."""
    found = asyncio.run(_open(service, state))
    if as_json:
        typer.echo(orjson.dumps([_as_data(dead) for dead in found]))
        return
    table = Table("id", "parked at (UTC)", "topic", "type", "key", "reason", "state")
    for dead in found:
        letter = dead.letter
        parked_at = f"{dead.parked_at:%Y-%m-%d %H:%M:%S}"
        table.add_row(str(dead.id), parked_at, letter.topic, letter.type, letter.key, dead.reason, dead.state)
    console.print(table if found else f"No dead letters in {service}.")


@app.command("show", epilog="Example: ctcpost dead-letters show tracking 7")
def show_one(service: ServiceName, letter_id: int, state: State = LOCAL) -> None:
    """Show one dead letter with its bytes; sealed bytes stay sealed."""
    found = asyncio.run(_find(service, state, letter_id))
    if found is None:
        typer.echo(f"There is no dead letter {letter_id} in {service}.", err=True)
        raise typer.Exit(1)
    typer.echo(orjson.dumps(_as_data(found), option=orjson.OPT_INDENT_2))


@app.command("replay", epilog="Example: ctcpost dead-letters replay tracking 7 8")
def replay(
    service: ServiceName,
    ids: Ids = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    state: State = LOCAL,
) -> None:
    """Have the service apply dead letters again; one that fails again is parked again."""
    count = asyncio.run(_move(service, state, ids or [], everything, Fate.REPLAYING))
    typer.echo(f"{count} handed back to {service}; look at `list` in a few seconds.")


@app.command("discard", epilog="Example: ctcpost dead-letters discard tracking 7")
def discard(
    service: ServiceName,
    ids: Ids = None,
    everything: Annotated[bool, typer.Option("--all", help="All that wait.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    state: State = LOCAL,
) -> None:
    """Give dead letters up; they are kept, and never applied."""
    if not yes:
        typer.confirm(f"Give up {'all' if everything else len(ids or [])} dead letters of {service}?", abort=True)
    count = asyncio.run(_move(service, state, ids or [], everything, Fate.DISCARDED))
    typer.echo(f"{count} discarded.")


async def _open(service: ServiceName, state: Path) -> list[DeadLetter]:
    async with transaction(service, state) as tx:
        return await dead_letters.in_states(tx, [Fate.PARKED, Fate.REPLAYING], SHOWN)


async def _find(service: ServiceName, state: Path, letter_id: int) -> DeadLetter | None:
    async with transaction(service, state) as tx:
        return await dead_letters.find(tx, letter_id)


async def _move(service: ServiceName, state: Path, ids: list[int], everything: bool, fate: Fate) -> int:
    async with transaction(service, state) as tx:
        if everything:
            ids = [dead.id for dead in await dead_letters.in_states(tx, [Fate.PARKED], limit=100_000)]
        return await dead_letters.change_state(tx, ids, [Fate.PARKED], fate)


def _as_data(dead: DeadLetter) -> dict[str, object]:
    letter = dead.letter
    return {
        "id": dead.id,
        "state": dead.state,
        "parked_at": dead.parked_at,
        "reason": dead.reason,
        "traceparent": dead.traceparent,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "type": letter.type,
        "key": letter.key,
        "event_id": letter.event_id,
        "headers": letter.headers,
        "payload": letter.payload.decode("utf-8", "backslashreplace"),
    }
