import gc
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from jgo.maven import MavenContext

from onebox.errors import JarMismatch, JarsUnavailable
from onebox.kafka import jars
from onebox.kafka.jars import Jar

CONTENT = b"a jar"
JAR = Jar("org.example", "post", "1.0", hashlib.sha256(CONTENT).hexdigest())

Download = Callable[[Jar, Path], Path]


def _downloads(content: bytes) -> Download:
    def download(jar: Jar, cache: Path) -> Path:
        cache.mkdir()
        (cache / jar.file_name).write_bytes(content)
        return cache / jar.file_name

    return download


def _names_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _must_not_download(jar: Jar, cache: Path) -> Path:
    raise AssertionError(jar)


def test_the_lock_names_each_jar_of_the_broker_once() -> None:
    locked = jars.locked()
    assert len({jar.file_name for jar in locked}) == len(locked) == 46
    assert all(len(jar.sha256) == 64 for jar in locked)
    assert {jar.version for jar in locked if jar.artifact.startswith("kafka")} == {"4.3.0"}


async def test_a_jar_is_kept_and_not_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jars, "_download", _downloads(CONTENT))
    await jars.fetch(tmp_path / "libs", print, [JAR])
    assert (tmp_path / "libs" / "post-1.0.jar").read_bytes() == CONTENT
    assert _names_in(tmp_path) == ["libs"]
    monkeypatch.setattr(jars, "_download", _must_not_download)
    await jars.fetch(tmp_path / "libs", print, [JAR])


async def test_a_jar_with_another_content_is_refused_and_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jars, "_download", _downloads(b"another jar"))
    with pytest.raises(JarMismatch, match=r"post-1\.0\.jar"):
        await jars.fetch(tmp_path / "libs", print, [JAR])
    assert _names_in(tmp_path / "libs") == []


async def test_a_jar_that_lost_its_content_is_fetched_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "libs").mkdir()
    (tmp_path / "libs" / JAR.file_name).touch()
    monkeypatch.setattr(jars, "_download", _downloads(CONTENT))
    await jars.fetch(tmp_path / "libs", print, [JAR])
    assert (tmp_path / "libs" / JAR.file_name).read_bytes() == CONTENT


async def test_without_a_way_to_the_jars_one_sentence_names_the_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def offline(**settings: Path | int) -> MavenContext:
        return MavenContext(remote_repos={"none": "http://127.0.0.1:1"}, repo_cache=tmp_path / "cache", timeout=1)

    monkeypatch.setattr(jars, "MavenContext", offline)
    with pytest.raises(JarsUnavailable) as refused:
        await jars.fetch(tmp_path / "libs", print, [JAR, replace(JAR, version="2.0"), replace(JAR, version="3.0")])
    gc.collect()
    assert caplog.records == []
    assert all(way in str(refused.value) for way in ("Maven", "CTCPOST_KAFKA", "Docker"))
