"""Settings of the tracking service, from the environment under TRACKING_."""

from pydantic_settings import SettingsConfigDict

from shared.settings import ServiceSettings


class TrackingSettings(ServiceSettings):
    """Settings of the tracking service."""

    model_config = SettingsConfigDict(env_prefix="TRACKING_")

    port: int = 8002
