"""Which parcels need somebody to do something; lists show them first."""

from shared.contracts.states import CustomerState

PROBLEMS = frozenset(
    {
        CustomerState.HELD,
        CustomerState.ATTEMPT_FAILED,
        CustomerState.RETURNING,
        CustomerState.STOPPED,
        CustomerState.LOST,
    }
)
