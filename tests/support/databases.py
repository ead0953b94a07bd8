"""A database of its own for each test: a copy of a template that is migrated once in a run."""

import asyncio
import fcntl
import hashlib
import json
import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, replace
from pathlib import Path

import asyncpg

from onebox.postgres import databases
from onebox.postgres.databases import ServiceDatabase
from shared.db.connection import Database
from shared.db.migrate import migrate
from shared.web.service import SHARED_MIGRATIONS
from tests.support.addresses import ROOT, Addresses, session_folder, session_tag

POOL_SIZE = 5


@asynccontextmanager
async def fresh(addresses: Addresses, service: str) -> AsyncIterator[ServiceDatabase]:
    """Lend a migrated, empty database of a service; it is dropped when the block ends."""
    template = await _template(addresses, service)
    name = f"{template.name}_{uuid.uuid4().hex[:12]}"
    admin = await asyncpg.connect(addresses.postgres_url)
    try:
        await databases.execute_named(
            admin, "create database %I template %I owner %I strategy wal_log", name, template.name, template.owner
        )
        try:
            await databases.restrict(admin, name, template.owner, template.service)
            yield _copy(template, name)
        finally:
            await databases.execute_named(admin, "drop database %I with (force)", name)
    finally:
        await admin.close()


@asynccontextmanager
async def opened(addresses: Addresses, service: str) -> AsyncIterator[Database]:
    """Open a fresh database as the service role, which may do no more than in production."""
    async with fresh(addresses, service) as lent:
        database = await Database.open(lent.service_url, pool_size=POOL_SIZE, application="tests")
        try:
            yield database
        finally:
            await database.close()


async def drop_all(addresses: Addresses, tag: str) -> None:
    """Drop the databases and roles of a run, for a server that lives on after it."""
    admin = await asyncpg.connect(addresses.postgres_url)
    try:
        for record in await admin.fetch("select datname from pg_database where starts_with(datname, $1)", tag):
            await databases.execute_named(admin, "drop database %I with (force)", record["datname"])
        for record in await admin.fetch("select rolname from pg_roles where starts_with(rolname, $1)", tag):
            await databases.execute_named(admin, "drop role %I", record["rolname"])
    finally:
        await admin.close()


async def _template(addresses: Addresses, service: str) -> ServiceDatabase:
    server = hashlib.sha256(addresses.postgres_url.encode()).hexdigest()[:8]
    known = session_folder() / f"{service}-{server}.json"
    lock = await asyncio.to_thread(_lock, known.with_suffix(".lock"))
    try:
        if not known.exists():
            made = await _make_template(addresses, service)
            known.write_text(json.dumps(asdict(made)))
        return ServiceDatabase(**json.loads(known.read_text()))
    finally:
        os.close(lock)


async def _make_template(addresses: Addresses, service: str) -> ServiceDatabase:
    name = f"{session_tag()}_{service}"
    template = await databases.create_one(addresses.postgres_url, name, session_folder() / "secrets")
    await migrate(template.owner_url, [*SHARED_MIGRATIONS, ROOT / "services" / service / "migrations"])
    return template


def _copy(template: ServiceDatabase, name: str) -> ServiceDatabase:
    return replace(
        template,
        name=name,
        owner_url=databases.url_of(template.owner_url, name),
        service_url=databases.url_of(template.service_url, name),
    )


def _lock(file: Path) -> int:
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    return descriptor
