"""Settings of the parcel service, from the environment under PARCEL_."""

from pathlib import Path

from pydantic import SecretStr
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class ParcelSettings(ServiceSettings):
    """What the parcel service needs beside the common settings."""

    model_config = SettingsConfigDict(env_prefix="PARCEL_")

    signing_key_file: Path
    """Ed25519 private key, PKCS#8 PEM; staff tokens are signed with it."""
    personal_data_days: int = 180
    """How long names, phones and addresses are kept after a parcel's journey ended; no law of the post's is known."""
    sample_passphrase: SecretStr | None = None
    """Passphrase of all sample staff, for `load-samples` alone."""
    port: int = 8001
