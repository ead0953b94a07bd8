"""HTTP of this room, and the command that verifies the ledger."""
