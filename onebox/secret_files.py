"""Secrets that are made once and kept: one file each, readable by its owner only."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept(folder: Path, name: str, make: Callable[[], str] = lambda: secrets.token_urlsafe(24)) -> str:
    """Return the secret of that name, made at the first call."""
    folder.mkdir(parents=True, exist_ok=True)
    folder.chmod(0o700)
    file = folder / name
    if not file.exists():
        _write_whole(file, make())
    return file.read_text()


def _write_whole(file: Path, text: str) -> None:
    # Linked into place when it is complete: a crash leaves no half secret, and of two first calls one wins.
    unfinished = file.with_name(f".{file.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    try:
        os.link(unfinished, file)
    except FileExistsError:
        pass
    finally:
        unfinished.unlink()
