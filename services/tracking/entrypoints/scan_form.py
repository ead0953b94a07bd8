"""A scan as a counter sends it, and the results that go back."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Annotated
from uuid import UUID

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)
from pydantic.config import JsonDict
from pydantic.json_schema import WithJsonSchema
from pydantic_core import PydanticCustomError

from services.tracking.domain.event_codes import SCANNED_CODES, EventCode
from services.tracking.domain.payment import Amount, Currency, Method, Payment
from services.tracking.domain.scan import Scan, Source
from services.tracking.use_cases.record_scans import Result, ScanResult
from shared.access.roles import Actor
from shared.contracts.states import CustomerState
from shared.errors import FieldProblem
from shared.s10 import InvalidItemNumber, ItemNumber
from shared.web.problems import field_problems

MOST_SCANS = 500
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)
LARGEST_DRIFT_MS = 100 * 366 * 86_400_000
LARGEST_SEQUENCE = 2**53
LARGEST_MINOR = 10_000_000_000

ARRIVED: JsonDict = {
    "scan_id": "019ab5c2-7d1e-7c3a-9b58-2f6d1c0e8a41",
    "item_number": "RR473124829GB",
    "event_code": "EMD",
    "device_time": "2026-11-23T10:30:00+07:00",
    "drift_ms": -1200,
    "office": "PPOE",
    "device": "counter-1",
    "device_sequence": 41,
}
SHOWN_TO_CUSTOMS: JsonDict = {
    "scan_id": "019ab5c2-91f0-7d24-8c3e-5b7a60d2f913",
    "item_number": "EE471108151FR",
    "event_code": "EDB",
    "device_time": "2026-11-23T10:40:00+07:00",
    "office": "PPOE",
}
HELD: JsonDict = {
    "scan_id": "019ab5c2-a4c8-7f10-b6d2-0e9c47f1a358",
    "item_number": "EE471108151FR",
    "event_code": "EME",
    "device_time": "2026-11-23T10:55:00+07:00",
    "office": "PPOE",
    "retention_reason": "papers-missing",
}


def _canonical(text: str) -> str:
    try:
        return str(ItemNumber.parse(text))
    except InvalidItemNumber as refused:
        raise PydanticCustomError(refused.code, "{why}", {"why": refused.detail}) from None


def _scanned(code: str) -> str:
    if code not in SCANNED_CODES:
        raise PydanticCustomError("unknown-event-code", "This is not an EMSEVT code that an office scans.")
    return code


Code = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,31}$")]


class MoneyForm(BaseModel):
    """Whole riel or whole cents."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    amount_minor: Annotated[int, Field(gt=0, le=LARGEST_MINOR)]
    currency: Currency


Moneys = Annotated[tuple[MoneyForm, ...], Field(max_length=10)]


