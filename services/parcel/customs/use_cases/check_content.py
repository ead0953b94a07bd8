"""A form asks whether a declaration would pass, before anything is kept."""

from dataclasses import dataclass
from datetime import date

from services.parcel.customs.domain import currencies
from services.parcel.customs.domain.content_rules import Finding, findings_on
from services.parcel.customs.domain.customs_form import CustomsForm, form_for
from services.parcel.customs.domain.declaration import Declaration
from services.parcel.customs.domain.destinations import demands
from services.parcel.customs.domain.posted_item import Sending


@dataclass(frozen=True, slots=True)
class Checked:
    """What a form is told: findings, the paper to print, and what the destination demands."""

    findings: list[Finding]
    form: CustomsForm | None
    """None while the currency is not one that may be declared."""
    advance_data_demanded: bool
    hs_code_demanded: bool

    @property
    def is_acceptable(self) -> bool:
        """Tell whether nothing found refuses the declaration."""
        return not any(finding.refuses for finding in self.findings)


def check_content(declaration: Declaration, sending: Sending, on: date) -> Checked:
    """Check a declaration as `declare_content` would on this day; keeps nothing."""
    currency = currencies.accepted(on).get(declaration.currency)
    form = form_for(sending.service, declaration.total_value_minor, currency) if currency else None
    hs_code_demanded = declaration.category.is_commercial and demands("hs_six_digits", sending.destination_country, on)
    return Checked(
        findings_on(declaration, sending, on),
        form,
        demands("advance_data", sending.destination_country, on),
        hs_code_demanded,
    )
