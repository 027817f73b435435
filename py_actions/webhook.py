"""webhook: POST a JSON document, signed as Standard Webhooks describe."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import time
from typing import Any

import orjson

from py_actions.context import ActionContext
from py_actions.errors import Fail
from py_actions.http_client import checked_headers, http_client
from py_actions.http_status import require_success
from py_actions.registry import action

MAX_KEPT_RESPONSE = 16 * 1024

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "url": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2048},
        "payload": {},
        "headers": {"type": "object", "x-secret": True},
        "secret": {
            "type": ["string", "array"],
            "items": {"type": "string"},
            "minItems": 1,
            "maxItems": 3,
            "x-secret": True,
        },
    },
}


@action(
    "webhook",
    schema=SCHEMA,
    idempotent=True,
    description="POST a JSON document to a URL, signed when a secret is named (Standard Webhooks).",
    provider="*",
)
async def webhook(config: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Deliver `payload`; receivers drop repetitions by the header webhook-id."""
    body = orjson.dumps(config.get("payload"))
    moment = int(time.time())
    headers = checked_headers(config.get("headers") or {}, context) | {
        "content-type": "application/json",
        "idempotency-key": context.idempotency_key,
        "webhook-id": context.idempotency_key,
        "webhook-timestamp": str(moment),
    }
    secrets = config.get("secret") or []
    keys = [context.resolve(text) for text in ([secrets] if isinstance(secrets, str) else secrets)]
    if keys:
        headers["webhook-signature"] = " ".join(
            sign(key, context.idempotency_key, moment, body) for key in keys
        )
    answer = await http_client().send(context, "POST", config["url"], headers=headers, content=body)
    require_success(answer)
    return {"status": answer.status, "response": _kept(answer.body if answer.complete else b"")}


def sign(secret: str, message_id: str, timestamp: int, body: bytes) -> str:
    """One `v1,…` signature of `id.timestamp.body`; the key is `whsec_<base64>` or plain text."""
    key = secret.encode()
    if secret.startswith("whsec_"):
        try:
            key = base64.b64decode(secret.removeprefix("whsec_"), validate=True)
        except binascii.Error:
            raise Fail("the secret is not whsec_ and base64", "invalid_secret", "invalid") from None
    signed = b"%b.%d.%b" % (message_id.encode(), timestamp, body)
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()


def _kept(body: bytes) -> Any:
    """The receiver's answer when it is short JSON, else nothing."""
    if not body or len(body) > MAX_KEPT_RESPONSE:
        return None
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None
