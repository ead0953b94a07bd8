"""The JSON API: counters send scans, anybody asks where a parcel is."""

from collections import Counter
from typing import Annotated

import structlog
from fastapi import APIRouter, Depends, Path, Response, status

from services.tracking.domain.intake import intake_problems
from services.tracking.domain.public import PublicJourney
from services.tracking.entrypoints.scan_form import (
    ScanForm,
    ScanList,
    ScanResultList,
    ScanResultView,
    read,
    refusal_view,
    result_view,
)
from services.tracking.use_cases.find_journey import find_journey
from services.tracking.use_cases.record_scans import Result, ScanResult, record_scans
from shared.access.roles import COUNTER, Actor, OtherOffice, Role
from shared.clock import now
from shared.errors import FieldProblem, Invalid
from shared.failpoints import Place, reached
from shared.s10 import ItemNumber
from shared.web.access import actor_with, anyone
from shared.web.service import Service, service_of

log = structlog.get_logger()
router = APIRouter()

Running = Annotated[Service, Depends(service_of)]
Scanner = Annotated[Actor, Depends(actor_with(*COUNTER, Role.ADMINISTRATOR))]
Shown = Annotated[str, Path(examples=["RR473124829GB"])]
OTHER_OFFICE = FieldProblem("office", OtherOffice.slug, "You are not signed in for this office.")


class ScanRefused(Invalid):
    """The scan cannot be recorded as it is."""

    slug = "scan-refused"


@router.post("/scans", status_code=status.HTTP_201_CREATED, responses={200: {"description": "Recorded before."}})
async def submit_scan(form: ScanForm, actor: Scanner, service: Running, response: Response) -> ScanResultView:
    """Record one scan; sent again it changes nothing and answers 200."""
    actor.must_act_for(form.office)
    if problems := _intake_problems(form, actor, service):
        raise ScanRefused(problems)
    (result,) = await _record(service, actor, [form])
    if result.result is Result.REFUSED:
        raise result.hindrance or ScanRefused(result.problems)
    if result.result is Result.ALREADY_RECORDED:
        response.status_code = status.HTTP_200_OK
    log.info("scan recorded", item_number=form.item_number, scan_id=str(form.scan_id), result=result.result)
    return result_view(form, result)


@router.post("/scans/batch")
async def submit_scans(body: ScanList, actor: Scanner, service: Running) -> ScanResultList:
    """Record up to 500 scans, each on its own: one that cannot be recorded does not hinder the others."""
    judged = [_may_send(read(record), actor, service) for record in body.scans]
    forms = [one for one in judged if isinstance(one, ScanForm)]
    results = iter(zip(forms, await _record(service, actor, forms), strict=True))
    views = [
        result_view(*next(results)) if isinstance(one, ScanForm) else refusal_view(record, one)
        for one, record in zip(judged, body.scans, strict=True)
    ]
    log.info("scans recorded", **Counter(view.result.value for view in views))
    return ScanResultList(results=views)


@router.get("/journeys/{item_number}", dependencies=[Depends(anyone)])
async def show_journey(item_number: Shown, service: Running) -> PublicJourney:
    """Return state and timeline of a parcel; the answer names no person."""
    async with service.database.connection() as tx:
        return await find_journey(tx, ItemNumber.parse(item_number), service.directory.offices)


def _may_send(form: ScanForm | list[FieldProblem], actor: Actor, service: Service) -> ScanForm | list[FieldProblem]:
    if not isinstance(form, ScanForm):
        return form
    if not actor.acts_for(form.office):
        return [OTHER_OFFICE]
    return _intake_problems(form, actor, service) or form


def _intake_problems(form: ScanForm, actor: Actor, service: Service) -> list[FieldProblem]:
    return intake_problems(form.to_scan(actor, now()), service.directory.offices.get(form.office))


async def _record(service: Service, actor: Actor, forms: list[ScanForm]) -> list[ScanResult]:
    received_at = now()
    scans = [form.to_scan(actor, received_at) for form in forms]
    async with service.database.transaction() as tx:
        offices = service.directory.offices
        rules = {code: offices[code].hand_over_rule for code in {form.office for form in forms} if code in offices}
        results = await record_scans(tx, service.outbox, scans, offices.keys(), received_at, rules=rules)
        reached(Place.SCANS_WRITTEN)
    reached(Place.SCANS_COMMITTED)
    return results
