"""webhook, http_request and send_slack against a local server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import socket
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from action_tools import attempt
from http_sink import HttpSink, Reply

from py_actions.http_status import retry_after
from py_actions.settings import action_settings
from py_actions.webhook import sign


@pytest.fixture
def sink(monkeypatch: pytest.MonkeyPatch) -> Iterator[HttpSink]:
    monkeypatch.setenv("AUTOMATION_EGRESS_ALLOW", "127.0.0.1")
    action_settings.cache_clear()
    sink = HttpSink()
    yield sink
    sink.close()
    action_settings.cache_clear()


def test_webhook_posts_json_with_idempotency_key(sink: HttpSink):
    sink.answer(Reply(body=b'{"id": 7}'))
    output, error = attempt(
        "webhook",
        {"url": f"{sink.url}/hook", "payload": {"a": [1]}, "headers": {"X-Team": "red"}},
        key="step-9",
    )
    assert error is None
    assert output == {"status": 200, "response": {"id": 7}}
    (request,) = sink.requests
    assert (request.method, request.path) == ("POST", "/hook")
    assert request.json() == {"a": [1]}
    assert request.headers["x-team"] == "red"
    assert request.headers["idempotency-key"] == request.headers["webhook-id"] == "step-9"
    assert abs(int(request.headers["webhook-timestamp"]) - time.time()) < 10
    assert "webhook-signature" not in request.headers


def verify(request, secret: bytes) -> bool:
    """A second implementation of Standard Webhooks, as a receiver has it."""
    content = f"{request.headers['webhook-id']}.{request.headers['webhook-timestamp']}."
    digest = hmac.new(secret, content.encode() + request.body, hashlib.sha256).digest()
    expected = base64.b64encode(digest).decode()
    if time.time() - int(request.headers["webhook-timestamp"]) > 300:
        return False
    versions = [part.split(",", 1) for part in request.headers["webhook-signature"].split()]
    return any(v == "v1" and hmac.compare_digest(expected, text) for v, text in versions)


def test_webhook_signature_verifies_during_rotation(
    sink: HttpSink, monkeypatch: pytest.MonkeyPatch
):
    key = b"0123456789abcdef0123456789abcdef"
    monkeypatch.setenv("AUTOMATION_SECRET_NEW", "whsec_" + base64.b64encode(key).decode())
    monkeypatch.setenv("AUTOMATION_SECRET_OLD", "plain old secret")
    secrets = ["{{secrets.NEW}}", "{{secrets.old}}"]
    config = {"url": sink.url, "payload": {"x": "é"}, "secret": secrets}
    assert attempt("webhook", config)[1] is None
    (request,) = sink.requests
    assert verify(request, key)
    assert verify(request, b"plain old secret")
    assert not verify(request, b"another")
    request.body += b" "
    assert not verify(request, key)


def test_signature_equals_the_published_example():
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signature = sign(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signature == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_http_request_sends_what_is_configured(sink: HttpSink, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_SECRET_TOKEN", "t0k3n-t0k3n")
    sink.answer(Reply(201, b'{"score": 91.5}', {"content-type": "application/json", "etag": "e1"}))
    output, error = attempt(
        "http_request",
        {
            "method": "PUT",
            "url": f"{sink.url}/score?x=1",
            "query": {"q": "a b&c", "n": [1, 2], "none": None},
            "json": {"post": 5},
            "auth": {"type": "bearer", "token": "{{secrets.TOKEN}}"},
        },
        key="step-3",
    )
    assert error is None
    assert output["status"] == 201
    assert output["body"] == {"score": 91.5}
    assert output["headers"] == {"content-type": "application/json", "etag": "e1"}
    (request,) = sink.requests
    assert (request.method, request.path) == ("PUT", "/score?x=1&q=a+b%26c&n=1&n=2")
    assert request.json() == {"post": 5}
    assert request.headers["authorization"] == "Bearer t0k3n-t0k3n"
    assert request.headers["idempotency-key"] == "step-3"
    assert request.headers["content-type"] == "application/json"


def test_http_request_basic_auth_and_text(sink: HttpSink, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_SECRET_PASSWORD", "open sesame")
    sink.answer(
        Reply(200, "grüß dich".encode("latin-1"), {"content-type": "text/plain; charset=latin1"})
    )
    auth = {"type": "basic", "username": "ali", "password": "{{secrets.PASSWORD}}"}
    output, error = attempt(
        "http_request", {"url": sink.url, "body": "raw", "method": "POST", "auth": auth}
    )
    assert error is None
    assert output["body"] == "grüß dich"
    (request,) = sink.requests
    assert base64.b64decode(request.headers["authorization"].split()[1]) == b"ali:open sesame"
    assert request.body == b"raw"


@pytest.mark.parametrize(
    ("status", "error_class", "permanent"),
    [
        (301, "refused", True),
        (302, "refused", True),
        (400, "http_4xx", None),
        (401, "auth", None),
        (403, "auth", None),
        (404, "http_4xx", None),
        (408, "timeout", None),
        (409, "http_4xx", None),
        (410, "http_4xx", None),
        (422, "http_4xx", None),
        (425, "unavailable", None),
        (429, "rate_limited", None),
        (500, "http_5xx", None),
        (502, "http_5xx", None),
        (503, "unavailable", None),
        (504, "http_5xx", None),
    ],
)
@pytest.mark.parametrize("action", ["webhook", "http_request", "send_slack"])
def test_status_classification(sink: HttpSink, action, status, error_class, permanent):
    sink.answer(Reply(status, b'{"why": "BODY-CANARY"}', {"location": "http://127.0.0.1/"}))
    key = "webhook_url" if action == "send_slack" else "url"
    output, error = attempt(
        action, {key: sink.url, "text": "hello"} if key != "url" else {key: sink.url}
    )
    assert output is None
    assert (error["class"], error["code"]) == (error_class, f"http_{status}")
    assert error.get("permanent") is permanent
    assert "BODY-CANARY" not in json.dumps(error)
    assert len(sink.requests) == 1


@pytest.mark.parametrize("status", [429, 503, 500])
def test_retry_after_is_passed_on(sink: HttpSink, status):
    sink.answer(Reply(status, headers={"retry-after": "17"}))
    assert attempt("webhook", {"url": sink.url})[1]["retry_after"] == 17


def test_retry_after_forms():
    now = datetime(2026, 3, 1, 12, tzinfo=UTC)
    assert retry_after("120") == 120
    assert retry_after(format_datetime(now + timedelta(seconds=90), usegmt=True), now) == 90
    assert retry_after(format_datetime(now - timedelta(hours=1), usegmt=True), now) == 0
    assert retry_after("99999999999999999999") == 86400
    for nonsense in (None, "", "soon", "-5", "1.5", "٣", "Mon, 99 Foo 2026"):
        assert retry_after(nonsense) is None


def test_expected_statuses(sink: HttpSink):
    sink.answer(Reply(404))
    assert attempt("http_request", {"url": sink.url, "expect": [200, 404]})[0]["status"] == 404
    sink.answer(Reply(200))
    error = attempt("http_request", {"url": sink.url, "expect": [404]})[1]
    assert (error["class"], error["code"]) == ("invalid", "http_200")


def test_redirects_are_not_followed(sink: HttpSink):
    sink.answer(Reply(307, headers={"location": f"{sink.url}/other"}))
    assert attempt("http_request", {"url": sink.url})[1]["code"] == "http_307"
    assert [request.path for request in sink.requests] == ["/"]


def test_nobody_listens():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AUTOMATION_EGRESS_ALLOW", f"127.0.0.1:{port}")
        action_settings.cache_clear()
        error = attempt("webhook", {"url": f"http://127.0.0.1:{port}/secret-path"})[1]
    action_settings.cache_clear()
    assert (error["class"], error["code"]) == ("connection", "connect_failed")
    assert "secret-path" not in error["message"]


def test_connection_closed_before_the_answer(sink: HttpSink):
    sink.answer(Reply(before=lambda: False))
    error = attempt("webhook", {"url": sink.url})[1]
    assert (error["class"], error["code"]) == ("connection", "connection_lost")


def test_answer_that_never_comes(sink: HttpSink):
    release = threading.Event()
    sink.answer(Reply(before=lambda: release.wait(10)))
    started = time.monotonic()
    error = attempt("http_request", {"url": sink.url}, seconds=0.3)[1]
    release.set()
    assert (error["class"], error["code"]) == ("timeout", "timeout")
    assert time.monotonic() - started < 3


def test_answer_that_trickles_is_cut_off_by_the_total_time(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_EGRESS_ALLOW", "127.0.0.1")
    action_settings.cache_clear()
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def trickle() -> None:
        client, _ = listener.accept()
        client.sendall(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n")
        while not over.wait(0.05):
            try:
                client.sendall(b"x")
            except OSError:
                break

    threading.Thread(target=trickle, daemon=True).start()
    url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    error = attempt("http_request", {"url": url}, seconds=0.5)[1]
    over.set()
    listener.close()
    action_settings.cache_clear()
    assert error["class"] == "timeout"


def test_large_answers(sink: HttpSink):
    sink.answer(Reply(200, b'"' + b"x" * 1_000_000 + b'"', {"content-type": "application/json"}))
    error = attempt("http_request", {"url": sink.url})[1]
    assert (error["class"], error["code"], error["permanent"]) == ("invalid", "too_large", True)
    assert attempt("http_request", {"url": sink.url, "response": "ignore"})[0]["status"] == 200
    assert attempt("webhook", {"url": sink.url})[0] == {"status": 200, "response": None}


def test_unusable_answers(sink: HttpSink):
    sink.answer(Reply(200, b"<html>", {"content-type": "application/json"}))
    assert attempt("http_request", {"url": sink.url})[1]["code"] == "invalid_response"
    sink.answer(Reply(200, b"\x1f\x8b\x08", {"content-encoding": "gzip"}))
    assert attempt("http_request", {"url": sink.url})[1]["code"] == "invalid_response"
    sink.answer(Reply(204, b""))
    assert attempt("http_request", {"url": sink.url})[0]["body"] is None


@pytest.mark.parametrize(
    "headers",
    [
        {"X-A": "one\r\nX-B: two"},
        {"X-A\r\nX-B": "one"},
        {"X-A": "nul\0"},
        {"X A": "space"},
        {"Host": "internal"},
        {"Content-Length": "0"},
        {"Transfer-Encoding": "chunked"},
        {"X-A": "ünicode"},
        {f"X-{n}": "many" for n in range(60)},
    ],
)
@pytest.mark.parametrize("action", ["webhook", "http_request"])
def test_header_injection_is_refused(sink: HttpSink, action, headers):
    error = attempt(action, {"url": sink.url, "headers": headers})[1]
    assert (error["class"], error["code"]) == ("invalid", "invalid_header")
    assert sink.requests == []


def test_secrets_are_resolved_and_masked(sink: HttpSink, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_SECRET_KEY", "CANARY-general")
    monkeypatch.setenv("AUTOMATION_SECRET_11111111_2222_4333_8444_555555555555_KEY", "CANARY-own")
    sink.answer(
        Reply(200, b'{"echo": "you sent CANARY-own!"}', {"content-type": "application/json"})
    )
    config = {"url": sink.url, "headers": {"X-Key": "{{secrets.KEY}}"}}
    output, _ = attempt("http_request", config)
    assert sink.requests[0].headers["x-key"] == "CANARY-own"
    assert output["body"] == {"echo": "you sent [secret]!"}
    error = attempt("http_request", {**config, "headers": {"X-Key": "{{secrets.NONE}}"}})[1]
    assert (error["class"], error["code"]) == ("invalid", "unknown_secret")
    error = attempt("http_request", {**config, "headers": {"X-Key": "a {{secrets.KEY}}"}})[1]
    assert error["code"] == "invalid_secret"


def test_a_secret_of_another_organisation_cannot_be_named(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_SECRET_AAAAAAAA_2222_4333_8444_555555555555_KEY", "theirs")
    config = {
        "url": "http://127.0.0.1/",
        "headers": {"X-Key": "{{secrets.AAAAAAAA_2222_4333_8444_555555555555_KEY}}"},
    }
    assert attempt("http_request", config)[1]["code"] == "unknown_secret"


def test_slack(sink: HttpSink, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("AUTOMATION_SLACK_WEBHOOK_URL", f"{sink.url}/services/T1/B2/CANARYSLACK")
    action_settings.cache_clear()
    assert attempt("send_slack", {"text": "hi", "blocks": [{"type": "divider"}]})[0] == {
        "status": 200
    }
    assert sink.requests[0].path == "/services/T1/B2/CANARYSLACK"
    assert sink.requests[0].json() == {"text": "hi", "blocks": [{"type": "divider"}]}
    attempt("send_slack", {"text": "hi", "webhook_url": f"{sink.url}/own"})
    assert sink.requests[1].path == "/own"
    assert attempt("send_slack", {})[1]["code"] == "invalid_config"
