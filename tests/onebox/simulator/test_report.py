"""Verdicts: each can be yes and each can be no."""

import io
from dataclasses import replace

import pytest
from rich.console import Console

from onebox.simulator.day import EVENTS_A_PARCEL
from onebox.simulator.history import Kind
from onebox.simulator.lag import Hop
from onebox.simulator.report import Lag, Report
from onebox.simulator.tally import Figures

GOOD = Report(
    asked_for={"seed": 1},
    seconds=60,
    wanted_registrations_per_s=4.7,
    registrations_per_s=4.7,
    events_per_s=37.0,
    kinds={Kind.REGISTER: Figures(280, 0, 0, 0.01, 0.05, 0.2, 2.0, 0)},
    not_ok={},
    lags={hop: Lag(50, 0.1, 0.4, 0.5) for hop in Hop},
    shares={"services": 0.1, "postgres": 0.05, "kafka": 0.05, "simulator": 0.3, "whole box": 0.6},
)
LATE = {Kind.REGISTER: Figures(280, 0, 0, 0.01, 0.05, 2.2, 2.0, 1)}
BAD = {
    "answered with ok": replace(GOOD, not_ok={"scan busy": 1}),
    "inside its limit": replace(GOOD, kinds=LATE),
    "every lag": replace(GOOD, lags={hop: Lag(50, 0.1, 0.4, 2.1) for hop in Hop}),
    "of the box": replace(GOOD, shares={**GOOD.shares, "kafka": 0.2}),
    "as wanted": replace(GOOD, registrations_per_s=1.0),
}


def failed(report: Report) -> list[str]:
    return [verdict for verdict, holds in report.verdicts().items() if not holds]


def test_a_good_run_holds_every_verdict() -> None:
    assert len(GOOD.verdicts()) == len(BAD)
    assert failed(GOOD) == []


@pytest.mark.parametrize("what", BAD)
def test_a_fault_fails_its_verdict_and_no_other(what: str) -> None:
    (verdict,) = failed(BAD[what])
    assert what in verdict


def test_a_hop_that_nobody_saw_is_no_good_lag() -> None:
    assert failed(replace(GOOD, lags={Hop.REGISTERED_TO_TRACKING: Lag(50, 0.1, 0.4, 0.5)}))


def test_a_run_without_calls_shows_nothing() -> None:
    assert len(failed(replace(GOOD, kinds={}, registrations_per_s=0.0))) == 3


@pytest.mark.parametrize(("seconds", "share_done", "holds"), [(600, 0.85, False), (600, 0.95, True), (20, 0.6, True)])
def test_a_short_run_may_bring_less_than_its_rate(seconds: float, share_done: float, holds: bool) -> None:
    done = share_done * GOOD.wanted_registrations_per_s
    report = replace(GOOD, seconds=seconds, registrations_per_s=done, events_per_s=done * EVENTS_A_PARCEL)

    assert report.verdicts()["the load was as wanted"] is holds


def test_what_runs_elsewhere_is_not_judged_by_its_share() -> None:
    verdicts = replace(GOOD, shares={"simulator": 0.3, "whole box": 0.6}).verdicts()

    assert not any("of the box" in verdict for verdict in verdicts)


def test_the_report_prints_figures_and_verdicts() -> None:
    printed = io.StringIO()
    BAD["as wanted"].show(Console(file=printed, width=140))

    text = printed.getvalue()
    assert "register" in text
    assert "NO  the load was as wanted" in text


def test_parcels_that_nobody_carries_are_no_load() -> None:
    assert failed(replace(GOOD, seconds=600, events_per_s=5.0)) == ["the load was as wanted"]