class PaymentForm(BaseModel):
    """What a recipient paid as a parcel was handed over."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)

    method: Method
    received: Moneys
    change: Moneys = ()
    drawer_id: UUID | None = None
    """The drawer that cash went into; for cash alone, and needed there."""
    carrier: Code | None = None
    """Who collected it at the door and owes it; for what a carrier collected alone, and needed there."""

    @model_validator(mode="after")
    def _names_who_has_it(self) -> "PaymentForm":
        if (self.method == "cash") is (self.drawer_id is None) or (self.method == "carrier") is (self.carrier is None):
            raise PydanticCustomError("holder-needed", "Cash names its drawer, what a carrier collected the carrier.")
        return self

    def payment(self) -> Payment:
        """Return the payment."""
        received, change = (
            tuple(Amount(m.amount_minor, m.currency) for m in of) for of in (self.received, self.change)
        )
        return Payment(self.method, received, change, self.drawer_id, self.carrier)


class ScanForm(BaseModel):
    """One scan of one item at one office."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=True,
        json_schema_extra={"examples": [ARRIVED]},
    )

    scan_id: UUID
    """Made by the device; the same scan sent again keeps it."""
    item_number: Annotated[str, Field(max_length=40, examples=["RR473124829GB"]), AfterValidator(_canonical)]
    event_code: Annotated[
        str,
        AfterValidator(_scanned),
        WithJsonSchema({"type": "string", "enum": sorted(SCANNED_CODES), "title": "UPU EMSEVT code"}),
    ]
    device_time: Annotated[AwareDatetime, Field(ge=EARLIEST, lt=LATEST)]
    """When the device's clock said that it happened."""
    drift_ms: Annotated[int, Field(ge=-LARGEST_DRIFT_MS, le=LARGEST_DRIFT_MS)] = 0
    """How far the device's clock was ahead of ours; negative if it was behind."""
    office: Code
    device: Code | None = None
    device_sequence: Annotated[int, Field(ge=0, le=LARGEST_SEQUENCE)] = 0
    """Grows with each record of the device; orders scans of the same instant."""
    next_office: Code | None = None
    reason: Code | None = None
    action: Code | None = None
    retention_reason: Code | None = None
    collect_by: date | None = None
    """Last day on which a waiting item can be collected."""
    payment: PaymentForm | None = None
    """What was paid as it was handed over."""

    def to_scan(self, actor: Actor, received_at: datetime) -> Scan:
        """Return the scan, as sent by an actor."""
        return Scan(
            scan_id=self.scan_id,
            item_number=self.item_number,
            event_code=EventCode(self.event_code),
            device_time=self.device_time,
            received_at=received_at,
            office=self.office,
            source=Source.COUNTER,
            drift_ms=self.drift_ms,
            device=self.device,
            device_sequence=self.device_sequence,
            next_office=self.next_office,
            reason=self.reason,
            action=self.action,
            retention_reason=self.retention_reason,
            collect_by=self.collect_by,
            actor=actor.id,
            payment=self.payment.payment() if self.payment else None,
        )


class ScanList(BaseModel):
    """Scans that are judged each on its own, whatever stands in them."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"scans": [SHOWN_TO_CUSTOMS, HELD]}]})

    scans: Annotated[
        list[Annotated[object, WithJsonSchema(ScanForm.model_json_schema())]],
        Field(min_length=1, max_length=MOST_SCANS),
    ]


class FieldProblemView(BaseModel):
    """One field that was refused, and what to do about it."""

    field: str
    code: str
    message: str


class ScanResultView(BaseModel):
    """What became of one scan; `state` is that of the item now."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    scan_id: UUID | None
    """None where the record held no readable id."""
    item_number: str | None
    result: Result
    state: CustomerState | None = None
    errors: list[FieldProblemView] = []


class ScanResultList(BaseModel):
    """The results, in the order of the scans sent."""

    results: list[ScanResultView]


_form = TypeAdapter(ScanForm)


def read(record: object) -> ScanForm | list[FieldProblem]:
    """Read one record of a list; returns what is wrong with it where it cannot be read."""
    try:
        return _form.validate_python(record, strict=False)
    except ValidationError as refused:
        return field_problems([{**error, "loc": ("scan", *error["loc"])} for error in refused.errors()])


def result_view(form: ScanForm, result: ScanResult) -> ScanResultView:
    """Write the result of a scan that could be read."""
    return _view(form.scan_id, form.item_number, result)


def refusal_view(record: object, problems: Sequence[FieldProblem]) -> ScanResultView:
    """Write the refusal of a record that could not be read, beside what it can still be told by."""
    sent = record if isinstance(record, dict) else {}
    scan_id, item_number = _uuid(sent.get("scan_id")), _number(sent.get("item_number"))
    return _view(scan_id, item_number, ScanResult(Result.REFUSED, problems=tuple(problems)))


def _view(scan_id: UUID | None, item_number: str | None, result: ScanResult) -> ScanResultView:
    errors = [FieldProblemView(field=one.field, code=one.code, message=one.message) for one in result.problems]
    return ScanResultView(
        scan_id=scan_id, item_number=item_number, result=result.result, state=result.state, errors=errors
    )


def _uuid(value: object) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> str | None:
    try:
        return str(ItemNumber.parse(value)) if isinstance(value, str) else None
    except InvalidItemNumber:
        return None
