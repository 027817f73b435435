"""The worker as a process: signals, crashes, kills, restarts of the server, what it logs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from http_sink import HttpSink, Reply
from worker_tools import ROOT, Queue, ended, poll, running, start

from worker import EXIT_RECYCLE


@pytest.fixture
def queue(database) -> Queue:
    return Queue(database)


@pytest.fixture
def sink() -> Iterator[HttpSink]:
    sink = HttpSink()
    yield sink
    sink.close()


@pytest.fixture
def log(tmp_path: Path) -> Path:
    return tmp_path / "worker.log"


def events(log: Path) -> list[str]:
    """The events that a worker has logged so far."""
    lines = log.read_text().splitlines() if log.exists() else []
    return [json.loads(line)["event"] for line in lines if line.startswith("{")]


def test_a_worker_drains_the_queue_and_ends(database, queue, log):
    queue.send("echo", {"n": 1}, count=250)
    with running(database, "--drain", log=log) as worker:
        assert ended(worker) == 0
    assert len(queue.reported()) == 250
    assert events(log)[0] == "worker_started"
    assert events(log)[-1] == "worker_stopped"


@pytest.mark.on("embedded")
def test_scenario_16_a_worker_killed_between_effect_and_report(database, queue, sink, log):
    """The message is delivered again within the lease, with the same idempotency key."""
    killed_at = []

    def kill() -> None:
        if not killed_at:
            killed_at.append(time.monotonic())
            worker.kill()
            worker.wait()

    sink.answer(Reply(before=kill))
    queue.send("call", {"url": sink.url})
    with running(database, "--lease", "2", log=log) as worker:
        poll(lambda: killed_at)
    with running(database, "--lease", "2", "--drain", log=log) as worker:
        assert ended(worker) == 0
    assert time.monotonic() - killed_at[0] < 2 + 5
    first, second = sink.requests
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"]
    assert (queue.one()["read_ct"], queue.one()["output"]) == (2, 200)


@pytest.mark.on("embedded")
def test_a_worker_that_slept_through_its_lease_changes_nothing(database, queue, sink, log):
    sink.answer(Reply(before=lambda: os.kill(zombie.pid, signal.SIGSTOP)), Reply())
    queue.send("call", {"url": sink.url})
    with running(database, "--lease", "2", log=log) as zombie:
        poll(lambda: sink.requests)
        with running(database, "--lease", "2", "--drain", log=log) as successor:
            assert ended(successor) == 0
        assert queue.one()["read_ct"] == 2
        os.kill(zombie.pid, signal.SIGCONT)
        late = poll(lambda: len(queue.reported()) > 1 or "lease_lost" in events(log))
        assert late
    assert [report["accepted"] for report in queue.reported() if report["read_ct"] == 1] in (
        [],
        [False],
    )


@pytest.mark.on("embedded")
def test_sigterm_finishes_what_runs_and_gives_back_what_waits(database, queue, sink, log):
    release = threading.Event()
    sink.answer(Reply(before=lambda: release.wait(20)))
    queue.send("call", {"url": sink.url}, count=2)
    queue.send("echo", count=3)
    with running(database, "--concurrency", "2", "--batch", "5", log=log) as worker:
        poll(lambda: len(sink.requests) == 2)
        worker.terminate()
        poll(lambda: "given_back" in events(log))
        assert [row["hidden"] < 2 for row in queue.left()] == [False, False, True, True, True]
        release.set()
        assert ended(worker) == 0
    assert [report["output"] for report in queue.reported()] == [200, 200]
    assert len(queue.left()) == 3


@pytest.mark.on("embedded")
@pytest.mark.parametrize("how", ["grace is over", "asked twice"])
def test_sigterm_gives_back_what_does_not_finish(database, queue, log, how):
    queue.send("hang_thread")
    grace = "0.2" if how == "grace is over" else "60"
    with running(database, log=log, AUTOMATION_GRACE=grace) as worker:
        poll(lambda: queue.left()[0]["read_ct"] == 1)
        worker.terminate()
        if how == "asked twice":
            poll(lambda: "worker_stopping" in events(log))
            worker.send_signal(signal.SIGINT)
        assert ended(worker) == 0
    (row,) = queue.left()
    assert row["hidden"] < 2
    assert queue.reported() == []


@pytest.mark.on("embedded")
def test_a_handler_that_kills_its_worker_is_found_and_its_neighbours_finish(database, queue, log):
    (poison,) = queue.send("die", deliveries=2)
    queue.send("echo", {"n": 1}, count=20, deliveries=2)
    with running(database, "--drain", log=log) as worker:
        assert ended(worker) == 9
    assert queue.reported() == []
    queue.make_visible()
    with running(database, "--drain", "--lease", "5", log=log) as worker:
        assert ended(worker) == 0
    reports = queue.reported()
    assert len(reports) == 21
    for report in reports:
        if report["msg_id"] == poison:
            assert (report["read_ct"], report["error"]["class"]) == (3, "crashed")
        else:
            assert (report["read_ct"], report["status"]) == (2, "completed")
            assert report["output"]["config"] == {"n": 1}


@pytest.mark.on("embedded")
def test_a_message_that_crashed_before_runs_apart_with_all_a_handler_has(database, queue, log):
    (hang,) = queue.send("hang_thread", timeout_ms=1500)
    (fine,) = queue.send("echo", {"a": "\u00e9"}, idempotency_key="the-key")
    (fail,) = queue.send("spill", {"token": "{{secrets.CANARY}}", "how": "fail"})
    queue.db.execute("update pgmq.q_automation_actions set read_ct = 3")
    canary = "CANARY-behind-the-curtain"
    with running(database, "--drain", log=log, AUTOMATION_SECRET_CANARY=canary) as worker:
        assert ended(worker) == 0
    reports = {report["msg_id"]: report for report in queue.reported()}
    assert reports[hang]["error"]["class"] == "timeout"
    assert reports[fine]["output"] == {"config": {"a": "\u00e9"}, "key": "the-key", "attempt": 1}
    assert reports[fail]["error"]["message"] == "no [secret]"
    assert reports[fail]["error"]["permanent"] is True
    assert canary not in log.read_text()


@pytest.mark.on("embedded")
def test_handlers_that_hang_for_ever_recycle_the_worker(database, queue, log):
    queue.send("hang_thread", timeout_ms=100)
    with running(database, log=log, AUTOMATION_MAX_ABANDONED="0") as worker:
        assert ended(worker) == EXIT_RECYCLE
    assert queue.one()["error"]["class"] == "timeout"
    assert "too_many_handlers_hang" in events(log)


@pytest.mark.on("embedded")
def test_a_handler_that_blocks_the_loop_ends_the_worker(database, queue, log):
    queue.send("block_loop")
    with running(database, log=log, AUTOMATION_STALL_LIMIT="1.5") as worker:
        assert ended(worker) != 0
    assert "block_loop" in log.read_text()
    assert len(queue.left()) == 1


@pytest.mark.on("embedded")
def test_the_server_is_restarted_under_a_working_worker(own_database, sink, log):
    queue = Queue(own_database)
    release = threading.Event()
    sink.answer(Reply(before=lambda: release.wait(60)), Reply())
    queue.send("call", {"url": sink.url})
    with running(own_database, "--lease", "20", log=log) as worker:
        poll(lambda: sink.requests)
        # claims are not waited for on disk: without this the crash may take this one back
        own_database.connect().execute("checkpoint")
        own_database.server.stop("immediate")
        release.set()
        poll(lambda: "database_unavailable" in events(log))
        own_database.server.start()
        queue = Queue(own_database, record=False)
        restarted = time.monotonic()
        poll(lambda: queue.reported())
        queue.send("echo")
        poll(lambda: len(queue.reported()) == 2)
        assert time.monotonic() - restarted < 10
        worker.terminate()
        assert ended(worker) == 0
    assert all(report["accepted"] for report in queue.reported())
    assert len(sink.requests) == 1


def test_secrets_and_bodies_are_never_logged_or_stored(database, queue, sink, log):
    canaries = {"AUTOMATION_SECRET_CANARY": "CANARY-4711-secret"}
    for how in ("return", "fail", "raise", "hang", "nothing"):
        queue.send("spill", {"token": "{{secrets.CANARY}}", "how": how}, timeout_ms=300)
    queue.send("spill", {"token": "CANARY-literal", "how": "return"})
    payload = {"body": "CANARY-body"}
    auth = {"type": "bearer", "token": "{{secrets.CANARY}}"}
    for status in (200, 400, 500):
        sink.answer(Reply(status, b"CANARY-answer"))
        queue.send("webhook", {"url": sink.url, "payload": payload, "secret": "{{secrets.CANARY}}"})
        config = {"url": sink.url, "json": payload, "auth": auth, "method": "POST"}
        queue.send("http_request", {**config, "response": "ignore"})
        queue.send("send_slack", {"webhook_url": f"{sink.url}/CANARY-path", "text": "CANARY-text"})
        queue.send("http_request", {"url": "http://127.0.0.2/", "auth": auth})
    environment = {**canaries, "AUTOMATION_LOG_LEVEL": "debug"}
    with running(database, "--drain", log=log, **environment) as worker:
        assert ended(worker) == 0
    reports = queue.reported()
    assert len(reports) == 18
    assert "CANARY" not in json.dumps([[report["output"], report["error"]] for report in reports])
    text = log.read_text()
    assert "CANARY-4711" not in text
    assert "[secret]" in text
    for private in ("CANARY-body", "CANARY-answer", "CANARY-path", "CANARY-text"):
        assert private not in text
    assert database.name in database.dsn()
    for line in text.splitlines():
        record = json.loads(line)
        if record["event"] in ("action_failed", "action_completed"):
            assert {"org", "instance", "step", "key", "action", "attempt"} <= record.keys()


@pytest.mark.on("embedded")
def test_the_password_of_the_connection_string_is_not_shown(tmp_path):
    for dsn in ("host=/nowhere user=x password=CANARY-pw port=1", "nonsense CANARY-pw"):
        environment = {**os.environ, "AUTOMATION_DSN": dsn, "AUTOMATION_LOG_FORMAT": "json"}
        with (tmp_path / "log").open("wb") as stderr:
            worker = subprocess.Popen(
                [sys.executable, "worker.py", "run"], cwd=ROOT, env=environment, stderr=stderr
            )
            text = poll((tmp_path / "log").read_text)
            time.sleep(0.2)
            worker.terminate()
            worker.wait(10)
        text = (tmp_path / "log").read_text()
        assert "CANARY-pw" not in text


@pytest.mark.on("embedded")
def test_two_workers_share_a_queue(database, queue, log):
    queue.send("echo", count=2000)
    with log.open("wb") as stderr:
        workers = [start(database, "--drain", stderr=stderr) for _ in range(2)]
        assert [ended(worker, 60) for worker in workers] == [0, 0]
    reports = queue.reported()
    assert len({report["msg_id"] for report in reports}) == len(reports) == 2000
    assert {report["read_ct"] for report in reports} == {1}


def test_the_catalogue_names_the_built_in_actions():
    printed = subprocess.run(
        [sys.executable, "worker.py", "actions"], cwd=ROOT, capture_output=True, check=True
    )
    catalogue = {entry["name"]: entry for entry in json.loads(printed.stdout)}
    assert {"webhook", "http_request", "send_email", "send_slack"} <= catalogue.keys()
    for entry in catalogue.values():
        assert entry["config_schema"]["type"] == "object"
        assert entry["description"]
        assert isinstance(entry["idempotent"], bool)
