"""What customers read for each state, each service and each mistyped number, in Khmer and in English."""

from dataclasses import dataclass

from shared.contracts.parcel import Service
from shared.contracts.states import CustomerState


@dataclass(frozen=True, slots=True)
class Text:
    """One short text in both languages."""

    km: str
    en: str


STATE_TEXTS: dict[CustomerState, Text] = {
    CustomerState.ANNOUNCED: Text("រង់ចាំទទួលពីអ្នកផ្ញើ", "Announced, not handed in yet"),
    CustomerState.ACCEPTED: Text("បានទទួលពីអ្នកផ្ញើ", "Accepted from the sender"),
    CustomerState.IN_TRANSIT: Text("កំពុងដឹកជញ្ជូន", "On its way"),
    CustomerState.AT_CUSTOMS: Text("កំពុងពិនិត្យនៅគយ", "At customs"),
    CustomerState.HELD: Text("ត្រូវបានរក្សាទុកជាបណ្ដោះអាសន្ន", "Held for now"),
    CustomerState.ARRIVED: Text("មកដល់ការិយាល័យប្រគល់", "Arrived at the delivery office"),
    CustomerState.READY_FOR_COLLECTION: Text("មកដល់ការិយាល័យ ហើយរង់ចាំអ្នកមកយក", "Ready for collection"),
    CustomerState.OUT_FOR_DELIVERY: Text("កំពុងដឹកទៅប្រគល់ជូន", "Out for delivery"),
    CustomerState.ATTEMPT_FAILED: Text("ប្រគល់មិនបានសម្រេច", "Delivery attempt failed"),
    CustomerState.DELIVERED: Text("បានប្រគល់ជូនរួចរាល់", "Delivered"),
    CustomerState.RETURNING: Text("កំពុងដឹកត្រឡប់ទៅអ្នកផ្ញើវិញ", "Going back to the sender"),
    CustomerState.RETURNED: Text("បានប្រគល់ជូនអ្នកផ្ញើវិញ", "Returned to the sender"),
    CustomerState.CANCELLED: Text("អ្នកផ្ញើបានលុបចោល", "Cancelled by the sender"),
    CustomerState.STOPPED: Text("ត្រូវបានបញ្ឈប់នៅព្រំដែន", "Stopped at the border"),
    CustomerState.LOST: Text("បាត់", "Lost"),
}

SERVICE_TEXTS: dict[Service, Text] = {
    "parcel": Text("កញ្ចប់បញ្ញើ", "Parcel"),
    "ems": Text("បញ្ញើរហ័ស EMS", "EMS"),
    "small_packet": Text("កញ្ចប់តូច", "Small packet"),
    "registered_letter": Text("សំបុត្រអនុសិដ្ឋ", "Registered letter"),
}

DOOR_DELIVERY_TEXT = Text("ដឹកដល់ផ្ទះ", "Door delivery")

NUMBER_SHAPE = Text(
    "លេខកញ្ចប់មានអក្សរ ២ លេខ ៩ ខ្ទង់ និងអក្សរ ២។ សូមផ្ទៀងផ្ទាត់ជាមួយបង្កាន់ដៃ។",
    "An item number has two letters, nine digits and two letters. Compare it with the receipt.",
)
REFUSED_NUMBER_TEXTS: dict[str, Text] = {
    "item-number-shape": NUMBER_SHAPE,
    "check-digit": Text(
        "លេខនេះមានខ្ទង់ខុស ព្រោះលេខត្រួតពិនិត្យមិនត្រូវគ្នា។ សូមផ្ទៀងផ្ទាត់លេខនីមួយៗជាមួយបង្កាន់ដៃ។",
        "A digit is wrong: the check digit does not fit the number. Compare each digit with the receipt.",
    ),
    "reserved-indicator": Text(
        "គ្មានលេខកញ្ចប់ណាចាប់ផ្ដើមដោយអក្សរទាំងនេះទេ។ សូមផ្ទៀងផ្ទាត់អក្សរដំបូងជាមួយបង្កាន់ដៃ។",
        "No item number begins with these letters. Compare the first letters with the receipt.",
    ),
}
"""By the code of the refusal."""
