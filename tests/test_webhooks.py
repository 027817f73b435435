"""Webhooks: signed messages from outside become events; everything else is turned away alike."""

from __future__ import annotations

import base64
import hashlib
import hmac
import random
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from psycopg import errors
from psycopg.types.json import Jsonb

from tests.engine import act
from tests.evidence import differences, fingerprint, tables
from tests.rules import NOTE, install, refused, rows

RECEIVE = "select event_id, outcome from automation.receive_webhook(%s, %s, %s)"
EVENTS = """
    select org_id, event, entity, new, old, source, causation, occurred_at, recorded_at
    from automation.automation_events
    order by event_id
"""
LIST = "select * from automation.list_webhooks()"
UNKNOWN = uuid.UUID("00000000-0000-4000-8000-000000000000")
NOW = datetime(2026, 11, 23, 8, tzinfo=UTC)

# the reference of the Standard Webhooks libraries
REFERENCE = {
    "secret": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
    "id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
    "timestamp": "1614265330",
    "body": '{"test": 2432232314}',
    "signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
}


def key_of(secret: str) -> bytes:
    return base64.b64decode(secret.removeprefix("whsec_"))


def sign(secret: str, message: str, timestamp: object, body: str) -> str:
    signed = f"{message}.{timestamp}.{body}".encode()
    return (
        "v1," + base64.b64encode(hmac.new(key_of(secret), signed, hashlib.sha256).digest()).decode()
    )


def secret_of(length: int) -> str:
    return "whsec_" + base64.b64encode(random.Random(length).randbytes(length)).decode()


@dataclass
class Sender:
    """Somebody outside who knows a webhook and its secret."""

    connection: psycopg.Connection
    webhook: uuid.UUID
    secret: str

    def headers(self, body: str, message: str, at: datetime) -> dict[str, object]:
        timestamp = int(at.timestamp())
        return {
            "webhook-id": message,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self.secret, message, timestamp, body),
        }

    def deliver(self, headers: object, body: str | None) -> tuple[int, str]:
        """What the front end passes on: the event's id and the outcome."""
        return self.connection.execute(RECEIVE, [self.webhook, Jsonb(headers), body]).fetchone()

    def send(self, body: str = "{}", message: str | None = None, at: datetime = NOW) -> tuple:
        return self.deliver(self.headers(body, message or f"msg_{uuid.uuid4()}", at), body)


def create(connection, name: str, secret: str | None = None) -> tuple[uuid.UUID, str]:
    return connection.execute(
        "select webhook_id, secret from automation.create_webhook(%s, %s)", [name, secret]
    ).fetchone()


def answer(call) -> tuple:
    """Everything that a caller is told."""
    try:
        call()
    except psycopg.Error as error:
        diag = error.diag
        return (
            diag.sqlstate,
            diag.message_primary,
            diag.message_detail,
            diag.message_hint,
            diag.context,
        )
    return ("accepted",)


def started(engine) -> list[tuple]:
    """The events that have started something, with what was handed to it."""
    engine.work()
    return engine.admin.execute(
        "select event_id, trigger_data -> 'new', trigger_data ->> 'source' "
        "from automation.workflow_instances where event_id is not null order by 1"
    ).fetchall()


@pytest.fixture
def now(freeze_clock) -> datetime:
    return freeze_clock(str(NOW))


@pytest.fixture
def shop(engine, database, now) -> Sender:
    """A webhook of organisation a; the front end's session has selected no organisation."""
    return Sender(database.connect("app_backend"), *create(engine.client, "shop"))


# ---- HMAC

RFC_4231 = [
    (
        b"\x0b" * 20,
        b"Hi There",
        "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
    ),
    (
        b"Jefe",
        b"what do ya want for nothing?",
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
    ),
    (
        b"\xaa" * 20,
        b"\xdd" * 50,
        "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
    ),
    (
        bytes(range(1, 26)),
        b"\xcd" * 50,
        "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
    ),
    (
        b"\xaa" * 131,
        b"Test Using Larger Than Block-Size Key - Hash Key First",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
    ),
    (
        b"\xaa" * 131,
        b"This is a test using a larger than block-size key and a larger than block-size data. "
        b"The key needs to be hashed before being used by the HMAC algorithm.",
        "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
    ),
]


