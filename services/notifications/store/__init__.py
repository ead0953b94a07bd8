"""The tables of the notifications database; a module a table, a function a statement."""
