import re
import stat
import subprocess
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from shared.access.tokens import SigningKey
from shared.sealing import KeyRing
from tests.support.addresses import ROOT


def make_secrets(folder: Path) -> None:
    subprocess.run([ROOT / "deploy" / "make-secrets", folder], check=True, capture_output=True, timeout=30)


def content(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


@pytest.fixture(scope="module")
def secrets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("deploy") / "secrets"
    make_secrets(folder)
    return folder


def test_the_services_can_read_the_keys(secrets: Path) -> None:
    ring = KeyRing.read(secrets / "key-ring.json")
    assert ring.open(ring.seal(b"a name", "an event"), "an event") == b"a name"
    assert SigningKey.read((secrets / "signing-key.pem").read_bytes()).key_id


@pytest.mark.parametrize("service", ["parcel", "tracking", "notifications"])
def test_owner_and_service_role_have_a_password_each(secrets: Path, service: str) -> None:
    owner = urlsplit((secrets / f"{service}_owner_database_url").read_text().strip())
    role = urlsplit((secrets / f"{service}_database_url").read_text().strip())
    assert (owner.username, role.username) == (f"{service}_owner", f"{service}_service")
    assert (owner.hostname, owner.path) == (role.hostname, role.path) == ("postgres", f"/{service}")
    assert owner.password != role.password
    assert len(role.password or "") >= 32


def test_a_second_run_keeps_what_is_there_and_adds_what_is_missing(secrets: Path) -> None:
    before = content(secrets)
    (secrets / "postgres_password").unlink()
    make_secrets(secrets)
    after = content(secrets)
    assert after.pop("postgres_password") != before.pop("postgres_password")
    assert after == before


def test_nobody_else_gets_into_the_folder(secrets: Path) -> None:
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(file.stat().st_mode) for file in secrets.iterdir()} == {0o444}


def test_every_secret_of_the_compose_file_is_made(secrets: Path) -> None:
    wanted = re.findall(r"\{file: deploy/secrets/(\S+)\}", (ROOT / "docker-compose.yml").read_text())
    assert sorted(wanted) == sorted(content(secrets))
