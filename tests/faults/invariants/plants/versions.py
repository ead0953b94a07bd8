"""Two versions that do not get on with each other, and people who were made older: I4 and I14."""

from dataclasses import replace

from onebox.simulator.history import Kind
from tests.faults.evidence import Evidence, Window
from tests.faults.invariants.healthy import refused, unanswered
from tests.faults.invariants.planting import dead_letter, first, planted, with_calls


def side_by_side(evidence: Evidence) -> None:
    evidence.windows = [*evidence.windows, Window("two versions", 0.0, 10.0, floor=1, unnoticed=True)]


@planted("I14", "a call that ends in doubt while versions take over", says="failed: None")
def _unknown(evidence: Evidence) -> None:
    side_by_side(evidence)
    with_calls(evidence, unanswered(first(evidence, Kind.SCAN)))


@planted("I14", "a call that is sent away while versions take over", says="failed: 503")
def _sent_away(evidence: Evidence) -> None:
    side_by_side(evidence)
    with_calls(evidence, refused(first(evidence, Kind.SCAN), 503))


@planted("I14", "an event of one version that the other puts aside", says="put parcel.events aside")
def _put_aside(evidence: Evidence) -> None:
    side_by_side(evidence)
    evidence.dead_letters = [dead_letter(evidence)]


def recipient(evidence: Evidence, **changed: object) -> None:
    sender, one = evidence.contacts
    evidence.contacts = [sender, replace(one, **changed)]  # type: ignore[arg-type]


@planted("I4", "people of a version before the last", says="knows version 1 of the recipient")
def _older(evidence: Evidence) -> None:
    recipient(evidence, version=1)


@planted("I4", "a recipient whom nobody would tell", says="knows version None of the recipient")
def _nobody(evidence: Evidence) -> None:
    evidence.contacts = evidence.contacts[:1]


@planted("I4", "a recipient of an older name under the latest version", says="knows another recipient")
def _older_name(evidence: Evidence) -> None:
    recipient(evidence, name="Chan Sophea")


@planted("I4", "a recipient of an older phone under the latest version", says="knows another recipient")
def _older_phone(evidence: Evidence) -> None:
    recipient(evidence, phone="+855971234567")


@planted("I4", "a sender who is told in another language", says="knows another sender")
def _other_language(evidence: Evidence) -> None:
    sender, one = evidence.contacts
    evidence.contacts = [replace(sender, language="km"), one]
