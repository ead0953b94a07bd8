"""Writes docs/contracts anew (`python -m tests.contracts.snapshots`); refuses what would break users."""

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.contracts.compatibility import api_breaks, events_break
from tests.contracts.documents import all_documents

FOLDER = Path(__file__).parents[2] / "docs" / "contracts"


def breaks(name: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[str]:
    """Name what the new document breaks."""
    return api_breaks(old, new) if name.endswith(".openapi.json") else events_break(old, new)


def text_of(document: dict[str, Any]) -> str:
    """Return a document as its file holds it."""
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> None:
    """Write what changed."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        documents = all_documents(Path(folder))
    broken = [
        f"{name}: {what}"
        for name, document in documents.items()
        if (FOLDER / name).exists()
        for what in breaks(name, json.loads((FOLDER / name).read_text()), document)
    ]
    if broken and "--allow-breaking" not in sys.argv:
        sys.exit("These break users; add a V2 beside V1 instead:\n  " + "\n  ".join(broken))
    for name, document in documents.items():
        (FOLDER / name).write_text(text_of(document))


if __name__ == "__main__":
    main()
