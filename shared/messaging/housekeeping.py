"""What keeps a messaging schema tidy: partitions made ahead and dropped behind, figures for those who watch."""

from shared.db.connection import Database
from shared.messaging import dead_letters, outbox
from shared.messaging.measures import Measures

DAYS_AHEAD = 7
OUTBOX_DAYS = 7
"""A day of the outbox is kept this long, and longer while it holds a row not sent: `republish` reaches back as far."""
INBOX_DAYS = 21


async def turn_partitions(database: Database) -> bool:
    """Make the partitions of the coming week and drop those whose time is over."""
    async with database.connection() as connection:
        await connection.execute("select prepare_partitions($1)", DAYS_AHEAD)
        await connection.execute("select drop_old_partitions($1, $2)", OUTBOX_DAYS, INBOX_DAYS)
    return False


async def measure(database: Database, measures: Measures) -> bool:
    """Write the size and age of the outbox and the number of dead letters into the gauges."""
    async with database.connection() as connection:
        rows, age_s = await outbox.backlog(connection)
        measures.outbox_rows.set(rows)
        measures.outbox_age_s.set(age_s)
        measures.dead_letters.set(await dead_letters.count_open(connection))
    return False
