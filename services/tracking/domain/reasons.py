"""Why a parcel was held, not handed over or stopped, and what was done then.

Provisional: the numbered UPU lists are not public. Non-delivery reasons follow the numbers that posts show;
retention reasons, actions and ends at a border carry words of ours until the lists are at hand.
"""

from services.tracking.domain.wording import Text

NON_DELIVERY_REASONS: dict[str, Text] = {
    "11": Text("អាសយដ្ឋានមិនត្រឹមត្រូវ", "Incorrect address"),
    "12": Text("មិនស្គាល់អ្នកទទួល", "Addressee unknown"),
    "13": Text("អ្នកទទួលមិននៅអាសយដ្ឋាននេះ", "Addressee not at the address"),
    "14": Text("អ្នកទទួលបដិសេធ", "Refused"),
    "15": Text("អ្នកទទួលសុំឱ្យប្រគល់ពេលក្រោយ", "Addressee asks for later delivery"),
    "16": Text("ប្រគល់ខុស", "Delivered to the wrong person"),
    "17": Text("បញ្ជូនខុសទិស", "Wrongly directed"),
    "18": Text("មកដល់ក្នុងសភាពខូចខាត", "Damaged on receipt"),
    "19": Text("មានទំនិញហាមឃាត់", "Prohibited contents"),
    "20": Text("មានទំនិញដាក់កំហិត", "Restricted contents"),
    "21": Text("រង់ចាំការបង់ប្រាក់", "Payment of charges pending"),
    "22": Text("គ្មានអ្នកមកយក", "Unclaimed"),
    "23": Text("រកអ្នកទទួលមិនឃើញ", "Addressee cannot be found"),
    "24": Text("ហេតុប្រធានស័ក្តិ", "Force majeure"),
    "25": Text("អ្នកទទួលសុំមកយកដោយខ្លួនឯង", "Addressee wants to collect it"),
    "26": Text("ថ្ងៃបុណ្យឈប់សម្រាក", "Public holiday"),
    "27": Text("បាត់", "Item lost"),
    "28": Text("អ្នកទទួលបានប្ដូរទីលំនៅ", "Addressee moved"),
    "29": Text("អ្នកទទួលមានប្រអប់សំបុត្រ", "Addressee has a P.O. box"),
}
ITEM_LOST = "27"

ACTIONS: dict[str, Text] = {
    "held-addressee-notified": Text("រក្សាទុក ហើយជូនដំណឹងអ្នកទទួល", "Held, addressee being notified"),
    "advised-to-collect": Text("បានប្រាប់អ្នកទទួលឱ្យមកយក", "Addressee advised to collect it"),
    "again-today": Text("នឹងប្រគល់ម្ដងទៀតថ្ងៃនេះ", "Another attempt today"),
    "again-next-working-day": Text("នឹងប្រគល់ម្ដងទៀតថ្ងៃធ្វើការបន្ទាប់", "Another attempt on the next working day"),
    "address-being-checked": Text("កំពុងផ្ទៀងផ្ទាត់អាសយដ្ឋាន", "Address being checked"),
    "forwarded": Text("បានបញ្ជូនបន្តទៅអាសយដ្ឋានថ្មី", "Forwarded"),
    "returned-to-sender": Text("បញ្ជូនត្រឡប់ទៅអ្នកផ្ញើវិញ", "Returned to the sender"),
}
RETURN_ACTION = "returned-to-sender"

RETENTION_REASONS: dict[str, Text] = {
    "papers-missing": Text("ខ្វះឯកសារ ឬវិក្កយបត្រ", "Papers or invoice missing"),
    "addressee-information": Text("រង់ចាំព័ត៌មានពីអ្នកទទួល", "Waiting for information from the addressee"),
    "duty-unpaid": Text("រង់ចាំការបង់ពន្ធ", "Waiting for payment of duty"),
    "permit-needed": Text("ត្រូវការលិខិតអនុញ្ញាត", "Licence or permit needed"),
    "sanitary-check": Text("ពិនិត្យអនាម័យសត្វ ឬរុក្ខជាតិ", "Veterinary or plant check"),
    "security-check": Text("ពិនិត្យសន្តិសុខ", "Security check"),
    "prohibited-or-restricted": Text("ទំនិញហាមឃាត់ ឬដាក់កំហិត", "Prohibited or restricted goods"),
    "random-inspection": Text("ពិនិត្យដោយចៃដន្យ", "Random inspection"),
    "address-query": Text("សាកសួរអំពីអាសយដ្ឋាន", "Address query"),
    "awaiting-collection": Text("រង់ចាំអ្នកមកយក", "Waiting to be collected"),
}

TERMINATION_REASONS: dict[str, Text] = {
    "returned": Text("បញ្ជូនត្រឡប់វិញ", "Returned"),
    "destroyed": Text("ត្រូវបានបំផ្លាញ", "Destroyed"),
    "seized": Text("ត្រូវបានរឹបអូស", "Seized"),
}
TERMINATION_BY_RETURN = "returned"
