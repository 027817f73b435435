"""Actions for workers that run as processes of their own."""

from __future__ import annotations

import asyncio
import os
import time
from typing import Any

from py_actions import ActionContext, Fail, action
from py_actions.http_client import http_client

ANY = {"type": "object"}


@action("echo", schema=ANY, idempotent=True, description="Returns its configuration.")
async def echo(config: dict[str, Any], context: ActionContext) -> Any:
    return {"config": config, "key": context.idempotency_key, "attempt": context.attempt}


@action("die", schema=ANY, idempotent=False, description="Ends its process.")
async def die(config: dict[str, Any], context: ActionContext) -> Any:
    os._exit(config.get("code", 9))


@action("call", schema=ANY, idempotent=True, description="Calls a URL, as long as it takes.")
async def call(config: dict[str, Any], context: ActionContext) -> Any:
    headers = {"idempotency-key": context.idempotency_key}
    answer = await http_client().send(context, "GET", config["url"], headers=headers)
    return answer.status


@action("block_loop", schema=ANY, idempotent=False, description="Blocks the event loop.")
async def block_loop(config: dict[str, Any], context: ActionContext) -> Any:
    time.sleep(60)


@action("hang_thread", schema=ANY, idempotent=False, description="Never returns.")
def hang_thread(config: dict[str, Any], context: ActionContext) -> Any:
    time.sleep(600)


@action("spill", schema=ANY, idempotent=False, description="Puts its secret everywhere it can.")
async def spill(config: dict[str, Any], context: ActionContext) -> Any:
    secret = context.resolve(config["token"])
    context.logger.warning("spilled", text=f"it is {secret}", deep={"list": [secret]})
    if config["how"] == "return":
        return {"secret": secret, secret: [f"<{secret}>"]}
    if config["how"] == "fail":
        raise Fail(f"no {secret}", "failed")
    if config["how"] == "raise":
        raise ValueError(f"bad {secret}")
    if config["how"] == "hang":
        await asyncio.sleep(600)
    return None
