"""Who may do what: roles, tokens, and the directory that every service keeps a copy of."""
