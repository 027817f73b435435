"""The outside world of the demo, on this machine: scoring, publishing, Slack and a mail server.

They answer like the real ones: slowly at times, refusing for a while, once in a while losing the
connection after the work is done. Whoever repeats a call with the same key gets the same answer and
causes nothing new; the ledgers count both, so that the demo can prove it.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import threading
import uuid
from collections import Counter
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope, Session

from demo import services
from demo.services import Trouble

LOCALHOST = "127.0.0.1"
REASONS = {
    200: "OK",
    401: "Unauthorized",
    404: "Not Found",
    410: "Gone",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


@dataclass
class Ledger:
    """What one service saw: every call, and every effect under the key that caused it."""

    calls: Counter[str] = field(default_factory=Counter)
    effects: dict[str, Any] = field(default_factory=dict)
    troubles: Counter[str] = field(default_factory=Counter)
    repeats: int = 0

    def record(self, key: str, effect: Any) -> Any:
        """Take effect once: the same key finds the first effect again."""
        if key in self.effects:
            self.repeats += 1
        return self.effects.setdefault(key, effect)


@dataclass(frozen=True)
class Reply:
    """An HTTP answer; `lost` means that the connection breaks before it is sent."""

    status: int
    body: Any
    retry_after: int | None = None
    lost: bool = False


class Sinks:
    """All services in one thread; a context manager that opens and closes their ports."""

    def __init__(self) -> None:
        self.token = uuid.uuid4().hex
        self.scoring = Ledger()
        self.publishing = Ledger()
        self.slack = Ledger()
        self.mail = Ledger()
        self.http_port = 0
        self.smtp_port = 0
        self._servers: list[asyncio.Server] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True, name="sinks")

    def __enter__(self) -> Sinks:
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(10)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    @property
    def url(self) -> str:
        """Where the HTTP services answer."""
        return f"http://{LOCALHOST}:{self.http_port}"

    def slack_url(self, channel: str) -> str:
        """The incoming webhook of one organisation; its path is the credential."""
        return f"{self.url}/slack/{channel}/{self.token}"

    def ledgers(self) -> list[tuple[str, Ledger]]:
        """The services by name."""
        return [
            ("scoring", self.scoring),
            ("publishing", self.publishing),
            ("e-mail", self.mail),
            ("Slack", self.slack),
        ]

    async def _open(self) -> None:
        http = await asyncio.start_server(self._serve, LOCALHOST, 0)
        smtp = await self._loop.create_server(
            lambda: SMTP(MailSink(self.mail), hostname="mail.example"), LOCALHOST, 0
        )
        self._servers = [http, smtp]
        self.http_port = http.sockets[0].getsockname()[1]
        self.smtp_port = smtp.sockets[0].getsockname()[1]

    async def _close(self) -> None:
        for server in self._servers:
            server.close()
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        # a task that ends cancelled is reported by asyncio as if it had failed
        ends = (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError)
        with contextlib.suppress(*ends), contextlib.closing(writer):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                line, *lines = head.decode("latin-1").splitlines()
                headers = dict(item.lower().split(": ", 1) for item in lines if ": " in item)
                content = await reader.readexactly(int(headers.get("content-length", 0)))
                reply = await self._answer(line.split()[1], headers, json.loads(content or b"{}"))
                if reply.lost:
                    writer.transport.abort()
                    return
                writer.write(render(reply))
                await writer.drain()

    async def _answer(self, path: str, headers: dict[str, str], body: dict[str, Any]) -> Reply:
        key = headers.get("idempotency-key", "")
        service = path.split("/")[1]
        if service == "slack":
            if not path.endswith(self.token):
                return Reply(404, "no_service")
            return await self._with_trouble("slack", self.slack, key, key, path, body)
        if headers.get("authorization") != f"bearer {self.token}":
            return Reply(401, {"message": "who are you?"})
        ledger = {"score": self.scoring, "publish": self.publishing}.get(service)
        if ledger is None:
            return Reply(404, {"message": "nothing here"})
        name = "scoring" if service == "score" else "publishing"
        return await self._with_trouble(name, ledger, key, body["post_id"], path, body)

    async def _with_trouble(
        self,
        name: str,
        ledger: Ledger,
        key: str,
        subject: str,
        path: str,
        body: dict[str, Any],
    ) -> Reply:
        ledger.calls[key] += 1
        trouble = services.weather(name, subject, ledger.calls[key])
        note(ledger, trouble)
        await asyncio.sleep(trouble.delay)
        if trouble.status:
            return Reply(trouble.status, {"message": "try later"}, trouble.retry_after)
        reply = getattr(self, f"_{name}")(ledger, key, path, body)
        return Reply(reply.status, reply.body, lost=trouble.loses_answer)

    def _scoring(self, ledger: Ledger, key: str, _: str, body: dict[str, Any]) -> Reply:
        return Reply(200, ledger.record(key, services.rate(body["content"])))

    def _publishing(self, ledger: Ledger, key: str, _: str, body: dict[str, Any]) -> Reply:
        post_id = body["post_id"]
        if services.page_is_disconnected(post_id):
            return Reply(410, {"message": "the page has revoked the permission"})
        if reason := services.refusal(body["content"]):
            return Reply(422, reason)
        published = [
            {"platform": name, "id": external, "url": f"https://{name}.example/p/{external}"}
            for name in body["platforms"]
            for external in [uuid.uuid4().hex[:16]]
        ]
        return Reply(200, ledger.record(key, {"post_id": post_id, "published": published}))

    def _slack(self, ledger: Ledger, key: str, path: str, body: dict[str, Any]) -> Reply:
        ledger.record(key, {"channel": path.split("/")[2], "text": body["text"]})
        return Reply(200, "ok")


class MailSink:
    """A mail server that asks strangers to come back, and keeps one copy of each Message-ID."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    async def handle_DATA(  # noqa: N802 (aiosmtpd calls it by this name)
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        """Accept a message, or ask for it again later."""
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        key = str(message["Message-ID"])
        self._ledger.calls[key] += 1
        trouble = services.weather("mail", key, self._ledger.calls[key])
        if trouble.status:
            self._ledger.troubles["greylisted"] += 1
            return "451 4.7.1 please try again"
        note(self._ledger, trouble)
        await asyncio.sleep(min(trouble.delay, 1))
        self._ledger.record(key, {"to": envelope.rcpt_tos, "message": message})
        return "250 2.0.0 taken"


def note(ledger: Ledger, trouble: Trouble) -> None:
    """Count what a call runs into."""
    if trouble.status:
        ledger.troubles[f"answered {trouble.status}"] += 1
    elif trouble.loses_answer:
        ledger.troubles["connection lost after the work"] += 1
    elif trouble.delay >= services.STALL:
        ledger.troubles["no answer in time"] += 1
    elif trouble.delay >= 0.1:
        ledger.troubles["slow"] += 1


def render(reply: Reply) -> bytes:
    """An HTTP/1.1 answer as bytes."""
    is_text = isinstance(reply.body, str)
    body = (reply.body if is_text else json.dumps(reply.body)).encode()
    lines = [
        f"HTTP/1.1 {reply.status} {REASONS.get(reply.status, '')}",
        f"content-type: {'text/plain' if is_text else 'application/json'}",
        f"content-length: {len(body)}",
    ]
    if reply.retry_after is not None:
        lines.append(f"retry-after: {reply.retry_after}")
    return "\r\n".join([*lines, "", ""]).encode() + body
