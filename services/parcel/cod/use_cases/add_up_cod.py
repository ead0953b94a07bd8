"""An auditor asks whether all that was collected is accounted for: in the items, and in the ledger."""

from dataclasses import dataclass

from services.parcel.cash.use_cases.find_held import find_held
from services.parcel.cod.domain.statement import Sums
from services.parcel.cod.store import cod_items
from shared.db.connection import Tx


@dataclass(frozen=True, slots=True)
class AddedUp:
    """Sums of one currency, and what the ledger says that is held for senders, or on its way to the post."""

    sums: Sums
    ledger_minor: int

    @property
    def agrees(self) -> bool:
        """Tell whether what was collected is what was paid, is held or is owed, by items and by the ledger."""
        sums = self.sums
        left_minor = sums.held_minor + sums.owed_minor
        return sums.collected_minor == sums.paid_minor + left_minor and left_minor == self.ledger_minor


async def add_up_cod(tx: Tx) -> list[AddedUp]:
    """Return the sums of each currency in which something was collected."""
    held = await find_held(tx)
    return [AddedUp(Sums(**dict(record)), held.get(record["currency"], 0)) for record in await cod_items.totals(tx)]
