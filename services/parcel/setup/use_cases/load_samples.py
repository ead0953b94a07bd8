"""A trial set-up gets made-up offices, staff and number ranges, all marked as samples."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel

from services.parcel.numbers.use_cases.grant_range import grant_range
from services.parcel.numbers.use_cases.has_range import has_range
from services.parcel.people.domain.staff import Staff
from services.parcel.people.use_cases.add_staff import NameTaken, add_staff
from shared.access import directory
from shared.access.roles import Role
from shared.contracts.directory import OfficeKind, OfficeV1
from shared.db.connection import Tx
from shared.ids import new_id
from shared.messaging.outbox import Outbox

PLACES = Path(__file__).parents[1] / "samples" / "places.json"


class SampleOffice(BaseModel):
    """A made-up office."""

    office: str
    office_kind: OfficeKind = "ctc"
    district_code: str
    name_km: str
    name_en: str


class _Range(BaseModel):
    indicator: str
    first_serial: int
    last_serial: int


class SamplePlaces(BaseModel):
    """What the sample set holds."""

    offices: list[SampleOffice]
    number_ranges: list[_Range]


@dataclass(frozen=True, slots=True)
class SampleLogin:
    """A made-up member of staff."""

    name: str
    role: Role
    office: str | None


def sample_places() -> SamplePlaces:
    """Return the sample set."""
    return SamplePlaces.model_validate_json(PLACES.read_bytes())


async def load_samples(
    tx: Tx, outbox: Outbox, passphrase_hash: str, more: Sequence[SampleOffice] = ()
) -> list[SampleLogin]:
    """Add what is missing of the sample set, and of more offices where a practice needs them.

    Everybody has one passphrase. Returns those added now, none the second time.
    """
    places = sample_places()
    offices = [*places.offices, *more]
    known = {office.entry_id for office in await directory.all_of(tx, OfficeV1)}
    for office in offices:
        if office.office not in known:
            await directory.publish(tx, outbox, OfficeV1(**office.model_dump(), sample=True, version=1))
    for granted in places.number_ranges:
        if not await has_range(tx, granted.indicator):
            await grant_range(tx, granted.indicator, granted.first_serial, granted.last_serial, provisional=True)
    added = []
    for login in logins(offices):
        person = Staff(new_id(), login.name, passphrase_hash, login.role, login.office, sample=True)
        with suppress(NameTaken):
            await add_staff(tx, outbox, person)
            added.append(login)
    return added


def logins(offices: Sequence[SampleOffice]) -> list[SampleLogin]:
    """Return a clerk for each office, a manager for the first, an auditor and an administrator."""
    clerks = [SampleLogin(f"clerk-{office.office.lower()}", Role.CLERK, office.office) for office in offices]
    first = offices[0].office
    return [
        SampleLogin("admin", Role.ADMINISTRATOR, None),
        SampleLogin("auditor", Role.AUDITOR, None),
        SampleLogin(f"manager-{first.lower()}", Role.OFFICE_MANAGER, first),
        *clerks,
    ]
