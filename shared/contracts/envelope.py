"""What every event has: an id, a time, a topic, a wire name and a key."""

from typing import ClassVar
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from shared.clock import now
from shared.ids import new_id


class Event(BaseModel):
    """A fact that one service tells the others; fields that a reader does not know pass by."""

    model_config = ConfigDict(frozen=True, extra="ignore", use_attribute_docstrings=True)

    topic: ClassVar[str]
    type: ClassVar[str]
    owner: ClassVar[str]
    sealed: ClassVar[bool] = False

    event_id: UUID = Field(default_factory=new_id)
    """UUIDv7; the same event sent again keeps it."""
    time: AwareDatetime = Field(default_factory=now)
    """When the fact was recorded, UTC."""

    @property
    def key(self) -> str:
        """Return what the event is about; events of one key keep their order."""
        raise TypeError(f"{type(self).__name__} has no key")
