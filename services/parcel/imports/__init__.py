"""Files of many parcels to announce: sent in pieces, looked at first, resumed where they stopped."""
