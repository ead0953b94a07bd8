"""What this room is handed in from above: how much offices may reserve ahead, and which numbers are parcels'."""

from typing import Annotated

from fastapi import Depends, Request

from services.parcel.numbers.domain.ahead import MostAhead
from services.parcel.numbers.use_cases.reserve_stickers import CountRegistered


async def most_ahead_of(request: Request) -> MostAhead:
    """Return the bounds that the service was built with."""
    most_ahead: MostAhead = request.app.state.most_ahead
    return most_ahead


async def count_registered_of(request: Request) -> CountRegistered:
    """Return the way to registered parcels that the service was built with."""
    count_registered: CountRegistered = request.app.state.count_registered
    return count_registered


Bounds = Annotated[MostAhead, Depends(most_ahead_of)]
Counting = Annotated[CountRegistered, Depends(count_registered_of)]
