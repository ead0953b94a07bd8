"""Who pays the postage: the sender, the recipient, or the money collected at hand-over."""

from enum import StrEnum

from shared.errors import FieldProblem


class Payer(StrEnum):
    """Whose money it is."""

    SENDER = "sender"
    RECIPIENT = "recipient"
    COD = "cod"
    """Kept back from what is collected for the sender."""


def payer_problems(payer: Payer, total_riel: int, cod_amount_riel: int) -> list[FieldProblem]:
    """Return why the postage cannot be kept back from the money collected, if it is to be."""
    if payer is not Payer.COD or cod_amount_riel >= total_riel:
        return []
    if not cod_amount_riel:
        return [FieldProblem("cod_amount_riel", "missing", "Name the amount to collect, or let somebody else pay.")]
    message = f"The amount to collect must be at least the postage, {total_riel} riel; or let somebody else pay."
    return [FieldProblem("cod_amount_riel", "below-postage", message)]
