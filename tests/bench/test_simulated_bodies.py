from collections import Counter
from pathlib import Path

import orjson

from bench.simulated_bodies import BODIES, body, digits, templates, write
from services.parcel.posting.entrypoints.bodies import RegisterBody

DAY = [orjson.loads(body(serial)) for serial in range(2 * BODIES)]


def test_the_load_is_as_mixed_as_what_the_simulator_plays() -> None:
    assert Counter(one["destination_country"] for one in DAY).keys() == {"KH", "KR"}
    assert Counter(one["service"] for one in DAY)["parcel"] > BODIES
    assert len({one.get("collecting_office") for one in DAY}) > 15
    assert {"cod", "payer", "insured_value", "order_reference"} < set().union(*DAY)
    assert {one["recipient"]["language"] for one in DAY} == {"km", "en"}
    assert len({one["weight_g"] for one in DAY}) > BODIES / 2


def test_no_two_parcels_share_a_phone_though_their_bodies_come_again() -> None:
    phones = [one[who]["phone"] for one in DAY for who in ("sender", "recipient")]
    assert len(set(phones)) == len(phones)
    assert DAY[3] | {"sender": 0, "recipient": 0} == DAY[BODIES + 3] | {"sender": 0, "recipient": 0}


def test_every_phone_can_be_called() -> None:
    for serial, one in enumerate(map(RegisterBody.model_validate, DAY)):
        command = one.command("TK02A")
        assert command.sender.phone == f"+85596{digits(serial)}"
        prefix = "+85597" if command.destination_country == "KH" else "+82102"
        assert command.recipient.phone == f"{prefix}{digits(serial)}"


def test_the_client_reads_a_body_a_line_and_two_places_to_fill(tmp_path: Path) -> None:
    lines = write(tmp_path / "bodies").read_text().splitlines()
    assert lines == list(templates())
    assert len(lines) == BODIES
    assert {(line.count("%07d"), line.count("%")) for line in lines} == {(2, 2)}