def test_the_hmac_is_that_of_the_rfc_and_of_python(db):
    query = "select automation_private.hmac_sha256(%s, %s)"
    for key, message, digest in RFC_4231:
        assert db.execute(query, [key, message]).fetchone()[0].hex() == digest
    chance = random.Random(7)
    for length in (0, 1, 7, 8, 9, 31, 32, 55, 56, 63, 64, 65, 127, 128, 200):
        for size in (0, 1, 55, 56, 63, 64, 65, 1000, 66_000):
            key, message = chance.randbytes(length), chance.randbytes(size)
            expected = hmac.new(key, message, hashlib.sha256).digest()
            assert db.execute(query, [key, message]).fetchone()[0] == expected, (length, size)


def test_the_reference_of_standard_webhooks_is_accepted(engine, freeze_clock):
    freeze_clock("2021-02-25 15:02:10+00")
    webhook, secret = create(engine.client, "reference", REFERENCE["secret"])
    assert secret == REFERENCE["secret"]
    sender = Sender(engine.client, webhook, secret)
    headers = {f"webhook-{key}": REFERENCE[key] for key in ("id", "timestamp", "signature")}
    assert sender.deliver(headers, REFERENCE["body"])[1] == "recorded"
    row = engine.admin.execute(EVENTS).fetchone()
    assert row[3] == {"test": 2432232314}
    assert row[7] == datetime(2021, 2, 25, 15, 2, 10, tzinfo=UTC)


# ---- what is received


def test_a_message_becomes_an_event_that_starts_what_listens(engine, shop, orgs, now):
    heard = {"type": "event", "event": "webhook.shop"}
    engine.publish(act("a"), trigger=heard | {"condition": "order.total > 10"})
    engine.publish(act("a"), trigger={"type": "event", "event": "webhook.other"})
    sent = now - timedelta(seconds=90)
    small, outcome = shop.send('{"order": {"total": 5}}')
    assert outcome == "recorded"
    large, _ = shop.send('{"id": 7, "order": {"total": 50, "note": "ünï 🛒"}}', at=sent)
    body = {"id": 7, "order": {"total": 50, "note": "ünï 🛒"}}
    fixed = (orgs.a, "webhook.shop", None)
    assert engine.admin.execute(EVENTS).fetchall() == [
        (*fixed, {"order": {"total": 5}}, None, "webhook", None, now, now),
        (*fixed, body, None, "webhook", None, sent, now),
    ]
    assert large > small
    assert started(engine) == [(large, body, "webhook")]


def test_a_rule_names_the_webhook_that_it_hears(engine, shop):
    rules = install(engine)
    create(engine.client, "crm")
    note = {"action": "note", "config": {"note": "{{trigger.order.number}}"}}
    rules.rule(
        note, trigger={"type": "webhook", "webhook": "shop"}, conditions="order.total > 1000"
    )
    rules.rule(NOTE, trigger={"type": "webhook", "webhook": "crm"})
    shop.send('{"order": {"number": "A1", "total": 1000}}')
    shop.send('{"order": {"number": "A2", "total": 1000.5}}', message="msg")
    shop.send('{"order": {"number": "A2", "total": 1000.5}}', message="msg")
    assert rules.news() == ["A2"]


def test_headers_come_in_any_case_as_texts_or_lists_among_others(shop):
    def forms(headers):
        yield {name.upper(): value for name, value in headers.items()}
        yield {name.title(): [value] for name, value in headers.items()}
        yield headers | {"content-type": "application/json", "Webhook-Other": {"a": 1}, "x": None}
        wrong = sign(secret_of(32), headers["webhook-id"], headers["webhook-timestamp"], "{}")
        right = headers["webhook-signature"]
        for signatures in (
            f"{wrong} {right}",
            f"{right} {wrong}",
            f"v1a,abc v2,{right[3:]} nonsense  v1, {right} ,",
            [wrong, right],
        ):
            yield headers | {"webhook-signature": signatures}

    plain = shop.headers("{}", "msg", NOW)
    first = shop.deliver(plain, "{}")
    for headers in forms(plain):
        assert shop.deliver(headers, "{}") == (first[0], "duplicate"), headers


