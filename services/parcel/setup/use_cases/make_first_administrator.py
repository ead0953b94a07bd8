"""A new post office gets the one person who lets all others in."""

from services.parcel.people.domain.staff import Staff
from services.parcel.people.use_cases.add_staff import add_staff
from services.parcel.people.use_cases.has_administrator import has_administrator
from shared.access.roles import Role
from shared.db.connection import Tx
from shared.errors import Conflict
from shared.ids import new_id
from shared.messaging.outbox import Outbox


class AdministratorThere(Conflict):
    """There is an administrator already; ask them, or have another administrator reset their passphrase."""

    slug = "administrator-there"


async def make_first_administrator(tx: Tx, outbox: Outbox, name: str, passphrase_hash: str) -> Staff:
    """Add an administrator where there is none who may still act.

    Raises: AdministratorThere, NameTaken.
    """
    if await has_administrator(tx):
        raise AdministratorThere
    person = Staff(new_id(), name, passphrase_hash, Role.ADMINISTRATOR, None)
    await add_staff(tx, outbox, person)
    return person
