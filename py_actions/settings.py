"""Settings of the worker and of the built-in actions: from the environment, prefix AUTOMATION_."""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


def _split(value: Any) -> Any:
    if isinstance(value, str):
        return [part for part in value.replace(",", " ").split() if part]
    return value


class WorkerSettings(BaseSettings):
    """How the worker reads, runs and reports."""

    model_config = SettingsConfigDict(env_prefix="AUTOMATION_", extra="ignore")

    dsn: str = ""
    cron_dsn: str = ""
    cron_database: str = ""
    concurrency: int = Field(100, ge=1, le=10_000)
    batch: int = Field(100, ge=1, le=1_000)
    lease: int = Field(30, ge=2, le=3_600)
    timeout: float = Field(60, gt=0)
    grace: float = Field(25, ge=0)
    poll_min: float = Field(0.005, gt=0)
    poll_max: float = Field(0.1, gt=0)
    unknown_delay: int = Field(5, ge=0)
    max_abandoned: int = Field(8, ge=0)
    stall_limit: float = Field(60, gt=0)
    engine: bool = False
    engine_period: float = Field(10, gt=0, le=300)
    actions: Annotated[list[str], NoDecode] = []
    log_level: Literal["debug", "info", "warning", "error"] = "info"
    log_format: Literal["json", "console", "auto"] = "auto"

    _lists = field_validator("actions", mode="before")(_split)


class ActionSettings(BaseSettings):
    """What the built-in actions need from the installation."""

    model_config = SettingsConfigDict(env_prefix="AUTOMATION_", extra="ignore")

    egress_allow: Annotated[list[str], NoDecode] = []
    egress_ports: Annotated[list[int], NoDecode] = [80, 443, 8080, 8443]
    http_timeout: float = Field(30, gt=0)
    http_connections: int = Field(200, ge=1)
    slack_webhook_url: SecretStr | None = None
    smtp_host: str = "localhost"
    smtp_port: int = Field(25, ge=1, le=65_535)
    smtp_tls: Literal["none", "starttls", "tls"] = "none"
    smtp_user: str | None = None
    smtp_password: SecretStr | None = None
    smtp_timeout: float = Field(30, gt=0)
    email_from: str | None = None

    _lists = field_validator("egress_allow", "egress_ports", mode="before")(_split)


@lru_cache(maxsize=1)
def action_settings() -> ActionSettings:
    """The settings of the built-in actions, read once."""
    return ActionSettings()
