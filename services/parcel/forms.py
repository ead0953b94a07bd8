"""What requests and answers of every room are made of."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

from fastapi import Depends, Header
from pydantic import BaseModel, ConfigDict, StringConstraints

from shared.access.roles import COUNTER, STAFF, Actor, Role
from shared.clock import LOCAL
from shared.web.access import actor_with
from shared.web.service import Service, service_of

Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120, pattern=r"^[^\x00-\x1f]+$")
]
OfficeCode = Annotated[str, StringConstraints(pattern=r"^[A-Z0-9]{4,8}$")]
Phone = Annotated[str, StringConstraints(min_length=6, max_length=40)]
CountryCode = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}$")]

Serving = Annotated[Service, Depends(service_of)]
CounterStaff = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR))]
CounterOrAuditor = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR, Role.AUDITOR))]
Supervising = Annotated[Actor, Depends(actor_with(Role.SUPERVISOR, Role.OFFICE_MANAGER, Role.ADMINISTRATOR))]
AnyStaff = Annotated[Actor, Depends(actor_with(*STAFF))]
AnybodySignedIn = Annotated[Actor, Depends(actor_with(*Role, every_key=True))]
"""Staff, members of shops, and programs with a key of any scope."""
IdempotencyKey = Annotated[str, Header(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
IdempotencyKeyIfAny = Annotated[str | None, Header(min_length=1, max_length=255, pattern=r"^[\x21-\x7e]+$")]
"""Of a request that took none in a release before: programs go on without one."""


class Body(BaseModel):
    """A request body; unknown fields are refused so that a misspelt one is not lost."""

    model_config = ConfigDict(extra="forbid", str_max_length=2_000)


class View(BaseModel):
    """An answer, read off the object that it shows."""

    model_config = ConfigDict(from_attributes=True)


def beginning_of(day: date | None) -> datetime | None:
    """Return the first instant of a day, as days are counted in Cambodia; None before which nothing was."""
    return datetime.combine(day, time(), LOCAL) if day and day > date.min else None


def end_of(day: date | None) -> datetime | None:
    """Return the first instant after a day; None after which nothing comes."""
    return beginning_of(day + timedelta(days=1)) if day and day < date.max else None
