"""Settings of the parcel service, from the environment under PARCEL_."""

from pathlib import Path
from typing import Annotated

from pydantic import Field, SecretStr, StringConstraints
from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings

PublicUrl = Annotated[str, StringConstraints(pattern=r"^https?://[^\s/]+(/[^\s/]+)*$", max_length=60)]
"""Longer, and the code of a link would have no room on a receipt."""


class ParcelSettings(ServiceSettings):
    """What the parcel service needs beside the common settings."""

    model_config = SettingsConfigDict(env_prefix="PARCEL_")

    signing_key_file: Path
    """Ed25519 private key, PKCS#8 PEM; staff tokens are signed with it."""
    personal_data_days: Annotated[int, Field(ge=1)] = 180
    """How long names, phones and addresses are kept after a parcel's journey ended, after the last news of an item from
    abroad that never comes to its end, after a parcel sent abroad counts as lost (`customs/rules/silence.json`), and
    after a practice parcel was made; how long the people of a shop after it closed, one who left a shop, and the words
    of a request for money back after it was decided. No law of the post's is known. Shorter than thirty days, it
    shortens how long an Idempotency-Key is remembered, too."""
    sample_passphrase: SecretStr | None = None
    """Passphrase of all sample staff, for `load-samples` alone."""
    public_url: PublicUrl = "http://127.0.0.1:8080"
    """Where people follow parcels; labels and receipts lead there. Without a slash at its end."""
    ask_phone: str | None = None
    """Whom a receipt says to call, as it is dialled."""
    khqr_account: (
        Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._-]{1,28}@[A-Za-z0-9]{2,10}$", max_length=32)] | None
    ) = None
    """The post's account at Bakong, `name@bank`, which codes are paid to; none are made without."""
    khqr_merchant: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,25}$")] = "CTC Post"
    """How the app of whoever pays shows the post."""
    khqr_city: Annotated[str, StringConstraints(pattern=r"^[\x20-\x7e]{1,15}$")] = "Phnom Penh"
    most_numbers_ahead: Annotated[int, Field(ge=1)] = 20_000
    """Unused item numbers of the same two letters that an office may have when it reserves ahead: at forty parcels a
    day more than a year of them. What a registration takes for itself is no such reservation."""
    most_stickers_ahead: Annotated[int, Field(ge=1)] = 1_200
    """Unused stickers of the same two letters that an office may have: fifty sheets, a month at forty parcels a day."""
    draft_days: Annotated[int, Field(ge=1, le=365)] = 30
    """How long an announced parcel waits to be handed in; then its draft is closed and its people are forgotten."""
    own_pages_from_bytes: int = 512 * 1024
    """At an eighth of a megabyte a registration took a tenth longer."""
    port: int = 8001
