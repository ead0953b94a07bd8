"""Rules of the house that no linter knows, as checks on the syntax tree."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROOTS = ("services", "shared", "onebox")
LONGEST_FILE = 400
LONGEST_FUNCTION = 40
BANNED_NAMES = {"utils", "helpers", "helper", "common", "base", "manager", "misc", "core"}
MAY_HOLD_SQL = re.compile(
    r"services/\w+/(\w+/)?store/|shared/(db|messaging|access|syncing)/|onebox/(postgres|counter)/"
)
STATEMENT = re.compile(
    r"^\s*(with|select|insert\s+into|update|delete\s+from|create\s+(table|database|role))\s", re.IGNORECASE
)
SQL_WORDS = re.compile(r"\b(from|set|values|where|returning|owner|login)\b", re.IGNORECASE)
MAY_CATCH_ALL = {
    "shared/loops.py": "a step that fails must not end the loop",
    "shared/messaging/broker.py": "whatever keeps the broker away, it is tried again",
    "shared/messaging/consume.py": "whatever an event does, the partition moves on",
    "shared/messaging/relay.py": "whatever ends a term, another begins",
    "shared/syncing/apply_records.py": "whatever one record does, the rest pass",
    "shared/web/lean_route.py": "what has a handler is answered by it, the rest raised again",
    "shared/web/requests.py": "what nobody foresaw is answered as a defect",
    "services/notifications/use_cases/deliver_messages.py": "one provider's fault must not take the batch along",
    "services/parcel/posting/entrypoints/registrar.py": "each waiting request gets the error as its own answer",
}


def sources() -> Iterator[Path]:
    for root in ROOTS:
        yield from sorted((ROOT / root).rglob("*.py"))


def every_python_file() -> Iterator[Path]:
    yield from sources()
    for root in ("tests", "bench"):
        yield from sorted((ROOT / root).rglob("*.py"))


@cache
def tree_of(path: Path) -> ast.Module:
    """Return the syntax tree of a file, which several rules look at."""
    return ast.parse(path.read_text())


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Give every function, nested ones too; they stand in statements only, which spares a walk through all else."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node
        if isinstance(node, ast.stmt | ast.ExceptHandler | ast.match_case):
            yield from functions(node)


def length_without_texts(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a function; its docstring and its SQL are read as text, not as steps."""
    texts = (n for n in ast.walk(function) if isinstance(n, ast.Constant) and isinstance(n.value, str))
    in_texts = {line for n in texts if n.end_lineno != n.lineno for line in range(n.lineno, (n.end_lineno or 0) + 1)}
    return len(set(range(function.lineno, (function.end_lineno or 0) + 1)) - in_texts)


def holds_sql(text: str) -> bool:
    return bool(STATEMENT.match(text) and SQL_WORDS.search(text))


def catches_all(tree: ast.AST) -> bool:
    """Tell whether an exception of any kind ends here; one that is raised again does not."""
    handlers = (node for node in ast.walk(tree) if isinstance(node, ast.ExceptHandler))
    return any(_names_all(handler) and not _raises_again(handler) for handler in handlers)


def _names_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or (
        isinstance(handler.type, ast.Name) and handler.type.id in {"Exception", "BaseException"}
    )


def _raises_again(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def subscribers_without_policy(tree: ast.AST) -> list[int]:
    calls = (node for node in ast.walk(tree) if isinstance(node, ast.Call))
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute)
        and call.func.attr == "subscriber"
        and "ack_policy" not in {keyword.arg for keyword in call.keywords}
    ]


def cases_without_order(tree: ast.AST) -> list[int]:
    """Give the lines of parametrised tests whose cases are a set: two processes would collect them differently."""
    calls = (call for function in functions(tree) for call in function.decorator_list if isinstance(call, ast.Call))
    return [
        call.lineno
        for call in calls
        if isinstance(call.func, ast.Attribute) and call.func.attr == "parametrize" and is_set(call.args[1])
    ]


def is_set(cases: ast.expr) -> bool:
    if isinstance(cases, ast.BinOp):
        return is_set(cases.left) or is_set(cases.right)
    if isinstance(cases, ast.Call):
        return isinstance(cases.func, ast.Name) and cases.func.id in {"set", "frozenset"}
    return isinstance(cases, ast.Set | ast.SetComp)


