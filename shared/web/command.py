"""What a service's image is told to do: serve, migrate, create the topics, or a task of its own."""

import asyncio
import gc
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path
from typing import TypeVar

import asyncpg
from aiokafka.errors import KafkaError
from pydantic import ValidationError

from shared import logs
from shared.db.migrate import MigrationError, migrate
from shared.errors import Unavailable
from shared.messaging.topics import create_topics
from shared.settings import ServiceSettings
from shared.web.application import Application
from shared.web.serve import serve
from shared.web.service import SHARED_MIGRATIONS

S = TypeVar("S", bound=ServiceSettings)
Task = Callable[[S], Awaitable[None]]
TaskAboutOne = Callable[[S, str], Awaitable[None]]
"""Is told a name, which may be of several words."""


def run(
    read_settings: type[S],
    build: Callable[[S], Application],
    migrations: Path,
    arguments: Sequence[str],
    more: Mapping[str, Task[S]],
    about_one: Mapping[str, TaskAboutOne[S]] | None = None,
) -> int:
    """Do what the arguments say; returns the exit status."""
    tasks: dict[str, Task[S]] = {"migrate": _migrate(migrations), "create-topics": _create_topics, **more}
    named = about_one or {}
    wanted = " ".join(arguments) or "serve"
    word, _, name = wanted.partition(" ")
    if name and word in named:
        tasks[wanted] = _about(named[word], name)
    if wanted not in {"serve", *tasks}:
        print(f"Say one of: {', '.join(['serve', *tasks, *(f'{word} NAME' for word in named)])}.", file=sys.stderr)
        return 2
    try:
        settings = read_settings()
    except ValidationError as error:
        names = ", ".join(f"{_prefix(read_settings)}{str(e['loc'][0]).upper()} ({e['type']})" for e in error.errors())
        print(f"Set these in the environment: {names}.", file=sys.stderr)
        return 2
    if wanted == "serve":
        serve(build(settings), settings)
    else:
        return _run_task(tasks[wanted], settings)
    return 0


def _run_task(task: Task[S], settings: S) -> int:
    gc.enable()
    try:
        asyncio.run(_as_coroutine(task, settings))
    except MigrationError as error:
        print(error, file=sys.stderr)
        return 1
    except (asyncpg.PostgresError, KafkaError, OSError, Unavailable) as error:
        print(f"A server does not answer as it should ({type(error).__name__}: {error}).", file=sys.stderr)
        return 1
    return 0


def _about(task: TaskAboutOne[S], name: str) -> Task[S]:
    async def do(settings: S) -> None:
        # What it answers stands on the standard output, for one pair of eyes; what is logged of it does not.
        logs.configure(settings.log_level, sys.stderr)
        await task(settings, name)

    return do


def _prefix(read_settings: type[S]) -> str:
    return str(read_settings.model_config.get("env_prefix", ""))


async def _as_coroutine(task: Task[S], settings: S) -> None:
    await task(settings)


def _migrate(migrations: Path) -> Task[S]:
    async def migrate_as_owner(settings: S) -> None:
        if settings.owner_database_url is None:
            sys.exit(f"Set {_prefix(type(settings))}OWNER_DATABASE_URL: the service's own role may not migrate.")
        applied = await migrate(settings.owner_database_url.get_secret_value(), [*SHARED_MIGRATIONS, migrations])
        print(f"Migrated: {', '.join(applied) or 'nothing was missing'}.")

    return migrate_as_owner


async def _create_topics(settings: S) -> None:
    created = await create_topics(settings.kafka_bootstrap, settings.kafka_replication)
    print(f"Topics created: {', '.join(created) or 'all were there'}.")
