"""Who acts in the demo: worker processes, the platform's backend, people who change their mind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
from psycopg.types.json import Jsonb

from demo.server import DEMO_DATABASE
from demo.sinks import LOCALHOST, Sinks
from demo.stage import BACKEND, WORKER, Org, Stage

ROOT = Path(__file__).resolve().parent.parent
SENDER = "no-reply@cmis.example"
CHUNK = 100
LEASE = 5
HTTP_TIMEOUT = 5

SUBMITTED = """
    select
        p.post_id::text,
        jsonb_build_object(
            'post_id', p.post_id, 'title', p.title, 'content', p.content,
            'post_type', p.post_type, 'platforms', p.platforms, 'scheduled_at', p.scheduled_at,
            'author', jsonb_build_object('user_id', u.user_id, 'name', u.name, 'email', u.email)
        )
    from cmis.scheduled_posts as p
    join cmis.users as u on u.user_id = p.created_by
    where p.org_id = %s and p.status = 'draft' and p.approval_status = 'pending'
    order by p.post_id
"""

START = "select item, instance_id::text, outcome, error from automation.start_workflows(%s, %s)"

WITHDRAW = """
    with unwanted as materialized (
        select p.post_id
        from cmis.scheduled_posts as p
        where p.org_id = %(org)s
            and p.status = 'scheduled'
            and p.post_id = any(%(posts)s::uuid[])
            and p.scheduled_at > (now() at time zone 'utc') + interval '2 seconds'
        order by p.post_id
        limit %(amount)s
        for update
    )
    update cmis.scheduled_posts as p
    set status = 'cancelled', updated_at = now() at time zone 'utc'
    from unwanted as u
    where p.org_id = %(org)s and p.post_id = u.post_id
    returning p.post_id::text
"""


@dataclass
class Submission:
    """The posts of one organisation that were submitted, and what starting them brought."""

    org: Org
    posts: dict[str, dict[str, Any]]
    instances: dict[str, set[str]] = field(default_factory=dict)
    outcomes: Counter[str] = field(default_factory=Counter)
    refusals: list[Any] = field(default_factory=list)
    withdrawn: set[str] = field(default_factory=set)


class WorkerProcess:
    """One `worker.py run --engine`, as an installation would run it."""

    def __init__(self, stage: Stage, sinks: Sinks, number: int, logs: Path) -> None:
        self.number = number
        self.fate = ""
        self.log = logs / f"worker-{number}.log"
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, str(ROOT / "worker.py"), "run", "--engine", "--lease", str(LEASE)],
                env=environment(stage, sinks),
                cwd=ROOT,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self.process.poll() is None

    def kill(self) -> None:
        """End it as a power cut would: nothing is reported, nothing is given back."""
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.fate = "killed"

    def stop(self) -> None:
        """Ask it to finish what it holds; insist when it does not."""
        if self.running:
            self.process.terminate()
            try:
                self.process.wait(15)
                self.fate = f"stopped, exit code {self.process.returncode}"
            except subprocess.TimeoutExpired:
                self.kill()
        elif not self.fate:
            self.fate = f"ended by itself, exit code {self.process.returncode}"


def environment(stage: Stage, sinks: Sinks) -> dict[str, str]:
    """The settings of a worker: where things are, and the secrets that definitions only name."""
    settings = {
        "DSN": stage.server.dsn(DEMO_DATABASE, WORKER),
        "EGRESS_ALLOW": f"{LOCALHOST}:{sinks.http_port}",
        "HTTP_TIMEOUT": str(HTTP_TIMEOUT),
        "SMTP_HOST": LOCALHOST,
        "SMTP_PORT": str(sinks.smtp_port),
        "EMAIL_FROM": f"CMIS <{SENDER}>",
        "SECRET_SERVICES": sinks.token,
        "LOG_FORMAT": "json",
    }
    for org in stage.orgs:
        name = org.org_id.upper().replace("-", "_")
        settings[f"SECRET_{name}_SLACK"] = sinks.slack_url(org.login)
    return {**os.environ, **{f"AUTOMATION_{key}": value for key, value in settings.items()}}


def read_submissions(stage: Stage) -> list[Submission]:
    """The posts that await approval, by organisation."""
    submissions = []
    for org in stage.orgs:
        with stage.connect(BACKEND, org) as connection:
            submissions.append(Submission(org, dict(connection.execute(SUBMITTED, (org.org_id,)))))
    return submissions


def start_all(stage: Stage, sinks: Sinks, submissions: list[Submission]) -> None:
    """Start the workflow for every post, twice at the same time: as two web servers might."""
    guard = threading.Lock()
    failures: list[BaseException] = []

    def start(submission: Submission) -> None:
        try:
            with stage.connect(BACKEND, submission.org, submission.org.manager) as connection:
                start_posts(connection, stage, sinks, submission, guard)
        except psycopg.Error as error:
            failures.append(error)

    threads = [
        threading.Thread(target=start, args=(submission,))
        for submission in submissions
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def start_posts(
    connection: psycopg.Connection,
    stage: Stage,
    sinks: Sinks,
    submission: Submission,
    guard: threading.Lock,
) -> None:
    """Start the workflow for the posts of one organisation, a hundred at a time."""
    posts = list(submission.posts.items())
    for first in range(0, len(posts), CHUNK):
        chunk = posts[first : first + CHUNK]
        items = [
            {
                "idempotency_key": post_id,
                "name": post["title"],
                "input": {"services": sinks.url},
                "trigger": post,
            }
            for post_id, post in chunk
        ]
        template = stage.templates[submission.org.org_id]
        rows = connection.execute(START, (template, Jsonb(items))).fetchall()
        with guard:
            for item, instance_id, outcome, error in rows:
                submission.outcomes[outcome] += 1
                if error is not None:
                    submission.refusals.append(error)
                submission.instances.setdefault(chunk[item - 1][0], set()).add(instance_id)


def withdraw(connection: psycopg.Connection, submission: Submission, amount: int) -> None:
    """Cancel some posts that wait for their slot, as an author does in the platform."""
    rows = connection.execute(
        WITHDRAW, {"org": submission.org.org_id, "posts": list(submission.posts), "amount": amount}
    )
    submission.withdrawn |= {post_id for (post_id,) in rows}


def wait_until_ready(workers: list[WorkerProcess], seconds: float = 20) -> None:
    """Wait until every worker has a connection; raises when one ends instead."""
    deadline = time.monotonic() + seconds
    for worker in workers:
        while b"database_connected" not in worker.log.read_bytes():
            if not worker.running or time.monotonic() > deadline:
                text = worker.log.read_text(errors="replace")
                raise RuntimeError(f"worker {worker.number} did not start:\n{text[-2000:]}")
            time.sleep(0.05)
