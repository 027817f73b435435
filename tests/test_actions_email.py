"""send_email against a local SMTP server that accepts, refuses and breaks as told."""

from __future__ import annotations

import email
import email.policy
import json
import socket
import threading
from collections.abc import Iterator

import pytest
from action_tools import attempt
from aiosmtpd.controller import Controller

from py_actions.send_email import message_id
from py_actions.settings import action_settings


class Mailbox:
    """An aiosmtpd handler: keeps what it accepts."""

    def __init__(self) -> None:
        self.messages: list[tuple[str, list[str], email.message.EmailMessage]] = []
        self.data_reply = "250 accepted"
        self.recipient_replies: dict[str, str] = {}

    async def handle_RCPT(self, server, session, envelope, address, options):  # noqa: N802
        reply = self.recipient_replies.get(address, "250 ok")
        if reply.startswith("250"):
            envelope.rcpt_tos.append(address)
        return reply

    async def handle_DATA(self, server, session, envelope):  # noqa: N802
        if self.data_reply.startswith("250"):
            message = email.message_from_bytes(envelope.content, policy=email.policy.default)
            self.messages.append((envelope.mail_from, envelope.rcpt_tos, message))
        return self.data_reply


def configure(monkeypatch: pytest.MonkeyPatch, port: int) -> None:
    monkeypatch.setenv("AUTOMATION_SMTP_HOST", "127.0.0.1")
    monkeypatch.setenv("AUTOMATION_SMTP_PORT", str(port))
    monkeypatch.setenv("AUTOMATION_EMAIL_FROM", "CMIS <noreply@cmis.example>")
    action_settings.cache_clear()


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def mailbox(monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    mailbox = Mailbox()
    controller = Controller(mailbox, hostname="127.0.0.1", port=free_port())
    controller.start()
    configure(monkeypatch, controller.port)
    yield mailbox
    controller.stop()
    action_settings.cache_clear()


BASIC = {"to": "ann@example.com", "subject": "Hello", "text": "Hi Ann"}


def test_mail_arrives(mailbox: Mailbox):
    output, error = attempt(
        "send_email",
        {
            "to": ["Ann <ann@example.com>", "bob@example.com"],
            "cc": "carol@example.com",
            "bcc": ["dave@example.com"],
            "reply_to": "desk@cmis.example",
            "subject": "Grüße, Welt",
            "text": "plain",
            "html": "<p>rich</p>",
        },
        key="step-1",
    )
    assert error is None
    assert output["accepted"] == 4
    assert output["refused"] == {}
    ((sender, recipients, message),) = mailbox.messages
    assert sender == "noreply@cmis.example"
    assert recipients == [f"{n}@example.com" for n in ("ann", "bob", "carol", "dave")]
    assert message["Subject"] == "Grüße, Welt"
    assert message["To"] == "Ann <ann@example.com>, bob@example.com"
    assert message["Reply-To"] == "desk@cmis.example"
    assert message["Bcc"] is None
    assert "dave" not in message.as_string()
    assert message.get_body(("plain",)).get_content().strip() == "plain"
    assert message.get_body(("html",)).get_content().strip() == "<p>rich</p>"
    assert message["Message-ID"] == output["message_id"]


def test_repeated_attempt_has_the_same_message_id(mailbox: Mailbox):
    for _ in range(2):
        attempt("send_email", BASIC, key="step-7")
    attempt("send_email", BASIC, key="step-8")
    first, second, other = (message["Message-ID"] for _, _, message in mailbox.messages)
    assert first == second == message_id("step-7", "noreply@cmis.example")
    assert first != other


@pytest.mark.parametrize(
    "change",
    [
        {"subject": "Hello\r\nBcc: eve@example.com"},
        {"subject": "Hello\nX: y"},
        {"to": "ann@example.com\r\nBcc: eve@example.com"},
        {"to": "ann@example.com\nRCPT TO:<eve@example.com>"},
        {"from": "noreply@cmis.example\r\nSender: eve@example.com"},
        {"reply_to": "a@example.com\r\nX: y"},
        {"cc": ["ok@example.com", "b@example.com\0"]},
    ],
)
def test_header_injection_is_refused(mailbox: Mailbox, change):
    error = attempt("send_email", {**BASIC, **change})[1]
    assert (error["class"], error["code"], error["permanent"]) == (
        "invalid",
        "invalid_header",
        True,
    )
    assert mailbox.messages == []


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ann",
        "ann@",
        "@example.com",
        "ann@example.com, eve@example.com",
        "ann@example.com; eve@example.com",
        "ann <ann@example.com> <eve@example.com>",
        "ann@example.com eve@example.com",
        "<script>@example.com",
        "a@b@example.com",
        5,
    ],
)
def test_one_string_is_one_address(mailbox: Mailbox, address):
    error = attempt("send_email", {**BASIC, "to": [address]})[1]
    assert (error["class"], error["code"]) == ("invalid", "invalid_address")
    assert mailbox.messages == []


