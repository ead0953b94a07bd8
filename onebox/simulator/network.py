"""Which offices take part: counters, the hub that each one's bags go through, and the way abroad."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.parcel.setup.use_cases.load_samples import SampleOffice, sample_places

EXCHANGE = "PPOE"
ABROAD = "KRSEL"
TAKEO_HUB = "TKHUB"
PROVINCES = 25
TAKEO = 21


@dataclass(frozen=True, slots=True)
class Network:
    """The counters in play, each with its hub."""

    hub_of: Mapping[str, str]

    @property
    def counters(self) -> Sequence[str]:
        """Return the counters."""
        return tuple(self.hub_of)

    @property
    def everywhere(self) -> Sequence[str]:
        """Return every office where something is scanned."""
        return (*self.hub_of, *dict.fromkeys(self.hub_of.values()), EXCHANGE, ABROAD)


def network_of(counters: int) -> Network:
    """Return a network of so many counters: those of the sample set first, then made-up ones in every province."""
    samples = [place.office for place in sample_places().offices if place.office_kind == "ctc"]
    hub_of = dict.fromkeys(samples, TAKEO_HUB) | {code: _hub(code[1:3]) for code in _made_up(counters - len(samples))}
    return Network(dict(list(hub_of.items())[:counters]))


def made_up_offices(network: Network) -> list[SampleOffice]:
    """Return the offices of a network that the sample set lacks; their names say that they are made up."""
    known = {place.office for place in sample_places().offices}
    missing = [code for code in network.everywhere if code not in known]
    return [_office(code) for code in missing]


def _made_up(count: int) -> list[str]:
    provinces = [number for number in range(1, PROVINCES + 1) if number != TAKEO]
    places = (divmod(place, len(provinces)) for place in range(max(count, 0)))
    return [f"X{provinces[province]:02}{number + 1:03}" for number, province in places]


def _hub(province: str) -> str:
    return f"X{province}HUB"


def _office(code: str) -> SampleOffice:
    province, number = code[1:3], code[3:]
    hub = number == "HUB"
    return SampleOffice(
        office=code,
        office_kind="hub" if hub else "ctc",
        district_code=f"{province}01",
        name_en=f"Made-up hub {province}" if hub else f"Made-up CTC {province}-{number}",
        name_km=f"មជ្ឈមណ្ឌលសាកល្បង {province}" if hub else f"មជ្ឈមណ្ឌលសាកល្បង {province}-{number}",
    )
