"""Who works at the post, and who may say so."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from shared.access.roles import EVERYWHERE, STAFF, Role
from shared.errors import Conflict, FieldProblem, Forbidden, Invalid, NotFound


@dataclass(frozen=True, slots=True)
class Staff:
    """One member of staff; `office` is None for those who work for all."""

    staff_id: UUID
    name: str
    passphrase_hash: str
    role: Role
    office: str | None
    disabled_at: datetime | None = None
    sample: bool = False
    phone: str | None = None
    """E.164, None where it is not known; with it nobody lets themselves act for a shop."""


class PersonNotFound(NotFound):
    """No such person works in an office of yours."""

    slug = "person-not-found"


class RoleNotYours(Forbidden):
    """Somebody of this role is managed by an administrator alone."""

    slug = "role-not-yours"


class MayActAlready(Conflict):
    """This person is not disabled; set their passphrase if they forgot it."""

    slug = "may-act-already"


class LastAdministrator(Conflict):
    """Nobody else may administer; let another administrator join first."""

    slug = "last-administrator"


MANAGED_BY_OFFICE = frozenset({Role.CLERK, Role.SUPERVISOR})


def may_manage(manager: Role, role: Role) -> bool:
    """Tell whether one role lets people of another join, sets their passphrases, disables and enables them."""
    if manager is Role.ADMINISTRATOR:
        return role in STAFF
    return manager is Role.OFFICE_MANAGER and role in MANAGED_BY_OFFICE


def must_fit_office(role: Role, office: str | None, offices: Collection[str]) -> None:
    """Check that who works at a counter has an office, and who works for all has none.

    Raises: Invalid.
    """
    if role in EVERYWHERE and office is not None:
        raise Invalid([FieldProblem("office", "not-for-this-role", "Leave it out: this role works for every office.")])
    if role not in EVERYWHERE and office not in offices:
        raise Invalid([FieldProblem("office", "unknown-office", "There is no office of this code.")])
