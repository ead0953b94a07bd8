"""Which events of tracking show that an item of ours was closed into a dispatch abroad.

Source: UPU EMSEVT v3; after its departure come transit, arrival and import customs of another country.
"""

CLOSED = frozenset({"EMC", "EMJ", "EMK", "EMD", "EDA", "EDB", "EME", "EDC", "EMF"})
