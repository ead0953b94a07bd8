"""docs/performance.md: the figures between two marks are written here, the words around them by people."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from statistics import median
from typing import Any

from bench import code, ramp_figures
from bench.results import Results

BEGIN, END = "<!-- figures: written by make bench -->", "<!-- end of figures -->"
LOAD = "![Goodput, p99 and lag by the load offered](load.svg)"
VERDICTS = {"aim": "reaches its aim", "must": "holds", "missed": "**missed**", "not judged": "not judged"}
MACHINE = ("python", "postgresql", "kafka", "kernel", "cores", "memory_gib")


def lines(results: Results) -> list[str]:
    """Return the table of metrics as a terminal shows it."""
    return [
        f"{name:<5}{one['ratio']:>8.3f}  [{one['low']:.3f}, {one['high']:.3f}]  must {_limit(one, 'must'):<8}"
        f"aim {_limit(one, 'aim'):<8}raw varies {one['raw_spread']:.0%}  {one['verdict']}"
        for name, one in results.items()
    ]


def write(page: Path, results: Results) -> None:
    """Put the figures into the page in place of those of the last run, and the picture of the load if there is one."""
    before, _, rest = page.read_text().partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{page} lacks {BEGIN} or {END}")
    ramp = page.parent / "load.json"
    load = f"\n{LOAD}\n\n{ramp_figures.caption(ramp_figures.read(ramp))}\n" if ramp.exists() else ""
    page.write_text(f"{before}{BEGIN}\n\n{_figures(results)}{load}\n{END}{after}")


def _figures(results: Results) -> str:
    parts = [_table(("metric", "ours / raw", "95 % interval", "must", "aim", "raw varies", ""), _rows(results))]
    parts += ["![Ratios](performance.svg)\n"]
    parts += [_table(("metric", "ours is", "median", "raw is", "median"), _sides(results))]
    if any(one["beside"] for one in results.values()):
        parts += [
            "Peers, on the same machine in the same run, each on its natural work:\n",
            _table(("metric", "peer", "figure", "ours is", "aim"), _peers(results)),
        ]
    if any(one["details"] or one["shortfalls"] for one in results.values()):
        parts += ["More of each metric:\n", "\n".join(details(results)) + "\n"]
    head = ("metric", "measured", "rounds", "commit", "its code since", "load before, after", "taken by the host")
    parts += [_table(head, _on(results))]
    parts += ["\n".join(_environments(results)) + "\n"]
    return "\n".join(parts)


def _rows(results: Results) -> Iterable[tuple[str, ...]]:
    for name, one in results.items():
        interval = f"{one['low']:.3f} to {one['high']:.3f}"
        limits = _limit(one, "must"), _limit(one, "aim")
        verdict = VERDICTS[one["verdict"]] + (", older code" if _commits_since(one) else "")
        yield name, f"{one['ratio']:.3f}", interval, *limits, f"{one['raw_spread']:.0%}", verdict


def _sides(results: Results) -> Iterable[tuple[str, ...]]:
    for name, one in results.items():
        ours, raw = (median([pair[side] for pair in one["rounds"]]) for side in (0, 1))
        yield name, one["sentence"], _figure(ours, one), one["raw_is"], _figure(raw, one)


def _peers(results: Results) -> Iterable[tuple[str, ...]]:
    for name, one in results.items():
        for peer in one["beside"]:
            aim = f"≥ {peer['aim_times']:g} times" if peer["aim_times"] else ""
            yield name, peer["name"], _figure(peer["figure"], one), f"{peer['times']:,.1f} times that", aim


def details(results: Results) -> Iterable[str]:
    """Return what else each metric told, and what it lacks, a line each."""
    for name, one in results.items():
        told = [
            f"{what} {value:,.2f}" if isinstance(value, float) else f"{what} {value}"
            for what, value in one["details"].items()
        ]
        told += [f"short of its aim: {what}" for what in one.get("short_of_aim", ())]
        told += [f"not judged: {what}" for what in one.get("unjudged", ())]
        told += [f"**{shortfall}**" for shortfall in one["shortfalls"]]
        if told:
            yield f"- {name}: {'; '.join(told)}."


def _on(results: Results) -> Iterable[tuple[str, ...]]:
    for name, one in results.items():
        load, since = one["load"], _commits_since(one)
        changed = {None: "not known", 0: "unchanged"}.get(since, f"{since} commits")
        busy = f"{load['load_before']}, {load['load_after']}", f"{load['steal']:.1%}"
        yield name, one["measured_at"], str(len(one["rounds"])), _commit(one), changed, *busy


def _commit(one: Mapping[str, Any]) -> str:
    if one["commit"] is None:
        return "not known"
    told = {True: "", False: ", and changes", None: ", or shortly before"}[one["clean"]]
    return f"{one['commit'][: code.SHORT]}{told}"


def _commits_since(one: Mapping[str, Any]) -> int | None:
    return code.commits_since(one["commit"], one["code"]) if one["commit"] else None


def _environments(results: Results) -> Iterable[str]:
    alike: dict[str, list[str]] = {}
    for name, one in results.items():
        alike.setdefault(_environment(one["environment"]), []).append(name)
    for told, names in alike.items():
        yield f"- {', '.join(names)}: {told}."


def _environment(told: Mapping[str, str]) -> str:
    machine = [f"{what.replace('_', ' ')} {told[what]}" for what in MACHINE]
    settings = [f"{what.removeprefix('postgresql ')}={value}" for what, value in told.items() if " " in what]
    packages = [f"{what} {value}" for what, value in told.items() if " " not in what and what not in MACHINE]
    return "; ".join(map(", ".join, (machine, settings, packages)))


def _limit(one: Mapping[str, Any], which: str) -> str:
    return f"{'≥' if one['better'] == 'higher' else '≤'} {one[which]:g}"


def _figure(value: float, one: Mapping[str, Any]) -> str:
    return f"{value:,.0f} {one['unit']}" if value >= 100 else f"{value:,.2f} {one['unit']}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    shown = [head, tuple("---" for _ in head), *rows]
    return "".join(f"| {' | '.join(row)} |\n" for row in shown)
