"""What the worker says to the database: claims, one report for many results, fences, leases."""

from __future__ import annotations

import asyncio
import threading
import time
from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb
from worker_tools import Queue, drain, make_worker, poll, terminate_backends

from py_actions import ActionContext, Fail, Retry

pytestmark = pytest.mark.on("embedded")


@pytest.fixture
def queue(database) -> Queue:
    return Queue(database)


async def echo(config: dict[str, Any], context: ActionContext) -> Any:
    return config


async def give_up(config: dict[str, Any], context: ActionContext) -> Any:
    raise Fail("no such account", "no_account", "refused")


async def try_later(config: dict[str, Any], context: ActionContext) -> Any:
    raise Retry(12.5, "busy", "rate_limited")


async def stumble(config: dict[str, Any], context: ActionContext) -> Any:
    raise ZeroDivisionError("division by zero")


def slowly(config: dict[str, Any], context: ActionContext) -> Any:
    return threading.current_thread().name


HANDLERS = {
    "echo": echo,
    "give_up": give_up,
    "try_later": try_later,
    "stumble": stumble,
    "slowly": slowly,
}


def test_a_batch_of_mixed_outcomes_is_reported_in_one_call(database, queue):
    sent = {name: queue.send(name, {"n": 1})[0] for name in HANDLERS if name != "slowly"}
    assert drain(database, HANDLERS) == 0
    reports = {report["msg_id"]: report for report in queue.reported()}
    assert {report["call"] for report in reports.values()} == {1}
    assert all(report["accepted"] for report in reports.values())
    assert reports[sent["echo"]]["output"] == {"n": 1}
    assert reports[sent["echo"]]["error"] is None
    assert reports[sent["give_up"]]["error"] == {
        "code": "no_account",
        "class": "refused",
        "message": "no such account",
        "permanent": True,
    }
    assert reports[sent["try_later"]]["error"] == {
        "code": "retry",
        "class": "rate_limited",
        "message": "busy",
        "retry_after": 12.5,
    }
    assert reports[sent["stumble"]]["error"] == {
        "code": "handler_error",
        "class": "error",
        "message": "ZeroDivisionError: division by zero",
    }
    for report in reports.values():
        assert report["execution_time_ms"] >= 0
    assert queue.left() == []


def test_many_messages_take_few_calls(database, queue):
    queue.send("echo", {"n": 1}, count=1000)
    assert drain(database, HANDLERS) == 0
    reports = queue.reported()
    assert len(reports) == 1000
    assert len({report["call"] for report in reports}) <= 25


def test_plain_functions_run_in_threads(database, queue):
    queue.send("slowly", count=3)
    drain(database, HANDLERS)
    assert {report["output"] for report in queue.reported()} == {"action"}


def test_never_more_than_concurrency_runs_and_one_batch_more_is_held(database, queue):
    running, most, held = 0, 0, 0

    async def count(config: dict[str, Any], context: ActionContext) -> None:
        nonlocal running, most, held
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.01)
        if running == 5:
            held = max(held, sum(row["hidden"] > 0 for row in await asyncio.to_thread(queue.left)))
        running -= 1

    queue.send("count", count=100)
    drain(database, {"count": count}, concurrency=5, batch=10)
    assert most == 5
    assert 5 <= held <= 15
    assert len(queue.reported()) == 100


def test_an_unknown_action_is_put_back_for_a_worker_that_knows_it(database, queue):
    queue.send("exotic", deliveries=3)

    async def work() -> None:
        worker = make_worker(database, HANDLERS, unknown_delay=300)
        task = asyncio.create_task(worker.run())
        await asyncio.to_thread(poll, lambda: queue.left()[0]["hidden"] > 60)
        worker.stop()
        assert await task == 0

    asyncio.run(work())
    assert queue.reported() == []
    queue.make_visible()
    drain(database, {"exotic": echo})
    assert queue.one()["read_ct"] == 2
    assert queue.one()["status"] == "completed"


