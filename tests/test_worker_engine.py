"""The worker and the engine together: workflows whose actions reach a real receiver."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from http_sink import HttpSink, Reply
from psycopg.types.json import Jsonb
from worker_tools import Queue, ended, poll, running

LEASE = 2


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    sink = HttpSink()
    yield sink
    sink.close()


@pytest.fixture
def client(database, orgs) -> psycopg.Connection:
    return database.connect("svc_a", org=orgs.a)


def start(client: psycopg.Connection, steps: list[dict[str, Any]], count: int = 1) -> list[str]:
    """Publish a definition and start it so many times."""
    template = client.execute(
        "select automation.create_template(%s, %s)", ("calls", Jsonb({"steps": steps}))
    ).fetchone()[0]
    client.execute("select automation.publish_template(%s)", (template,))
    items = Jsonb([{"trigger": {"n": n}} for n in range(count)])
    started = client.execute(
        "select instance_id, outcome, error from automation.start_workflows(%s, %s)",
        (template, items),
    ).fetchall()
    assert [outcome for _, outcome, _ in started] == ["started"] * count, started
    return [instance for instance, _, _ in started]


def status(client: psycopg.Connection, instance: str) -> dict[str, Any]:
    return client.execute("select automation.workflow_status(%s)", (instance,)).fetchone()[0]


def test_a_call_that_fails_twice_is_repeated_with_the_same_key(database, client, sink, tmp_path):
    sink.answer(
        Reply(500),
        Reply(503, headers={"retry-after": "1"}),
        Reply(200, b'{"score": 91}', {"content-type": "application/json"}),
        Reply(200),
    )
    retry = {"max_attempts": 5, "backoff": "PT0.1S", "factor": 1, "jitter": 0}
    steps = [
        {
            "id": "score",
            "type": "action",
            "action": "http_request",
            "config": {"url": f"{sink.url}/score", "query": {"n": "{{trigger.n}}"}},
            "retry": retry,
            "next": "tell",
        },
        {
            "id": "tell",
            "type": "action",
            "action": "webhook",
            "config": {"url": f"{sink.url}/tell", "payload": "{{steps.score.body.score}}"},
        },
    ]
    (instance,) = start(client, steps)
    with running(database, "--engine", log=tmp_path / "log") as worker:
        poll(lambda: status(client, instance)["status"] == "completed")
        worker.terminate()
        assert ended(worker) == 0
    scores, tell = sink.requests[:-1], sink.requests[-1]
    assert [request.path for request in scores] == ["/score?n=0"] * 3
    assert len({request.headers["idempotency-key"] for request in scores}) == 1
    assert (tell.path, tell.json()) == ("/tell", 91)
    assert tell.headers["idempotency-key"] != scores[0].headers["idempotency-key"]


@pytest.mark.on("embedded")
def test_workers_killed_at_work_lose_nothing_and_double_nothing_inside(
    database, client, sink, tmp_path
):
    count = 60
    steps = [
        {
            "id": f"call_{n}",
            "type": "action",
            "action": "webhook",
            "config": {"url": f"{sink.url}/{n}", "payload": "{{trigger.n}}"},
            **({"next": f"call_{n + 1}"} if n < 3 else {}),
        }
        for n in range(1, 4)
    ]
    instances = start(client, steps, count)
    log = tmp_path / "log"
    arguments = ("--engine", "--lease", str(LEASE), "--batch", "20", "--concurrency", "10")
    for effects in (20, 70):
        with running(database, *arguments, log=log) as worker:
            poll(lambda enough=effects: len(sink.requests) >= enough)
            worker.kill()
    with running(database, *arguments, log=log):
        poll(
            lambda: {status(client, instance)["status"] for instance in instances} == {"completed"},
            40,
        )
    calls = Counter((r.path, r.json(), r.headers["idempotency-key"]) for r in sink.requests)
    assert len(calls) == count * 3
    assert {(path, n) for path, n, _ in calls} == {
        (f"/{step}", n) for step in (1, 2, 3) for n in range(count)
    }
    db = database.connect()
    activations = db.execute(
        "select count(*), count(distinct (instance_id, step_key))"
        " from automation.workflow_steps where status = 'completed'"
    ).fetchone()
    assert activations == (count * 3, count * 3)
    assert Queue(database, record=False).left() == []


@pytest.mark.on("embedded")
def test_the_database_knows_the_built_in_actions_as_the_worker_declares_them(db):
    from py_actions import registry

    known = {
        row[0]: row[1:]
        for row in db.execute(
            "select action, config_schema, idempotent, description, provider"
            " from automation_private.actions where runs = 'external'"
        )
    }
    for entry in registry.catalogue(registry.load()):
        if entry["name"] in ("webhook", "http_request", "send_email", "send_slack"):
            declared = (
                entry["config_schema"],
                entry["idempotent"],
                entry["description"],
                entry["provider"],
            )
            assert known[entry["name"]] == declared