def test_no_file_outgrows_its_limit() -> None:
    lengths = {name_of(path): len(path.read_text().splitlines()) for path in every_python_file()}
    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_no_function_outgrows_its_limit() -> None:
    # A function without its texts is no longer than with them: few need to be looked at closely.
    too_long = [
        f"{name_of(path)}: {f.name} ({length_without_texts(f)})"
        for path in every_python_file()
        for f in functions(ast.parse(path.read_text()))
        if (f.end_lineno or 0) - f.lineno >= LONGEST_FUNCTION and length_without_texts(f) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_a_module_is_named_for_what_it_owns() -> None:
    assert [name_of(path) for path in sources() if path.stem in BANNED_NAMES] == []


def test_the_first_line_says_what_a_module_owns() -> None:
    assert [name_of(path) for path in sources() if not ast.get_docstring(tree_of(path))] == []


def test_an_init_file_holds_a_docstring_only() -> None:
    crowded = [name_of(p) for p in sources() if p.name == "__init__.py" and len(tree_of(p).body) > 1]
    assert crowded == []


def test_sql_stands_only_beside_the_tables_it_speaks_of() -> None:
    strays = [
        f"{name_of(path)}:{node.lineno}"
        for path in sources()
        if not MAY_HOLD_SQL.match(name_of(path))
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and holds_sql(node.value)
    ]
    assert strays == []


def test_no_room_reads_the_store_of_another() -> None:
    store = re.compile(r"from services\.(\w+)\.(\w+)\.store[ .]")
    intruders = [
        f"{name_of(path)} reads {room}"
        for path in sorted((ROOT / "services").rglob("*.py"))
        for service, room in store.findall(path.read_text())
        if not name_of(path).startswith(f"services/{service}/{room}/")
    ]
    assert intruders == []


def test_every_subscriber_names_its_acknowledgement_policy() -> None:
    # Reading is quick and parsing is not; whatever calls it names it.
    naming = [path for path in every_python_file() if "subscriber" in path.read_text()]
    silent = [f"{name_of(p)}:{line}" for p in naming for line in subscribers_without_policy(tree_of(p))]
    assert naming
    assert silent == []


def test_cases_come_in_one_order() -> None:
    tests = [path for path in sorted((ROOT / "tests").rglob("test_*.py")) if "parametrize" in path.read_text()]
    assert [f"{name_of(path)}:{line}" for path in tests for line in cases_without_order(tree_of(path))] == []


def test_only_listed_places_catch_every_exception() -> None:
    catching = {name_of(path) for path in sources() if catches_all(tree_of(path))}
    assert catching <= set(MAY_CATCH_ALL)


def test_the_rules_see_what_they_forbid() -> None:
    bad = ast.parse(
        "@broker.subscriber('t', batch=True)\n"
        "async def f():\n"
        "    try:\n"
        "        await tx.execute('select a from b')\n"
        "    except Exception:\n"
        "        pass\n"
    )
    strings = [node.value for node in ast.walk(bad) if isinstance(node, ast.Constant) and isinstance(node.value, str)]
    assert subscribers_without_policy(bad) == [1]
    assert catches_all(bad)
    assert any(holds_sql(text) for text in strings)
    shuffled = "@pytest.mark.parametrize('x', set(A) - {1})\ndef test_f(x): ...\n"
    assert cases_without_order(ast.parse(shuffled)) == [1]
    assert cases_without_order(ast.parse(shuffled.replace("set(A) - {1}", "sorted(set(A) - {1})"))) == []
    documented = 'def g():\n    """Doc.\n    """\n    return 1\n'
    assert length_without_texts(next(functions(ast.parse(documented)))) == 2


def test_shared_stays_the_smaller_part_of_the_source() -> None:
    lines = {
        root: sum(len(p.read_text().splitlines()) for p in (ROOT / root).rglob("*.py"))
        for root in ("services", "shared")
    }
    assert lines["shared"] / sum(lines.values()) < 0.4
