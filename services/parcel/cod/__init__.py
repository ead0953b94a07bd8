"""Money collected for senders: booked as parcels are handed over, paid out as promised, to the riel."""