def test_bodies_that_are_no_objects_are_wrapped_and_none_is_an_empty_one(engine, shop):
    cases = {
        "": {},
        " \r\n\t": {},
        "{}": {},
        ' {"a": null} ': {"a": None},
        '{"a": 1, "a": 2}': {"a": 2},
        "[]": {"body": []},
        '[{"a": 1}]': {"body": [{"a": 1}]},
        "7": {"body": 7},
        '"text"': {"body": "text"},
        "null": {"body": None},
        "false": {"body": False},
    }
    for body in cases:
        assert shop.send(body)[1] == "recorded", body
    assert shop.deliver(shop.headers("", "none", NOW), None)[1] == "recorded"
    received = [row[3] for row in engine.admin.execute(EVENTS)]
    assert received == [*cases.values(), {}]


def nested(levels: int) -> str:
    return '{"a":' * levels + "1" + "}" * levels


BAD_BODIES = {
    "{": "MA001",
    "{'a': 1}": "MA001",
    "a=1&b=2": "MA001",
    "<xml/>": "MA001",
    "{} {}": "MA001",
    "NaN": "MA001",
    "\ufeff{}": "MA001",
    '"\\u0000"': "MA001",
    '{"a": "\\ud800"}': "MA001",
    '{"\\u0000": 1}': "MA001",
    "1e999999": "MA001",
    '{"n": 1e38}': "MA001",
    '{"n": [0, {"n": 1e-39}]}': "MA001",
    nested(33): "MA003",
    nested(9000): "MA003",
    "[" * 65_536: "MA001",
    "[" + ",".join(["1e131071"] * 7000) + "]": "MA001",
    "[" + "1," * 32_766 + "1]": "MA003",
}


def test_a_body_that_cannot_be_kept_is_refused_and_its_id_stays_free(engine, shop):
    shop.connection.execute("set statement_timeout = '5s'")
    stranger = Sender(shop.connection, shop.webhook, secret_of(32))
    before = fingerprint(engine.admin)
    for body, state in BAD_BODIES.items():
        told = answer(lambda body=body: shop.send(body, message="msg"))
        assert (told[0], told[2]) in {
            (state, None),
            (state, "invalid_event"),
            (state, "too_large"),
        }, body[:50]
        assert not body[1:] or body not in " ".join(filter(None, told))
        with refused("MA304"):
            stranger.send(body)
    assert differences(before, fingerprint(engine.admin)) == []
    assert shop.send(nested(32), message="msg")[1] == "recorded"


def test_a_body_has_at_most_64_kib(shop):
    assert shop.send('{"text":"' + "ü" * 32_740 + '"}')[1] == "recorded"
    for webhook in (shop.webhook, UNKNOWN):
        with refused("MA003"):
            Sender(shop.connection, webhook, shop.secret).send('"' + "ü" * 32_768 + '"')


# ---- who is turned away


