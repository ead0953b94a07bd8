"""What a channel can honestly say of one send."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the message and answers for it."""

    provider_reference: str


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider surely did not take the message; `permanent` means that asking again is useless."""

    reason: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request left and no clear answer came: the person may or may not have been told."""

    reason: str


Outcome = Accepted | Refused | Unknown
