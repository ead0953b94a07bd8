import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.sealing import CannotOpen, KeyRing, new_ring_file

RING = KeyRing("k1", {"k1": b"1" * 32})


@given(st.binary(), st.text())
def test_what_is_sealed_opens_in_its_own_place_only(plain: bytes, place: str) -> None:
    sealed = RING.seal(plain, place)
    assert RING.open(sealed, place) == plain
    with pytest.raises(CannotOpen):
        RING.open(sealed, place + "x")


@given(st.binary(max_size=60))
def test_bytes_that_were_never_sealed_are_refused(junk: bytes) -> None:
    with pytest.raises(CannotOpen):
        RING.open(junk, "place")


@given(st.integers(min_value=0), st.integers(1, 255))
def test_any_changed_byte_is_noticed(place: int, change: int) -> None:
    sealed = bytearray(RING.seal(b"Sok Dara +85512345678", "here"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(CannotOpen):
        RING.open(bytes(sealed), "here")


def test_an_older_key_still_opens_after_rotation() -> None:
    sealed = RING.seal(b"plain", "here")
    rotated = KeyRing("k2", {"k1": b"1" * 32, "k2": b"2" * 32})
    assert rotated.open(sealed, "here") == b"plain"
    with pytest.raises(CannotOpen):
        RING.open(rotated.seal(b"plain", "here"), "here")


def test_a_new_ring_file_makes_a_working_ring(tmp_path) -> None:  # type: ignore[no-untyped-def]  # pytest's path
    path = tmp_path / "ring.json"
    path.write_text(new_ring_file())
    ring = KeyRing.read(path)
    assert ring.open(ring.seal(b"plain", "here"), "here") == b"plain"