def forgeries(shop: Sender, other: Sender, deleted: Sender) -> dict[str, tuple]:
    """(webhook, headers, body) of messages that are not what they say."""
    body = '{"total": 1}'
    good = shop.headers(body, "msg", NOW)
    signature = good["webhook-signature"]
    timestamp = good["webhook-timestamp"]

    def with_(**changes):
        changed = good | {f"webhook-{key}": value for key, value in changes.items()}
        return (shop.webhook, changed, body)

    def without(name):
        return (shop.webhook, {k: v for k, v in good.items() if k != f"webhook-{name}"}, body)

    def at(seconds):
        return (shop.webhook, shop.headers(body, "msg", NOW + timedelta(seconds=seconds)), body)

    def signed(message, moment):
        return with_(
            id=message, timestamp=moment, signature=sign(shop.secret, message, moment, body)
        )

    def keyed(key):
        return with_(
            signature=sign("whsec_" + base64.b64encode(key).decode(), "msg", timestamp, body)
        )

    return {
        "unknown webhook": (UNKNOWN, good, body),
        "no webhook": (None, good, body),
        "another organisation's webhook": (other.webhook, good, body),
        "another organisation's secret": (shop.webhook, other.headers(body, "msg", NOW), body),
        "deleted webhook": (deleted.webhook, deleted.headers(body, "msg", NOW), body),
        "edited body": (shop.webhook, good, '{"total": 2}'),
        "written otherwise": (shop.webhook, good, '{"total":1}'),
        "a longer body": (shop.webhook, good, body + " "),
        "no body": (shop.webhook, good, None),
        "another id": with_(id="msg2"),
        "another time": with_(timestamp=str(int(timestamp) + 1)),
        "another spelling of the time": with_(timestamp="0" + timestamp),
        "no id": without("id"),
        "no timestamp": without("timestamp"),
        "no signature": without("signature"),
        "an empty id": signed("", timestamp),
        "an id with a full stop": signed("a.b", timestamp),
        "an endless id": signed("x" * 201, timestamp),
        "two ids": with_(id=["msg", "msg"]),
        "two times": with_(timestamp=[timestamp, timestamp]),
        "a null id": with_(id=None),
        "an object as id": with_(id={"a": "msg"}),
        "a time with a fraction": signed("msg", timestamp + ".0"),
        "a time in words": signed("msg", "now"),
        "a time with blanks": signed("msg", f" {timestamp}"),
        "a negative time": signed("msg", f"-{timestamp}"),
        "a time beyond numbers": signed("msg", "9" * 40),
        "a time in milliseconds": signed("msg", timestamp + "000"),
        "an empty time": signed("msg", ""),
        "long ago": signed("msg", "0"),
        "too old": at(-301),
        "too new": at(301),
        "another version": with_(signature="v1a" + signature[2:]),
        "a later version": with_(signature="v2" + signature[2:]),
        "no version": with_(signature=signature[3:]),
        "a signature in upper case": with_(signature="V1" + signature[2:]),
        "part of a signature": with_(signature=signature[:-1]),
        "less of a signature": with_(signature=signature[:8]),
        "more than a signature": with_(signature=signature + "="),
        "nothing behind the version": with_(signature="v1,"),
        "an empty signature": with_(signature=""),
        "a signature in hexadecimal": with_(
            signature="v1," + base64.b64decode(signature[3:]).hex()
        ),
        "too many signatures": with_(signature="v1,a " * 1000 + signature),
        "signed with nothing": keyed(b""),
        "signed with zeros": keyed(bytes(32)),
        "signed with the secret's text": keyed(shop.secret.encode()),
        "signed with half of the secret": keyed(key_of(shop.secret)[:16]),
        "no headers": (shop.webhook, {}, body),
        "a list of headers": (shop.webhook, [list(item) for item in good.items()], body),
        "a text of headers": (shop.webhook, "webhook-id: msg", body),
        "headers that are null": (shop.webhook, None, body),
    }


def test_whatever_is_not_authentic_gets_the_same_answer_and_changes_nothing(
    engine, database, orgs, shop
):
    connection = database.connect("svc_b", org=orgs.b)
    other = Sender(connection, *create(connection, "shop"))
    deleted = Sender(shop.connection, *create(engine.client, "gone"))
    engine.client.execute("select automation.delete_webhook(%s)", [deleted.webhook])
    before = fingerprint(engine.admin)
    cases = forgeries(shop, other, deleted)
    answers = {
        name: answer(
            lambda case=case: shop.connection.execute(RECEIVE, [case[0], Jsonb(case[1]), case[2]])
        )
        for name, case in cases.items()
    }
    answers["no headers at all"] = answer(
        lambda: shop.connection.execute(RECEIVE, [shop.webhook, None, "{}"])
    )
    assert {name: told for name, told in answers.items() if told[0] != "MA304"} == {}
    assert len(set(answers.values())) == 1, answers
    assert differences(before, fingerprint(engine.admin)) == []
    assert shop.send('{"total": 1}', message="msg")[1] == "recorded"


def test_a_message_is_accepted_five_minutes_early_or_late(shop, move_clock):
    for seconds in (-300, 300):
        assert shop.send(at=NOW + timedelta(seconds=seconds))[1] == "recorded"
    held = shop.headers("{}", "held", NOW)
    move_clock("299 seconds")
    assert shop.deliver(held, "{}")[1] == "recorded"
    move_clock("2 seconds")
    with refused("MA304"):
        shop.deliver(held, "{}")


@pytest.mark.on("embedded")
def test_an_unknown_webhook_takes_as_long_as_a_wrong_signature(shop):
    """Or the time would tell which ids exist; the shortest of many calls is compared."""
    body = '"' + "x" * 60_000 + '"'
    headers = Sender(shop.connection, shop.webhook, secret_of(32)).headers(body, "msg", NOW)
    shortest: dict[uuid.UUID, float] = {}
    for number in range(400):
        webhook = (shop.webhook, UNKNOWN)[number % 2]
        begun = time.perf_counter()
        with pytest.raises(psycopg.Error):
            shop.connection.execute(RECEIVE, [webhook, Jsonb(headers), body])
        taken = time.perf_counter() - begun
        shortest[webhook] = min(taken, shortest.get(webhook, taken))
    ratio = shortest[shop.webhook] / shortest[UNKNOWN]
    assert 0.8 < ratio < 1.25


