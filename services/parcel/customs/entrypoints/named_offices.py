"""The offices that a request about an item from abroad names, or means by who sends it."""

from shared import clock
from shared.access.roles import Actor
from shared.errors import FieldProblem, Invalid
from shared.web.service import Service


def acting_office(service: Service, actor: Actor, named: str | None) -> str:
    """Return the office that the actor acts for here.

    Raises: Invalid, OtherOffice.
    """
    office = named_office(service, actor, named)
    actor.must_act_for(office)
    return office


def named_office(service: Service, actor: Actor, named: str | None) -> str:
    """Return the office that is named here, or else the actor's own.

    Raises: Invalid.
    """
    office = named or actor.office
    if office is None:
        raise Invalid([FieldProblem("office", "missing", "Name the office that you act for.")])
    _must_be_there(service, office, "office")
    return office


def must_take_in(service: Service, office: str, collecting: str | None) -> None:
    """Check that an office takes items in, and that one can be sent to wait where it is said.

    Raises: Invalid.
    """
    _must_be_open(service, office, "office")
    must_let_wait(service, collecting)


def must_let_wait(service: Service, collecting: str | None) -> None:
    """Check that an item can be sent to wait at an office; None is where it waits already.

    Raises: Invalid.
    """
    if collecting is not None:
        _must_be_there(service, collecting, "collecting_office")
        _must_be_open(service, collecting, "collecting_office")


def _must_be_there(service: Service, office: str, field: str) -> None:
    if office not in service.directory.offices:
        raise Invalid([FieldProblem(field, "unknown-office", "There is no office of this code.")])


def _must_be_open(service: Service, office: str, field: str) -> None:
    if not service.directory.offices[office].takes_in(clock.now().astimezone(clock.LOCAL).date()):
        message = "This office takes in no parcels any more; name another one."
        raise Invalid([FieldProblem(field, "office-closed", message)])
