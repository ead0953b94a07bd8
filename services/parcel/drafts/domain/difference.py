"""What the counter finds otherwise than it was announced, and how far that may go without a question."""

from services.parcel.drafts.domain.announced import Announced, Weighed
from shared.errors import Conflict, FieldProblem

TOLERANCE_G = 100
TOLERANCE_SHARE = 10
"""One in so many parts: kitchen scales and the wrapping account for as much."""


class DiffersFromAnnounced(Conflict):
    """The parcel is not as it was announced; ask the sender, and confirm what you found."""

    slug = "differs-from-announced"

    def __init__(self, problems: list[FieldProblem]) -> None:
        super().__init__(" ".join(problem.message for problem in problems))
        self.problems = tuple(problems)


def differences(announced: Announced, weighed: Weighed, announced_for: str, office: str) -> list[FieldProblem]:
    """Return what differs by more than the tolerance: weight, and the office where it is handed in."""
    found = []
    if announced.weight_g and abs(weighed.weight_g - announced.weight_g) > _tolerance_g(announced.weight_g):
        message = f"Announced with {announced.weight_g} g, weighed {weighed.weight_g} g."
        found.append(FieldProblem("weight_g", "differs", message))
    if announced_for != office:
        found.append(FieldProblem("office", "differs", f"Announced for {announced_for}, handed in at {office}."))
    return found


def _tolerance_g(weight_g: int) -> int:
    return max(TOLERANCE_G, weight_g // TOLERANCE_SHARE)
