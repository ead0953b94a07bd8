"""The events of a parcel: what each means to its customer, its rank among others, what must come with it.

Source: UPU EMSEVT v3 (25 codes); required data after UPU M40 as far as it is public. The destination country
and the office of exchange that M40 also asks for are known from the posting and from the office of the scan.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from services.tracking.domain.reasons import Reasons
from services.tracking.domain.wording import Text
from shared.contracts.states import CustomerState


class EventCode(StrEnum):
    """The EMSEVT codes in the order that they have at one instant, and codes of ours at the end."""

    EMA = "EMA"
    EMB = "EMB"
    EXA = "EXA"
    EXB = "EXB"
    EXC = "EXC"
    EXD = "EXD"
    EXX = "EXX"
    EMC = "EMC"
    EMJ = "EMJ"
    EMK = "EMK"
    EMD = "EMD"
    EDA = "EDA"
    EDB = "EDB"
    EME = "EME"
    EDC = "EDC"
    EDX = "EDX"
    EMF = "EMF"
    EDD = "EDD"
    EDE = "EDE"
    EMG = "EMG"
    EDF = "EDF"
    EDG = "EDG"
    EDH = "EDH"
    EMH = "EMH"
    EMI = "EMI"
    CANCELLED = "CTC-CANCELLED"
    UNKNOWN = "CTC-UNKNOWN"
    """Stands for what a newer release recorded; it is never written."""


class Datum(StrEnum):
    """What a scan may say beyond code, time and place; named like the fields of a scan."""

    REASON = "reason"
    ACTION = "action"
    RETENTION_REASON = "retention_reason"


@dataclass(frozen=True, slots=True)
class EventKind:
    """What one code stands for; each datum that it asks for comes with the list that its values are taken from."""

    standard_name: str
    leads_to: CustomerState
    text: Text
    required: Mapping[Datum, Reasons]


NOTHING: Mapping[Datum, Reasons] = {}
HOLD: Mapping[Datum, Reasons] = {Datum.RETENTION_REASON: Reasons.RETENTION_REASONS}
FAILED_ATTEMPT: Mapping[Datum, Reasons] = {
    Datum.REASON: Reasons.NON_DELIVERY_REASONS,
    Datum.ACTION: Reasons.ACTIONS,
}
END: Mapping[Datum, Reasons] = {Datum.REASON: Reasons.TERMINATION_REASONS}

_S = CustomerState
EVENT_KINDS: Mapping[EventCode, EventKind] = {
    EventCode.EMA: EventKind(
        "Posting/collection", _S.ACCEPTED, Text("បានទទួលពីអ្នកផ្ញើ", "Accepted from the sender"), NOTHING
    ),
    EventCode.EMB: EventKind(
        "Arrival at outward office of exchange",
        _S.IN_TRANSIT,
        Text("មកដល់ការិយាល័យបញ្ជូនទៅបរទេស", "Reached the office that sends mail abroad"),
        NOTHING,
    ),
    EventCode.EXA: EventKind(
        "Presented to export customs/security",
        _S.AT_CUSTOMS,
        Text("បានដាក់ជូនគយពិនិត្យមុននាំចេញ", "Shown to export customs"),
        NOTHING,
    ),
    EventCode.EXB: EventKind(
        "Held by export customs/security",
        _S.HELD,
        Text("គយរក្សាទុកជាបណ្ដោះអាសន្នមុននាំចេញ", "Held by export customs"),
        HOLD,
    ),
    EventCode.EXC: EventKind(
        "Returned from export customs/security",
        _S.IN_TRANSIT,
        Text("គយពិនិត្យមុននាំចេញរួចរាល់", "Passed export customs"),
        NOTHING,
    ),
    EventCode.EXD: EventKind(
        "Held at outward office of exchange",
        _S.HELD,
        Text("រង់ចាំនៅការិយាល័យបញ្ជូនទៅបរទេស", "Held at the office that sends mail abroad"),
        HOLD,
    ),
    EventCode.EXX: EventKind("Export cancellation", _S.STOPPED, Text("ការនាំចេញត្រូវបានបញ្ឈប់", "Export stopped"), END),
    EventCode.EMC: EventKind(
        "Departure from outward office of exchange",
        _S.IN_TRANSIT,
        Text("បានចេញពីប្រទេសដើម", "Left the country of origin"),
        NOTHING,
    ),
    EventCode.EMJ: EventKind(
        "Arrival at transit office of exchange",
        _S.IN_TRANSIT,
        Text("មកដល់ប្រទេសឆ្លងកាត់", "Reached a country on the way"),
        NOTHING,
    ),
    EventCode.EMK: EventKind(
        "Departure from transit office of exchange",
        _S.IN_TRANSIT,
        Text("បានចេញពីប្រទេសឆ្លងកាត់", "Left a country on the way"),
        NOTHING,
    ),
    EventCode.EMD: EventKind(
        "Arrival at inward office of exchange",
        _S.IN_TRANSIT,
        Text("មកដល់ប្រទេសគោលដៅ", "Reached the country of destination"),
        NOTHING,
    ),
    EventCode.EDA: EventKind(
        "Held at inward office of exchange",
        _S.HELD,
        Text("រង់ចាំនៅការិយាល័យទទួលពីបរទេស", "Held at the office that takes mail from abroad"),
        HOLD,
    ),
    EventCode.EDB: EventKind(
        "Presented to import customs",
        _S.AT_CUSTOMS,
        Text("បានដាក់ជូនគយពិនិត្យការនាំចូល", "Shown to import customs"),
        NOTHING,
    ),
    EventCode.EME: EventKind(
        "Held by import customs",
        _S.HELD,
        Text("គយនាំចូលរក្សាទុកជាបណ្ដោះអាសន្ន", "Held by import customs"),
        HOLD,
    ),
    EventCode.EDC: EventKind(
        "Returned from import customs",
        _S.IN_TRANSIT,
        Text("គយពិនិត្យការនាំចូលរួចរាល់", "Passed import customs"),
        NOTHING,
    ),
    EventCode.EDX: EventKind("Import terminated", _S.STOPPED, Text("ការនាំចូលត្រូវបានបញ្ឈប់", "Import stopped"), END),
    EventCode.EMF: EventKind(
        "Departure from inward office of exchange",
        _S.IN_TRANSIT,
        Text("កំពុងដឹកទៅការិយាល័យប្រគល់", "Sent on towards the delivery office"),
        NOTHING,
    ),
    EventCode.EDD: EventKind(
        "Into sorting centre",
        _S.IN_TRANSIT,
        Text("មកដល់មជ្ឈមណ្ឌលបែងចែក", "Reached a sorting centre"),
        NOTHING,
    ),
    EventCode.EDE: EventKind(
        "Out of sorting centre",
        _S.IN_TRANSIT,
        Text("បានចេញពីមជ្ឈមណ្ឌលបែងចែក", "Left a sorting centre"),
        NOTHING,
    ),
    EventCode.EMG: EventKind(
        "Arrival at delivery office",
        _S.ARRIVED,
        Text("មកដល់ការិយាល័យប្រគល់", "Reached the delivery office"),
        NOTHING,
    ),
    EventCode.EDF: EventKind(
        "Held at delivery depot",
        _S.HELD,
        Text("រង់ចាំនៅការិយាល័យប្រគល់", "Held at the delivery office"),
        HOLD,
    ),
    EventCode.EDG: EventKind(
        "Out for physical delivery",
        _S.OUT_FOR_DELIVERY,
        Text("កំពុងដឹកទៅប្រគល់ជូន", "Out for delivery"),
        NOTHING,
    ),
    EventCode.EDH: EventKind(
        "Arrival at collection point for pick-up",
        _S.READY_FOR_COLLECTION,
        Text("មកដល់ការិយាល័យ ហើយរង់ចាំអ្នកមកយក", "Waits at the office to be collected"),
        NOTHING,
    ),
    EventCode.EMH: EventKind(
        "Unsuccessful (attempted) delivery",
        _S.ATTEMPT_FAILED,
        Text("ប្រគល់មិនបានសម្រេច", "Could not be handed over"),
        FAILED_ATTEMPT,
    ),
    EventCode.EMI: EventKind("Final delivery", _S.DELIVERED, Text("បានប្រគល់ជូនរួចរាល់", "Handed over"), NOTHING),
    EventCode.CANCELLED: EventKind(
        "Cancelled before dispatch",
        _S.CANCELLED,
        Text("អ្នកផ្ញើបានលុបចោល", "Cancelled by the sender"),
        NOTHING,
    ),
    EventCode.UNKNOWN: EventKind(
        "Not known to this release", _S.ANNOUNCED, Text("ប្រៃសណីយ៍បានកត់ត្រា", "Recorded by the post"), NOTHING
    ),
}

RANKS: Mapping[EventCode, int] = {code: rank for rank, code in enumerate(EventCode)}
"""Which of two events at the same instant comes first."""

SCANNED_CODES = frozenset(EventCode) - {EventCode.CANCELLED, EventCode.UNKNOWN}
"""What an office may scan."""
