"""How long drafts are kept open, as the service was built."""

from datetime import timedelta
from typing import Annotated

from fastapi import Depends, Request


async def drafts_live_of(request: Request) -> timedelta:
    """Return how long a draft waits for its parcel."""
    drafts_live: timedelta = request.app.state.drafts_live
    return drafts_live


Lifetime = Annotated[timedelta, Depends(drafts_live_of)]