# ---- once


def test_an_id_counts_once_whenever_it_comes_again(engine, shop, orgs, move_clock):
    engine.publish(act("a"), trigger={"type": "event", "event": "webhook.shop"})
    first, outcome = shop.send('{"total": 1}', message="msg")
    assert outcome == "recorded"
    assert shop.send('{"total": 1}', message="msg") == (first, "duplicate")
    assert shop.send('{"total": 2}', message="msg") == (first, "duplicate")
    move_clock("400 days")
    later = NOW + timedelta(days=400)
    assert shop.send('{"total": 1}', message="msg", at=later) == (first, "duplicate")
    engine.call("app_backend", "rotate_webhook_secret", p_webhook_id=shop.webhook)
    assert shop.send('{"total": 1}', message="msg", at=later) == (first, "duplicate")
    assert [row[0] for row in started(engine)] == [first]
    assert engine.admin.execute(EVENTS).fetchone()[3] == {"total": 1}


def test_the_same_id_of_another_webhook_is_another_message(engine, database, orgs, shop):
    connection = database.connect("svc_b", org=orgs.b)
    senders = (
        shop,
        Sender(shop.connection, *create(engine.client, "crm", shop.secret)),
        Sender(shop.connection, *create(connection, "shop", shop.secret)),
    )
    assert [sender.send(message="msg")[1] for sender in senders] == ["recorded"] * 3
    assert [row[:2] for row in engine.admin.execute(EVENTS)] == [
        (orgs.a, "webhook.shop"),
        (orgs.a, "webhook.crm"),
        (orgs.b, "webhook.shop"),
    ]


def test_two_messages_without_a_body_are_two(engine, shop):
    engine.publish(act("a"), trigger={"type": "event", "event": "webhook.shop"})
    events = [shop.send("", message=message)[0] for message in ("one", "two")]
    assert [row[0] for row in started(engine)] == events


def test_what_is_rolled_back_was_not_received(engine, shop):
    with shop.connection.transaction(force_rollback=True):
        assert shop.send(message="msg")[1] == "recorded"
    assert engine.admin.execute(EVENTS).fetchall() == []
    assert shop.send(message="msg")[1] == "recorded"


def test_scenario_27_fifty_deliveries_of_one_message_at_once_make_one_event(engine, database, shop):
    engine.publish(act("a"), trigger={"type": "event", "event": "webhook.shop"})
    headers = shop.headers('{"total": 1}', "msg", NOW)
    connections = [database.connect("app_backend") for _ in range(50)]
    gate = threading.Barrier(len(connections))

    def deliver(connection: psycopg.Connection) -> tuple[int, str]:
        gate.wait(60)
        return Sender(connection, shop.webhook, "").deliver(headers, '{"total": 1}')

    with ThreadPoolExecutor(len(connections)) as pool:
        results = list(pool.map(deliver, connections))
    assert sorted(outcome for _, outcome in results) == ["duplicate"] * 49 + ["recorded"]
    assert [row[0] for row in started(engine)] == [results[0][0]]
    assert len({event for event, _ in results}) == 1
    assert len(engine.admin.execute(EVENTS).fetchall()) == 1


# ---- secrets


def rotate(engine, shop: Sender, **arguments) -> Sender:
    secret = engine.call(
        "app_backend", "rotate_webhook_secret", p_webhook_id=shop.webhook, **arguments
    )
    return Sender(shop.connection, shop.webhook, secret)


def accepts(at: datetime, *senders: Sender) -> list[bool]:
    return [answer(lambda s=sender: s.send(at=at)) == ("accepted",) for sender in senders]


