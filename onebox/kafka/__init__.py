"""Apache Kafka on this machine: its jars, its start-up cache, nodes and clusters of them."""
