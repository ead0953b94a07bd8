"""The services' databases: for each an owner role that migrates and a service role that reads and writes rows only.

The statements hold names, which cannot be parameters: PostgreSQL itself quotes them, with its `format`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit

import asyncpg

from onebox.secret_files import kept

CONNECT_WITHIN_S = 10.0


@dataclass(frozen=True, slots=True)
class ServiceDatabase:
    """A database with its two ways in."""

    name: str
    owner: str
    """The role that migrates."""
    service: str
    """The role that selects, inserts, updates and deletes."""
    owner_url: str
    service_url: str


async def create(admin_url: str, names: Sequence[str], secrets: Path) -> Mapping[str, ServiceDatabase]:
    """Bring the server to hold each database with its roles; what is there already stays.

    The passwords are made once and kept in the secrets folder.
    """
    return {name: await create_one(admin_url, name, secrets) for name in names}


async def create_one(admin_url: str, name: str, secrets: Path) -> ServiceDatabase:
    """Bring the server to hold one database, its owner role and its service role."""
    owner, service = f"{name}_owner", f"{name}_service"
    owner_password, service_password = kept(secrets, owner), kept(secrets, service)
    admin = await asyncpg.connect(admin_url, timeout=CONNECT_WITHIN_S)
    try:
        await _role(admin, owner, owner_password)
        await _role(admin, service, service_password)
        await _database(admin, name, owner)
        await restrict(admin, name, owner, service)
    finally:
        await admin.close()
    database = ServiceDatabase(
        name,
        owner,
        service,
        owner_url=url_of(admin_url, name, owner, owner_password),
        service_url=url_of(admin_url, name, service, service_password),
    )
    await _grant_ahead(url_of(admin_url, name), owner, service)
    return database


async def restrict(admin: asyncpg.Connection, database: str, owner: str, service: str) -> None:
    """Let the database's own two roles in, and nobody else."""
    await execute_named(admin, "revoke all on database %I from public", database)
    await execute_named(admin, "grant connect on database %I to %I, %I", database, owner, service)


def url_of(url: str, database: str, user: str | None = None, password: str = "") -> str:
    """Return a DSN of the same server for another database, and another role if one is given."""
    parts = urlsplit(url)
    credentials, _, server = parts.netloc.rpartition("@")
    if user is not None:
        credentials = f"{quote(user, safe='')}:{quote(password, safe='')}"
    return parts._replace(netloc=f"{credentials}@{server}", path=f"/{quote(database, safe='')}").geturl()


async def execute_named(connection: asyncpg.Connection, statement: str, *names: str) -> None:
    """Run a statement with names in place of its %I, and texts in place of its %L."""
    quoted = await connection.fetchval("select format($1, variadic $2::text[])", statement, list(names))
    await connection.execute(quoted)


async def _role(admin: asyncpg.Connection, role: str, password: str) -> None:
    known = await admin.fetchval("select exists (select from pg_roles where rolname = $1)", role)
    statement = "alter role %I with login password %L" if known else "create role %I with login password %L"
    await execute_named(admin, statement, role, password)


async def _database(admin: asyncpg.Connection, name: str, owner: str) -> None:
    if not await admin.fetchval("select exists (select from pg_database where datname = $1)", name):
        await execute_named(admin, "create database %I owner %I", name, owner)


async def _grant_ahead(url: str, owner: str, service: str) -> None:
    """Grant the service role its rights on whatever the owner will make."""
    connection = await asyncpg.connect(url, timeout=CONNECT_WITHIN_S)
    try:
        for rights in (
            "usage on schemas",
            "select, insert, update, delete on tables",
            "usage, select on sequences",
            "execute on functions",
        ):
            await execute_named(
                connection, f"alter default privileges for role %I grant {rights} to %I", owner, service
            )
    finally:
        await connection.close()