def test_the_old_secret_counts_for_a_day_after_it_was_rotated(engine, shop, move_clock):
    new = rotate(engine, shop)
    assert new.secret != shop.secret
    assert accepts(NOW, shop, new) == [True, True]
    both = new.headers("{}", "both", NOW)
    both["webhook-signature"] += " " + shop.headers("{}", "both", NOW)["webhook-signature"]
    assert new.deliver(both, "{}")[1] == "recorded"
    until = rows(engine.client, LIST)[0]["earlier_secrets_until"]
    assert until == NOW + timedelta(days=1)
    at = move_clock("23:59:59")
    assert accepts(at, shop, new) == [True, True]
    at = move_clock("1 second")
    assert accepts(at, shop, new) == [False, True]
    assert rows(engine.client, LIST)[0]["earlier_secrets_until"] is None


def test_a_secret_that_leaked_ends_at_once_with_all_before_it(engine, shop):
    second = rotate(engine, shop, p_keep="30 days")
    third = rotate(engine, shop, p_keep="30 days")
    assert accepts(NOW, shop, second, third) == [True] * 3
    fourth = rotate(engine, shop, p_keep="0")
    assert accepts(NOW, shop, second, third, fourth) == [False, False, False, True]
    assert engine.admin.execute(
        "select count(*) from automation_private.webhook_secrets"
    ).fetchone() == (1,)


def test_a_new_secret_that_was_lost_does_not_end_the_one_in_use(engine, shop, move_clock):
    rotate(engine, shop, p_keep="1 day")
    at = move_clock("12 hours")
    third = rotate(engine, shop, p_keep="10 days")
    assert accepts(at, shop, third) == [True, True]
    at = move_clock("12 hours")
    assert accepts(at, shop, third) == [False, True]


def test_five_secrets_count_at_most(engine, shop):
    senders = [shop]
    for _ in range(4):
        senders.append(rotate(engine, shop))
    with refused("MA101"):
        rotate(engine, shop)
    assert accepts(NOW, *senders) == [True] * 5
    assert accepts(NOW, rotate(engine, shop, p_keep="0"), senders[-1]) == [True, False]


def test_secrets_are_strong_and_a_sender_may_bring_its_own(engine, shop, orgs):
    made = {create(engine.client, f"w{number}")[1] for number in range(20)}
    assert len(made) == 20
    assert {
        len(base64.b64decode(secret.removeprefix("whsec_"), validate=True)) for secret in made
    } == {32}
    for length in (24, 25, 26, 32, 63, 64):
        own = secret_of(length)
        assert create(engine.client, f"own{length}", own)[1] == own
        assert accepts(NOW, rotate(engine, shop, p_secret=own, p_keep="0")) == [True]


@pytest.mark.on("embedded")
@pytest.mark.parametrize(
    "secret",
    [
        "",
        "whsec_",
        "canary-of-a-secret",
        "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "WHSEC_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw=",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n",
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa-_",
        "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        secret_of(23),
        secret_of(65),
        secret_of(1000),
    ],
)
def test_what_is_no_secret_is_refused_without_being_repeated(engine, shop, secret):
    before = fingerprint(engine.admin)
    for call in (
        lambda: create(engine.client, "other", secret),
        lambda: rotate(engine, shop, p_secret=secret),
    ):
        told = answer(call)
        assert told[0] == "MA001"
        assert not secret.strip("whsec_ \n") or secret.strip() not in " ".join(filter(None, told))
    assert differences(before, fingerprint(engine.admin)) == []


def test_scenario_30_secrets_are_nowhere_but_in_their_table(engine, database, server, shop):
    """Not in the audit, the list, the events, errors, or the server's log."""
    own = secret_of(48)
    secrets = [shop.secret, rotate(engine, shop).secret, rotate(engine, shop, p_secret=own).secret]
    engine.publish(act("a"), trigger={"type": "event", "event": "webhook.shop"})
    shop.send('{"total": 1}')
    told = [
        answer(lambda: create(engine.client, "shop", own)),
        answer(lambda: create(engine.client, "Shop", own)),
        answer(lambda: rotate(engine, Sender(shop.connection, UNKNOWN, ""), p_secret=own)),
        answer(lambda: rotate(engine, shop, p_keep="-1 day", p_secret=own)),
        answer(lambda: create(database.connect("app_backend"), "x", own)),
        answer(lambda: shop.deliver(shop.headers("{}", "m.m", NOW), "{}")),
    ]
    assert [answered[0] for answered in told] == [
        "MA101",
        "MA001",
        "MA002",
        "MA001",
        "MA300",
        "MA304",
    ]
    engine.work()
    engine.call("app_backend", "delete_webhook", p_webhook_id=create(engine.client, "b", own)[0])
    shown = [str(told), str(rows(engine.client, LIST)), server.log]
    holders = set()
    for table, _ in tables(engine.admin):
        content = engine.admin.execute(f"select string_agg(t::text, ' ') from {table} as t")
        text = content.fetchone()[0] or ""
        if any(secret[6:] in text or key_of(secret).hex() in text for secret in secrets):
            holders.add(table)
    assert holders == {"automation_private.webhook_secrets"}
    for secret in secrets:
        assert not any(secret[6:] in text or key_of(secret).hex() in text for text in shown)


