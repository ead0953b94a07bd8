"""Cash: drawers, safe, transfers, deposits and stock, all of it in a ledger that nobody rewrites."""
