"""How this room asks about an item that a counter took in: the room that keeps such items is handed in from above."""

from collections.abc import Awaitable
from typing import Protocol

from fastapi import Request

from services.parcel.customs.domain.posted_item import PostedItem
from shared.access.roles import Actor
from shared.db.connection import Tx


class PostedItems(Protocol):
    """Finds an item for those who may see it; refuses the others as if there were none."""

    def __call__(self, tx: Tx, actor: Actor, item_number: str, *, held: bool = False) -> Awaitable[PostedItem]:
        """Return the item; `held`, it stays as it is until the transaction ends."""


async def posted_items_of(request: Request) -> PostedItems:
    """Return the way to posted items that the service was built with."""
    posted_items: PostedItems = request.app.state.posted_items
    return posted_items