# ---- management


def test_webhooks_are_listed_with_what_they_bring(engine, database, orgs, now, move_clock):
    user = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="owner")
    owner = database.connect("app_backend", org=orgs.a, user_id=user)
    second, _ = create(owner, "web_2")
    first, _ = create(engine.client, "shop")
    later = move_clock("1 hour")
    engine.call("app_backend", "rotate_webhook_secret", p_webhook_id=second, p_keep="0")
    common = {"earlier_secrets_until": None, "last_received_at": None, "created_at": now}
    assert rows(engine.client, LIST) == [
        common
        | {
            "webhook_id": first,
            "name": "shop",
            "event": "webhook.shop",
            "created_by": None,
            "updated_at": now,
        },
        common
        | {
            "webhook_id": second,
            "name": "web_2",
            "event": "webhook.web_2",
            "created_by": user,
            "updated_at": later,
        },
    ]
    assert rows(database.connect("app_backend", org=orgs.b), LIST) == []


def test_every_change_is_in_the_audit(engine, shop):
    rotate(engine, shop)
    engine.call("app_backend", "delete_webhook", p_webhook_id=shop.webhook)
    audit = engine.client.execute(
        "select operation, subject_type, subject_id, details from automation.automation_audit "
        "where subject_type = 'webhook' order by audit_id"
    ).fetchall()
    until = (NOW + timedelta(days=1)).isoformat()
    assert audit == [
        ("create_webhook", "webhook", shop.webhook, {"name": "shop"}),
        (
            "rotate_webhook_secret",
            "webhook",
            shop.webhook,
            {"name": "shop", "earlier_until": until},
        ),
        ("delete_webhook", "webhook", shop.webhook, {"name": "shop"}),
    ]


def test_a_name_is_unique_within_the_organisation_and_free_again_later(
    engine, database, orgs, shop
):
    with refused("MA101"):
        create(engine.client, "shop")
    create(database.connect("app_backend", org=orgs.b), "shop")
    event, _ = shop.send('{"total": 1}', message="msg")
    engine.call("app_backend", "delete_webhook", p_webhook_id=shop.webhook)
    again = Sender(shop.connection, *create(engine.client, "shop"))
    assert again.webhook != shop.webhook
    assert accepts(NOW, shop, again) == [False, True]
    assert again.send(message="msg") == (event, "duplicate")


@pytest.mark.on("embedded")
@pytest.mark.parametrize("name", [None, "", "Shop", "1st", "a b", "a-b", "a.b", "ü", "x" * 64])
def test_a_name_is_one_word_of_an_event(engine, name):
    with refused("MA001"):
        create(engine.client, name)


@pytest.mark.parametrize("keep", [None, "-1 second", "91 days", "1 day -48 hours"])
def test_earlier_secrets_are_kept_for_at_most_90_days(engine, shop, keep):
    with refused("MA001"):
        rotate(engine, shop, p_keep=keep)


def test_nobody_manages_webhooks_of_another_organisation(engine, database, orgs, shop):
    other = database.connect("svc_b", org=orgs.b)
    before = fingerprint(engine.admin)
    for function in ("rotate_webhook_secret", "delete_webhook"):
        for webhook in (shop.webhook, UNKNOWN, None):
            with refused("MA002"):
                other.execute(f"select automation.{function}(%s)", [webhook])
    assert differences(before, fingerprint(engine.admin)) == []


def test_webhooks_are_for_administrators_and_their_list_for_viewers(engine, database, orgs, shop):
    user = uuid.uuid4()
    engine.call("app_backend", "set_member", p_user_id=user, p_role_code="marketing_manager")
    manager = database.connect("app_backend", org=orgs.a, user_id=user)
    assert [row["name"] for row in rows(manager, LIST)] == ["shop"]
    for call in (
        "create_webhook('x')",
        f"rotate_webhook_secret('{shop.webhook}')",
        f"delete_webhook('{shop.webhook}')",
    ):
        with refused("MA301"):
            manager.execute(f"select automation.{call}")


