"""send_email: one message through the installation's SMTP server."""

from __future__ import annotations

import contextlib
import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import formatdate, parseaddr
from typing import Any

from py_actions.context import ActionContext
from py_actions.errors import ActionError, Fail, Retry
from py_actions.registry import action
from py_actions.settings import ActionSettings, action_settings

MAX_RECIPIENTS = 100

_ADDRESSES: dict[str, Any] = {
    "type": ["string", "array"],
    "items": {"type": "string"},
    "minItems": 1,
    "maxItems": MAX_RECIPIENTS,
    "minLength": 3,
}

SCHEMA: dict[str, Any] = {
    "type": "object",
    "additionalProperties": False,
    "required": ["to", "subject"],
    "properties": {
        "to": _ADDRESSES,
        "cc": _ADDRESSES,
        "bcc": _ADDRESSES,
        "reply_to": _ADDRESSES,
        "from": {"type": "string", "minLength": 3},
        "subject": {"type": "string", "maxLength": 998},
        "text": {"type": "string"},
        "html": {"type": "string"},
    },
    "anyOf": [{"required": ["text"]}, {"required": ["html"]}],
}


@action(
    "send_email",
    schema=SCHEMA,
    idempotent=False,
    description="Send an e-mail, as text, HTML or both, through the configured SMTP server.",
    provider="smtp",
)
def send_email(config: dict[str, Any], context: ActionContext) -> dict[str, Any]:
    """Send one message; its Message-ID is the same in every attempt."""
    settings = action_settings()
    message, recipients = compose(config, context.idempotency_key, settings.email_from)
    seconds = max(0.1, min(settings.smtp_timeout, context.remaining()))
    try:
        server = _connect(settings, seconds)
        try:
            refused = server.send_message(message, parseaddr(message["From"])[1], recipients)
        finally:
            _hang_up(server)
    except (smtplib.SMTPException, OSError, ValueError) as error:
        raise _classified(error) from None
    return {
        "message_id": message["Message-ID"],
        "accepted": len(recipients) - len(refused),
        "refused": {address: code for address, (code, _) in refused.items()},
    }


def compose(
    config: dict[str, Any], idempotency_key: str, default_from: str | None
) -> tuple[EmailMessage, list[str]]:
    """The message and the addresses to deliver it to; refuses addresses that hide others."""
    sender = config.get("from") or default_from
    if not sender:
        raise Fail("no sender is configured", "invalid_config", "invalid")
    message = EmailMessage()
    message["From"] = _address(sender)
    recipients: list[str] = []
    for key, header in (("to", "To"), ("cc", "Cc"), ("reply_to", "Reply-To"), ("bcc", None)):
        given = config.get(key) or []
        addresses = [_address(text) for text in ([given] if isinstance(given, str) else given)]
        if header and addresses:
            message[header] = ", ".join(addresses)
        if key != "reply_to":
            recipients += [parseaddr(address)[1] for address in addresses]
    if not 1 <= len(recipients) <= MAX_RECIPIENTS:
        raise Fail(f"between 1 and {MAX_RECIPIENTS} recipients", "invalid_config", "invalid")
    message["Subject"] = _one_line(config.get("subject", ""))
    message["Date"] = formatdate()
    message["Message-ID"] = message_id(idempotency_key, parseaddr(message["From"])[1])
    if "text" in config:
        message.set_content(config["text"])
        if "html" in config:
            message.add_alternative(config["html"], subtype="html")
    elif "html" in config:
        message.set_content(config["html"], subtype="html")
    else:
        raise Fail("a message needs text or html", "invalid_config", "invalid")
    return message, list(dict.fromkeys(recipients))


def message_id(idempotency_key: str, sender: str) -> str:
    """The Message-ID of a step's mail: receivers recognise a repeated attempt by it."""
    digest = hashlib.sha256(idempotency_key.encode()).hexdigest()[:40]
    return f"<{digest}@{sender.rpartition('@')[2]}>"


def _one_line(text: str) -> str:
    if any(ord(character) < 32 or ord(character) == 127 for character in text):
        raise Fail("a header may not hold control characters", "invalid_header", "invalid")
    return text


def _address(text: Any) -> str:
    """One address, `a@b` or `Name <a@b>`, in a form that cannot be read as several."""
    name, address = parseaddr(_one_line(str(text)))
    local, _, domain = address.rpartition("@")
    odd = set(address) & set(' ,;:<>()[]"\\\t')
    if not local or not domain or odd or str(text).count("@") != 1:
        raise Fail("not one e-mail address: " + str(text)[:100], "invalid_address", "invalid")
    if not name:
        return address
    quoted = name.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>'


def _connect(settings: ActionSettings, seconds: float) -> smtplib.SMTP:
    host, port = settings.smtp_host, settings.smtp_port
    if settings.smtp_tls == "tls":
        context = ssl.create_default_context()
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=seconds, context=context)
    else:
        server = smtplib.SMTP(host, port, timeout=seconds)
    try:
        if settings.smtp_tls == "starttls":
            server.starttls(context=ssl.create_default_context())
        if settings.smtp_user and settings.smtp_password:
            server.login(settings.smtp_user, settings.smtp_password.get_secret_value())
    except BaseException:
        server.close()
        raise
    return server


def _hang_up(server: smtplib.SMTP) -> None:
    """End the dialogue; what goes wrong now does not change what became of the message."""
    with contextlib.suppress(smtplib.SMTPException, OSError):
        server.quit()
    server.close()


def _classified(error: Exception) -> ActionError:
    """The error that a failure of the SMTP dialogue stands for; 4yz may pass, 5yz will not."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        code = min(reply[0] for reply in error.recipients.values())
        return _reply(code, "all recipients were refused")
    if isinstance(error, smtplib.SMTPAuthenticationError):
        if error.smtp_code < 500:
            return _reply(error.smtp_code, "the login was refused")
        code = f"smtp_{error.smtp_code}"
        return ActionError("the login was refused", code=code, error_class="auth")
    if isinstance(error, smtplib.SMTPResponseException) and error.smtp_code >= 400:
        return _reply(error.smtp_code, "the server refused the message")
    if isinstance(error, TimeoutError) or isinstance(error.__context__, TimeoutError):
        return Retry(None, "the SMTP server did not answer in time", "timeout", code="timeout")
    if isinstance(error, smtplib.SMTPNotSupportedError | ValueError):
        return Fail(f"the server cannot take this message: {error}", "smtp_unsupported", "refused")
    if isinstance(error, ssl.SSLError):
        return Retry(None, f"no secure connection: {error}", "connection", code="tls_failed")
    return Retry(None, f"the SMTP dialogue broke: {error}", "connection", code="connection_lost")


def _reply(code: int, text: str) -> ActionError:
    """SMTP's own text is left out: servers quote addresses and content in it."""
    if 400 <= code < 500:
        return Retry(None, f"{text} ({code})", "unavailable", code=f"smtp_{code}")
    return Fail(f"{text} ({code})", f"smtp_{code}", "refused")
