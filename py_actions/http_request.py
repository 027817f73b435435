"""http_request: call any HTTP API and keep its answer."""

from __future__ import annotations

import base64
from typing import Any

import orjson

from py_actions.context import ActionContext
from py_actions.errors import Fail
from py_actions.http_client import MAX_RESPONSE, Answer, checked_headers, http_client
from py_actions.http_status import require_success
from py_actions.registry import action

KEPT_HEADERS = ("content-type", "etag", "last-modified", "location", "x-request-id")

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["url"],
    "properties": {
        "method": {"enum": ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]},
        "url": {"type": "string", "format": "uri", "minLength": 1, "maxLength": 2048},
        "headers": {"type": "object", "x-secret": True},
        "query": {"type": "object", "x-secret": True},
        "json": {},
        "body": {"type": "string"},
        "auth": {
            "type": "object",
            "additionalProperties": False,
            "required": ["type"],
            "x-secret": True,
            "properties": {
                "type": {"enum": ["bearer", "basic"]},
                "token": {"type": "string"},
                "username": {"type": "string"},
                "password": {"type": "string"},
            },
        },
        "expect": {
            "type": "array",
            "items": {"type": "integer", "minimum": 100, "maximum": 599},
            "minItems": 1,
            "maxItems": 50,
        },
        "response": {"enum": ["auto", "json", "text", "ignore"]},
    },
}


@action(
    "http_request",
    schema=SCHEMA,
    idempotent=False,
    description="Call an HTTP API; the output is its status, some headers and the parsed body.",
    provider="*",
)
async def http_request(config: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Send the request with an Idempotency-Key; a status that is not expected is an error."""
    headers = {"idempotency-key": context.idempotency_key}
    content = _content(config, headers)
    headers |= checked_headers(config.get("headers") or {}, context)
    headers |= _authorization(config.get("auth"), context)
    answer = await http_client().send(
        context,
        config.get("method", "GET"),
        config["url"],
        headers=headers,
        query=_query(config.get("query") or {}, context),
        content=content,
    )
    require_success(answer, config.get("expect") or ())
    kept = {name: answer.headers[name] for name in KEPT_HEADERS if name in answer.headers}
    output = {"status": answer.status, "headers": kept}
    mode = config.get("response", "auto")
    return output if mode == "ignore" else {**output, "body": _body(answer, mode)}


def _content(config: dict[str, Any], headers: dict[str, str]) -> bytes | None:
    if "json" in config and "body" in config:
        raise Fail("a request has either json or body", "invalid_config", "invalid")
    if "json" in config:
        headers["content-type"] = "application/json"
        return orjson.dumps(config["json"])
    return config["body"].encode() if "body" in config else None


def _query(values: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Query parameters as text; a list gives one parameter for each item, null gives none."""

    def as_text(value: Any) -> str:
        if isinstance(value, str):
            return context.resolve_reference(value)
        return orjson.dumps(value).decode()

    return {
        name: [as_text(item) for item in value] if isinstance(value, list) else as_text(value)
        for name, value in values.items()
        if value is not None
    }


def _authorization(auth: dict[str, Any] | None, context: ActionContext) -> dict[str, str]:
    if not auth:
        return {}
    if auth["type"] == "bearer":
        return checked_headers(
            {"authorization": f"Bearer {context.resolve(_need(auth, 'token'))}"}, context
        )
    username = context.resolve_reference(_need(auth, "username"))
    pair = f"{username}:{context.resolve(_need(auth, 'password'))}"
    encoded = base64.b64encode(pair.encode()).decode()
    context.mask(encoded)
    return {"authorization": f"Basic {encoded}"}


def _need(auth: dict[str, Any], name: str) -> str:
    if not isinstance(auth.get(name), str):
        raise Fail(f"{auth['type']} authentication needs {name}", "invalid_config", "invalid")
    return auth[name]


def _body(answer: Answer, mode: str) -> Any:
    if not answer.complete:
        message = f"the answer is larger than {MAX_RESPONSE} bytes"
        raise Fail(message, "too_large", "invalid")
    if not answer.body:
        return None
    if answer.headers.get("content-encoding", "identity") != "identity":
        raise Fail("the answer is compressed, unasked", "invalid_response", "invalid")
    is_json = "json" in answer.headers.get("content-type", "").lower()
    if mode == "text" or (mode == "auto" and not is_json):
        return answer.text()
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        raise Fail("the answer is not JSON", "invalid_response", "invalid") from None