def test_an_action_that_nobody_knows_is_reported_at_its_last_delivery(database, queue):
    queue.send("exotic", deliveries=3)
    queue.send("echo")
    drain(database, HANDLERS)
    unknown, known = queue.reported()
    assert unknown["read_ct"] == 3
    assert (unknown["error"]["class"], unknown["error"]["code"]) == ("unknown_action",) * 2
    assert known["status"] == "completed"


def test_a_message_delivered_too_often_is_not_run_again(database, queue):
    queue.send("echo", deliveries=2)
    queue.db.execute("update pgmq.q_automation_actions set read_ct = 2")
    drain(database, HANDLERS)
    assert queue.one()["error"]["class"] == "crashed"


@pytest.mark.parametrize(
    "message",
    [
        None,
        5,
        [],
        "text",
        {},
        {"action": "echo"},
        {"action": 5, "org": "a", "instance": "b", "step": "c", "key": "d", "idempotency_key": "e"},
    ],
)
def test_rubbish_in_the_queue_is_reported_and_harms_nobody(database, queue, message):
    (rubbish,) = queue.send_raw([Jsonb(message)])
    (good,) = queue.send("echo")
    drain(database, HANDLERS)
    reports = {report["msg_id"]: report for report in queue.reported()}
    assert reports[rubbish]["error"]["code"] == "bad_message"
    assert reports[good]["status"] == "completed"


def test_numbers_beyond_python_do_not_stop_the_batch(database, queue):
    queue.db.execute(
        "select pgmq.send('automation_actions', jsonb_build_object('n', 1e2000::numeric))"
    )
    queue.send("echo")
    drain(database, HANDLERS)
    assert [report["status"] for report in queue.reported()] == ["failed", "completed"]


def test_a_result_that_the_database_refuses_is_found_and_the_others_count(database, queue):
    queue.send("echo", {"n": 1}, count=7)
    (poison,) = queue.send("echo", {"n": "POISON"})
    queue.send("echo", {"n": 2}, count=5)
    drain(database, HANDLERS)
    reports = queue.reported()
    assert len(reports) == 13
    failed = [report for report in reports if report["status"] == "failed"]
    assert [report["msg_id"] for report in failed] == [poison]
    assert failed[0]["error"]["code"] == "result_refused"


def test_a_lease_is_extended_while_the_handler_runs(database, queue):
    release = asyncio.Event()

    async def wait(config: dict[str, Any], context: ActionContext) -> str:
        await release.wait()
        return "done"

    queue.send("wait")

    async def work() -> None:
        worker = make_worker(database, {"wait": wait}, lease=2)
        task = asyncio.create_task(worker.run(drain=True))
        await asyncio.to_thread(poll, queue.left)
        end = time.monotonic() + 3
        while time.monotonic() < end:
            (row,) = queue.left()
            assert row["hidden"] > 0 or row["read_ct"] == 0
            await asyncio.sleep(0.1)
        release.set()
        await task

    asyncio.run(work())
    assert queue.one()["read_ct"] == 1
    assert queue.one()["output"] == "done"


@pytest.mark.parametrize("style", ["async", "sync"])
def test_a_handler_whose_lease_is_lost_is_stopped_and_its_result_dropped(database, queue, style):
    started, release, cancelled = threading.Event(), threading.Event(), threading.Event()

    async def wait(config: dict[str, Any], context: ActionContext) -> str:
        started.set()
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            cancelled.set()
            raise
        return "too late"

    def wait_in_thread(config: dict[str, Any], context: ActionContext) -> str:
        started.set()
        release.wait(30)
        return "too late"

    queue.send("wait")

    async def work() -> None:
        handler = wait if style == "async" else wait_in_thread
        worker = make_worker(database, {"wait": handler}, lease=2)
        task = asyncio.create_task(worker.run())
        await asyncio.to_thread(started.wait, 10)
        queue.db.execute(
            "update pgmq.q_automation_actions"
            " set read_ct = read_ct + 1, vt = clock_timestamp() + interval '1 hour'"
        )
        await asyncio.to_thread(poll, lambda: not worker._held)
        release.set()
        worker.stop()
        assert await task == 0

    asyncio.run(work())
    assert queue.reported() == []
    assert cancelled.is_set() == (style == "async")


