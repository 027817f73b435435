"""send_slack: a message through a Slack incoming webhook."""

from __future__ import annotations

from typing import Any

import orjson

from py_actions.context import ActionContext
from py_actions.errors import Fail
from py_actions.http_client import http_client
from py_actions.http_status import require_success
from py_actions.registry import action
from py_actions.settings import action_settings

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "webhook_url": {"type": "string", "minLength": 1, "maxLength": 2048, "x-secret": True},
        "text": {"type": "string", "minLength": 1, "maxLength": 40000},
        "blocks": {"type": "array", "minItems": 1, "maxItems": 50, "items": {"type": "object"}},
    },
    "anyOf": [{"required": ["text"]}, {"required": ["blocks"]}],
}


@action(
    "send_slack",
    schema=SCHEMA,
    idempotent=False,
    description="Post a message to Slack through an incoming webhook.",
    provider="slack",
)
async def send_slack(config: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Post `text`, `blocks` or both; the URL comes from the configuration or the settings."""
    message = {key: config[key] for key in ("text", "blocks") if config.get(key)}
    if not message:
        raise Fail("a message needs text or blocks", "invalid_config", "invalid")
    headers = {
        "content-type": "application/json",
        "idempotency-key": context.idempotency_key,
    }
    answer = await http_client().send(
        context, "POST", _url(config, context), headers=headers, content=orjson.dumps(message)
    )
    require_success(answer)
    return {"status": answer.status}


def _url(config: dict[str, Any], context: ActionContext) -> str:
    """The webhook's URL: its path is the credential, so it is masked wherever it comes from."""
    if config.get("webhook_url"):
        return context.resolve(config["webhook_url"])
    configured = action_settings().slack_webhook_url
    if configured is None:
        raise Fail("no webhook_url is configured", "invalid_config", "invalid")
    return context.resolve(configured.get_secret_value())
