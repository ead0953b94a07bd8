"""The pages that describe the structure, held against the structure."""

import configparser
import re
from pathlib import Path

import pytest

from shared.contracts.topics import TOPICS
from tests.contracts.events import all_events

ROOT = Path(__file__).parents[2]
NOTHING = "\N{EN DASH}"
SERVICES = ("parcel", "tracking", "notifications")
README = (ROOT / "README.md").read_text()
ARCHITECTURE = (ROOT / "docs" / "architecture.md").read_text()
FLOWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in (ROOT / "docs" / "flows.md").read_text().splitlines()
    if line.startswith("| ") and not line.startswith("| when")
]
EVENTS = {event.__name__: event for event in all_events().values()}


def hearers(event_name: str) -> set[str]:
    """Return the services whose consumers name an event; the directory is copied by all but its owner."""
    if EVENTS[event_name].topic == "parcel.directory":
        return {"tracking", "notifications"}
    named = re.compile(rf"\b{event_name}\b")
    files = {service: (ROOT / "services" / service).rglob("entrypoints/consumers.py") for service in SERVICES}
    return {service for service in SERVICES if any(named.search(file.read_text()) for file in files[service])}


def layers(text: str) -> list[set[str]]:
    return [{part.strip() for part in re.split(r"[|:]", layer)} for layer in re.split(r">|\n", text) if layer.strip()]


@pytest.mark.parametrize("row", FLOWS, ids=lambda row: row[0])
def test_a_flow_names_files_events_and_hearers_that_are_there(row: list[str]) -> None:
    _, start, story, tells, heard_by = row
    story_file = ROOT / story.strip("`")
    assert (ROOT / start.strip("`")).is_file()
    assert f"def {story_file.stem}(" in story_file.read_text()
    if tells != NOTHING:
        event_name = tells.strip("`")
        assert hearers(event_name) == set(re.findall(r"\w+", heard_by.replace(NOTHING, "")))


def test_every_event_stands_in_the_flows() -> None:
    assert {row[3].strip("`") for row in FLOWS} - {NOTHING} == set(EVENTS)


def test_the_readme_picture_shows_the_services_and_the_topics_that_carry_events() -> None:
    picture = README.split("```")[1]
    carrying = {event.topic for event in EVENTS.values()}
    shown = set(re.findall(r"(?:parcel|tracking|notifications)\.[a-z]+", picture))
    assert shown == carrying
    assert set(re.findall(r"│ +(parcel|tracking|notifications) +│", picture)) == set(SERVICES)


def test_the_readme_commands_are_targets_of_the_makefile() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = README + (ROOT / "CONTRIBUTING.md").read_text()
    assert set(re.findall(r"^make ([a-z-]+)", pages, re.MULTILINE)) <= targets


def test_the_layers_on_the_page_are_those_of_the_contracts() -> None:
    contracts = configparser.ConfigParser()
    contracts.read(ROOT / ".importlinter")
    sections = {"Inside a service": "service", "Inside parcel": "rooms", "Inside shared": "shared"}
    page = dict(re.findall(rf"({'|'.join(sections)})[^`]*`([^`]+)`", ARCHITECTURE))
    for name, section in sections.items():
        declared = contracts[f"importlinter:contract:{section}"]["layers"].replace("(", "").replace(")", "")
        assert layers(page[name]) == layers(declared)


def test_the_topics_on_the_page_are_those_declared() -> None:
    named = set(re.findall(r"`((?:parcel|tracking|notifications)\.[a-z]+)`", ARCHITECTURE))
    assert named == {topic.name for topic in TOPICS}


def test_no_page_holds_a_place_to_be_filled() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    assert [page.name for page in pages if re.search(r"\b(FIGURES|TESTTIME|TBD|TODO)\b", page.read_text())] == []


def test_every_link_between_pages_leads_somewhere() -> None:
    pages = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), *(ROOT / "deploy").rglob("*.md")]
    broken = [
        f"{page.name}: {target}"
        for page in pages
        for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_a_decision_is_short_and_says_when_to_look_again() -> None:
    for page in (ROOT / "docs" / "decisions").glob("*.md"):
        text = page.read_text()
        assert len(text.splitlines()) <= 50, page.name
        assert "**Revisit when**" in text, page.name
