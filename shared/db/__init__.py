"""The way to PostgreSQL: connections, transactions, migrations."""
