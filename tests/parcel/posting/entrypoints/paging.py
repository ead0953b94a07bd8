"""A list read to its end, page by page."""

from tests.parcel.counter import Counter


async def whole_list(counter: Counter, headers: dict[str, str], limit: int, **asked: str | int) -> list[str]:
    """Return the numbers of all parcels of a list."""
    numbers: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        parameters = {"limit": limit, **asked, **cursor}
        answer = await counter.client.get("/parcels", params=parameters, headers=headers)
        assert answer.status_code == 200, answer.text
        page = answer.json()
        numbers += [parcel["item_number"] for parcel in page["parcels"]]
        if page["next_cursor"] is None:
            return numbers
        cursor = {"cursor": page["next_cursor"]}
