"""Each kind of refusal has its page, and each page says what to do."""

from shared.errors import PostError
from tests.contracts.problem_pages import FOLDER, WHAT_TO_DO, pages


def test_the_pages_are_what_the_code_says() -> None:
    wanted = pages()
    assert {path.stem for path in FOLDER.glob("*.md")} == set(wanted), "run make snapshots"
    assert [slug for slug, text in wanted.items() if (FOLDER / f"{slug}.md").read_text() != text] == []


def test_every_page_says_what_to_do() -> None:
    assert all(any(what in text for what in WHAT_TO_DO.values()) for text in pages().values())


def test_one_slug_means_one_thing() -> None:
    titles: dict[str, set[str]] = {}
    waiting = [PostError]
    while waiting:
        kind = waiting.pop()
        waiting += kind.__subclasses__()
        if kind.__module__.startswith(("services.", "shared.")):
            titles.setdefault(kind.slug, set()).add((kind.__doc__ or "").splitlines()[0])
    assert {slug: said for slug, said in titles.items() if len(said) > 1} == {}
