"""CTC Post on one machine: embedded PostgreSQL and Kafka, the three services behind one front door, the demo."""