def test_the_signature_authorises_whoever_delivers(engine, database, orgs, shop):
    """A front end needs no access to any organisation, and what it has selected does not matter."""
    db = database.connect()
    db.execute("select automation.revoke_org_access('svc_a', %s)", [orgs.a])
    connections = [
        database.connect("svc_a"),
        database.connect("svc_b", org=orgs.b),
        database.connect("svc_b", org=orgs.a),
        database.connect("app_backend", org=uuid.uuid4(), user_id=uuid.uuid4()),
    ]
    for connection in connections:
        assert Sender(connection, shop.webhook, shop.secret).send()[1] == "recorded"
        with refused("MA304"):
            Sender(connection, shop.webhook, secret_of(32)).send()
    assert [row[:2] for row in engine.admin.execute(EVENTS)] == [(orgs.a, "webhook.shop")] * 4
    for login in ("bi_ro", "worker", "ops", "stranger"):
        with pytest.raises(errors.InsufficientPrivilege):
            Sender(database.connect(login, org=orgs.a), shop.webhook, shop.secret).send()


def test_when_something_was_received_is_known_to_the_minute(engine, shop, move_clock):
    def received():
        return engine.admin.execute(
            "select last_received_at, xmin from automation_private.webhooks"
        ).fetchone()

    shop.send()
    first = received()
    assert first[0] == NOW
    at = move_clock("59 seconds")
    for _ in range(3):
        shop.send(at=at)
    assert received() == first
    at = move_clock("1 second")
    shop.send(at=at)
    assert received()[0] == at
    assert rows(engine.client, LIST)[0]["last_received_at"] == at


def test_a_delivery_waits_neither_for_another_nor_for_an_administrator(engine, database, shop):
    senders = [Sender(database.connect("app_backend"), shop.webhook, shop.secret) for _ in "ab"]
    senders[1].connection.execute("set lock_timeout = '100ms'")
    with senders[0].connection.transaction():
        senders[0].send(message="first")
        assert senders[1].send(message="second")[1] == "recorded"
    with engine.client.transaction():
        rotate(engine, shop, p_keep="0")
        assert senders[1].send(message="third")[1] == "recorded"
    with refused("MA304"):
        senders[1].send(message="fourth")


# ---- reserved names

RESERVED = ("webhook.shop", "webhook.x.created", "manual.a1", "rule.paused")


def test_nobody_emits_what_is_the_engines_own(engine, shop):
    before = fingerprint(engine.admin)
    for event in RESERVED:
        with refused("MA001") as caught:
            engine.client.execute("select automation.emit_event(%s)", [event])
        assert caught.value.diag.message_detail == "reserved_event"
        outcome = engine.client.execute(
            "select outcome, error ->> 'code' from automation.emit_events(%s)",
            [Jsonb([{"event": event, "dedupe_key": "k"}])],
        ).fetchone()
        assert outcome == ("refused", "reserved_event")
    assert differences(before, fingerprint(engine.admin)) == []
    for event in ("webhook", "webhooks.shop", "manual", "rules.paused", "shop.webhook.x"):
        engine.client.execute("select automation.emit_event(%s)", [event])


def test_no_watched_table_brings_what_is_the_engines_own(engine, database):
    engine.admin.execute(
        "create schema crm; grant usage on schema crm to automation_admin;"
        "create table crm.hooks (hook_id int primary key, org_id uuid not null, x int);"
        "alter table crm.hooks owner to automation_admin"
    )
    ops = database.connect("ops")
    for event in ("webhook", "manual", "rule"):
        with refused("MA001"):
            ops.execute(f"select automation.watch_table('crm.hooks', '{event}', '{{x}}')")


def test_the_engine_records_its_own_events_with_their_source(engine, orgs):
    items = [{"event": event} for event in RESERVED]
    outcomes = engine.admin.execute(
        "select outcome from automation_private.record_events(%s, %s, 'engine')",
        [orgs.a, Jsonb(items)],
    ).fetchall()
    assert outcomes == [("recorded",)] * len(items)
    assert {row[5] for row in engine.admin.execute(EVENTS)} == {"engine"}