def test_a_name_cannot_add_an_address(mailbox: Mailbox):
    name = '"Ann, <eve@example.com>" <ann@example.com>'
    error = attempt("send_email", {**BASIC, "to": name})[1]
    assert error["code"] == "invalid_address"
    attempt("send_email", {**BASIC, "to": '"Ann, of Kent" <ann@example.com>'})
    assert mailbox.messages[0][1] == ["ann@example.com"]


@pytest.mark.parametrize("change", [{"to": []}, {"text": None}, {"to": ["a@b.example"] * 101}])
def test_incomplete_messages(mailbox: Mailbox, change):
    config = {key: value for key, value in {**BASIC, **change}.items() if value is not None}
    error = attempt("send_email", config)[1]
    assert (error["class"], error["code"]) == ("invalid", "invalid_config")


@pytest.mark.parametrize(
    ("reply", "error_class", "permanent"),
    [
        ("421 closing down", "unavailable", None),
        ("451 greylisted CANARY", "unavailable", None),
        ("452 full", "unavailable", None),
        ("550 spam CANARY", "refused", True),
        ("552 too large", "refused", True),
        ("554 no", "refused", True),
    ],
)
def test_reply_to_the_message(mailbox: Mailbox, reply, error_class, permanent):
    mailbox.data_reply = reply
    error = attempt("send_email", BASIC)[1]
    assert (error["class"], error.get("permanent")) == (error_class, permanent)
    assert error["code"] == f"smtp_{reply[:3]}"
    assert "CANARY" not in json.dumps(error)


@pytest.mark.parametrize(
    ("reply", "error_class"), [("450 busy", "unavailable"), ("550 unknown", "refused")]
)
def test_all_recipients_refused(mailbox: Mailbox, reply, error_class):
    mailbox.recipient_replies = {"ann@example.com": reply}
    error = attempt("send_email", BASIC)[1]
    assert (error["class"], error["code"]) == (error_class, f"smtp_{reply[:3]}")


def test_some_recipients_refused_is_told_not_repeated(mailbox: Mailbox):
    mailbox.recipient_replies = {"bob@example.com": "550 unknown"}
    output, error = attempt("send_email", {**BASIC, "to": ["ann@example.com", "bob@example.com"]})
    assert error is None
    assert output["accepted"] == 1
    assert output["refused"] == {"bob@example.com": 550}


def test_nobody_listens(monkeypatch: pytest.MonkeyPatch):
    configure(monkeypatch, free_port())
    error = attempt("send_email", BASIC)[1]
    action_settings.cache_clear()
    assert error["class"] == "connection"


@pytest.mark.parametrize("greeting", [b"", b"220 hello\r\n"])
def test_server_that_says_nothing_or_hangs_up(monkeypatch: pytest.MonkeyPatch, greeting):
    listener = socket.create_server(("127.0.0.1", 0))
    accepted = []

    def serve() -> None:
        client, _ = listener.accept()
        accepted.append(client)
        client.sendall(greeting)
        if greeting:
            client.close()

    threading.Thread(target=serve, daemon=True).start()
    configure(monkeypatch, listener.getsockname()[1])
    error = attempt("send_email", BASIC, seconds=0.5)[1]
    listener.close()
    action_settings.cache_clear()
    assert error["class"] == ("connection" if greeting else "timeout")


def test_login_refused(monkeypatch: pytest.MonkeyPatch):
    def refuse(server, session, envelope, mechanism, data):
        from aiosmtpd.smtp import AuthResult

        return AuthResult(success=False, handled=False)

    controller = Controller(
        Mailbox(),
        hostname="127.0.0.1",
        port=free_port(),
        authenticator=refuse,
        auth_require_tls=False,
    )
    controller.start()
    monkeypatch.setenv("AUTOMATION_SMTP_USER", "cmis")
    monkeypatch.setenv("AUTOMATION_SMTP_PASSWORD", "CANARY-password")
    configure(monkeypatch, controller.port)
    error = attempt("send_email", BASIC)[1]
    controller.stop()
    action_settings.cache_clear()
    assert (error["class"], error["code"]) == ("auth", "smtp_535")
    assert "CANARY" not in json.dumps(error)
