"""Events from one database to another: outbox, relay, broker, inbox, dead letters; one concern a file."""
