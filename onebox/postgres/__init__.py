"""PostgreSQL on this machine: the program, a server, the databases of the services."""