def test_a_message_that_comes_back_to_the_same_worker_is_run_once_more_and_counted_once(
    database, queue
):
    starts = []

    async def wait(config: dict[str, Any], context: ActionContext) -> int:
        starts.append(context.idempotency_key)
        if len(starts) == 1:
            queue.make_visible()
            await asyncio.sleep(30)
        return len(starts)

    queue.send("wait")
    drain(database, {"wait": wait})
    assert len(starts) == 2
    assert len(set(starts)) == 1
    assert (queue.one()["read_ct"], queue.one()["output"]) == (2, 2)


def test_results_are_reported_after_the_connection_came_back(database, queue):
    async def cut(config: dict[str, Any], context: ActionContext) -> str:
        terminate_backends(queue.db, "report")
        terminate_backends(queue.db, "claim")
        return "kept"

    queue.send("echo")
    queue.send("cut", count=3)
    assert drain(database, {"cut": cut, "echo": echo}) == 0
    assert len(queue.reported()) == 4
    assert all(report["accepted"] and report["read_ct"] == 1 for report in queue.reported())


def test_a_commit_whose_answer_was_lost_is_reported_again_and_counts_once(database, queue):
    queue.send("echo", count=5)
    lost = []

    async def work() -> None:
        worker = make_worker(database, HANDLERS)
        complete = worker._queue.complete

        def lose_the_first_answer(connection, results):
            reply = complete(connection, results)
            if not lost:
                lost.append(len(results))
                connection.close()
                raise psycopg.OperationalError("the answer was lost")
            return reply

        worker._queue.complete = lose_the_first_answer
        assert await worker.run(drain=True) == 0

    asyncio.run(work())
    reports = queue.reported()
    assert lost == [5]
    assert sum(report["accepted"] for report in reports) == 5
    assert sum(not report["accepted"] for report in reports) == 5


def test_a_missing_function_is_waited_for(database, queue):
    rename = "alter function automation.{}(jsonb) rename to {}"
    queue.db.execute(rename.format("complete_actions", "elsewhere"))
    queue.send("echo")

    async def work() -> None:
        worker = make_worker(database, HANDLERS)
        task = asyncio.create_task(worker.run(drain=True))
        await asyncio.to_thread(poll, lambda: queue.left()[0]["read_ct"] == 1)
        await asyncio.sleep(0.2)
        queue.db.execute(rename.format("elsewhere", "complete_actions"))
        assert await task == 0

    asyncio.run(work())
    assert queue.one()["accepted"]


def test_the_clock_rings_and_comes_back(database, queue):
    queue.db.execute("create table rings (at timestamptz default clock_timestamp())")
    queue.db.execute("grant all on rings to public")
    queue.db.execute(
        """drop procedure automation.run_engine;
        create procedure automation.run_engine(p_duration interval)
        language plpgsql as $$
        begin
            insert into public.rings default values;
            commit;
            if (select count(*) from public.rings) = 2 then
                raise exception 'the engine stumbles';
            end if;
            perform pg_sleep(0.05);
        end $$"""
    )
    queue.db.execute("grant execute on procedure automation.run_engine(interval) to public")

    def rings() -> int:
        return queue.db.execute("select count(*) as n from rings").fetchone()["n"]

    async def work() -> None:
        worker = make_worker(database, HANDLERS, engine=True)
        task = asyncio.create_task(worker.run())
        await asyncio.to_thread(poll, lambda: rings() >= 4)
        terminate_backends(queue.db, "clock")
        seen = rings()
        await asyncio.to_thread(poll, lambda: rings() >= seen + 2)
        worker.stop()
        assert await task == 0

    asyncio.run(work())
