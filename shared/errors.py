"""Errors that a person or a program outside meets: one root, seven kinds, a stable slug each."""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """One field of an input that was refused: its path, a stable code, a sentence that says what to do."""

    field: str
    code: str
    message: str


class PostError(Exception):
    """An expected refusal; its class docstring is the title, its text the detail."""

    slug: ClassVar[str] = "error"
    problems: tuple[FieldProblem, ...] = ()
    """The fields that it is about, if it is about any."""

    def __init__(self, detail: str = "") -> None:
        super().__init__(detail)
        self.detail = detail

    @property
    def title(self) -> str:
        """Return the sentence that names this kind of refusal."""
        return (type(self).__doc__ or type(self).__name__).splitlines()[0]


class Invalid(PostError):
    """The request holds values that cannot be accepted."""

    slug = "invalid-request"

    def __init__(self, problems: Sequence[FieldProblem], detail: str = "") -> None:
        super().__init__(detail)
        self.problems = tuple(problems)


class _Part:
    """A part of a block; what it finds is kept, and the block goes on."""

    __slots__ = ("_problems",)

    def __init__(self, problems: list[FieldProblem]) -> None:
        self._problems = problems

    def __enter__(self) -> None:
        return None

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> bool | None:
        if not isinstance(error, Invalid):
            return None
        self._problems.extend(error.problems)
        return True


class _Gathering:
    """A block whose parts may each find problems."""

    __slots__ = ("_part", "_problems")

    def __enter__(self) -> Callable[[], AbstractContextManager[None]]:
        self._problems: list[FieldProblem] = []
        self._part = _Part(self._problems)
        return self._next_part

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        if error is None and self._problems:
            raise Invalid(self._problems)

    def _next_part(self) -> AbstractContextManager[None]:
        return self._part


def gathering() -> AbstractContextManager[Callable[[], AbstractContextManager[None]]]:
    """Give a block whose parts may each find problems; raises Invalid with all of them at its end.

    What a part would have returned is there only if the whole block ends well.
    """
    # Classes, because contextlib's generators would cost a registration more than its price.
    return _Gathering()


class Unauthenticated(PostError):
    """Sign in first."""

    slug = "unauthenticated"


class Forbidden(PostError):
    """This is not allowed for your role or your office."""

    slug = "forbidden"


class NotFound(PostError):
    """There is nothing here under this name."""

    slug = "not-found"


class Conflict(PostError):
    """The present state does not allow this."""

    slug = "conflict"


class Unavailable(PostError):
    """The service cannot answer now; try again after the time given."""

    slug = "unavailable"

    def __init__(self, detail: str = "", retry_after_s: int = 2) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s


class Throttled(PostError):
    """Too many requests came from you; nothing was done, come again after the time given."""

    slug = "throttled"

    def __init__(self, detail: str = "", retry_after_s: int = 1) -> None:
        super().__init__(detail)
        self.retry_after_s = retry_after_s
