"""Keys that may be enrolled: for a key of small order anybody could sign."""

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from services.parcel.devices.domain.device import FORGED_BY_ANYBODY, key_to_enrol
from shared.access.devices import write_device_key, write_raw_key
from shared.errors import Invalid

NEUTRAL = bytes([1]) + bytes(31)


def test_a_new_key_may_be_enrolled() -> None:
    key = Ed25519PrivateKey.generate().public_key()

    assert key_to_enrol(write_device_key(key)) == key.public_bytes_raw()


@pytest.mark.parametrize("point", sorted(FORGED_BY_ANYBODY), ids=bytes.hex)
@pytest.mark.parametrize("sign", [0, 0x80])
def test_a_point_of_small_order_is_refused(point: bytes, sign: int) -> None:
    with pytest.raises(Invalid) as refused:
        key_to_enrol(write_raw_key(point[:-1] + bytes([point[-1] | sign])))

    assert [problem.code for problem in refused.value.problems] == ["weak-key"]


def test_for_such_a_key_anybody_signs_anything() -> None:
    forged = NEUTRAL + bytes(32)

    try:
        Ed25519PublicKey.from_public_bytes(NEUTRAL).verify(forged, b"whatever somebody wants to have been said")
    except InvalidSignature:
        pytest.skip("this library looks at it as well")
