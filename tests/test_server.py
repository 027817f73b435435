"""The servers of the demo and the tests: private, and gone when they should be."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from demo.server import Server, ServerError, claim, discard, make_temporary_home, sweep


def mode(path: Path) -> int:
    return path.stat().st_mode & 0o777


@pytest.mark.on("embedded")
def test_only_its_own_user_reaches_a_server(server):
    assert mode(server.data) == 0o700
    assert mode(server.run) == 0o700
    with psycopg.connect(server.dsn()) as connection:
        assert connection.execute("show listen_addresses").fetchone()[0] == ""
        rules = connection.execute("select distinct type, auth_method from pg_hba_file_rules")
        assert set(rules) == {("local", "trust"), ("host", "reject")}


@pytest.mark.on("embedded")
def test_a_server_never_runs_as_root_and_opens_nothing_of_the_environment(server):
    pid = int((server.data / "postmaster.pid").read_text().split()[0])
    assert Path(f"/proc/{pid}").stat().st_uid != 0
    if os.geteuid() == 0:
        assert not server.bindir.is_relative_to(sys.prefix)


def test_a_server_survives_a_crash_and_leaves_nothing_when_closed(kind):
    with Server(kind, settings={"shared_buffers": "16MB"}) as server:
        with psycopg.connect(server.dsn(), autocommit=True) as connection:
            connection.execute("create table kept as select 1 as id")
            connection.execute("checkpoint")
        server.restart("immediate")
        with psycopg.connect(server.dsn()) as connection:
            assert connection.execute("select count(*) from kept").fetchone()[0] == 1
            assert connection.execute("show shared_buffers").fetchone()[0] == "16MB"
        home = server.home
    assert not home.exists()


def test_what_a_killed_process_left_is_swept_away():
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    home = make_temporary_home(in_memory=True)
    server = Server("embedded", home=home).start()
    data = server.data.resolve()
    sweep(home / "owner")
    assert server.running
    (home / "owner").write_text(str(dead.pid))
    sweep(home / "owner")
    assert not home.exists()
    assert not data.exists()


def test_a_directory_that_is_a_link_is_refused(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "home").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ServerError, match="belongs to somebody else"):
        claim(tmp_path / "home")
    with pytest.raises(ServerError, match="belongs to somebody else"):
        discard("embedded", tmp_path / "home")
    assert (tmp_path / "elsewhere").exists()


def test_a_server_that_cannot_start_says_why_and_leaves_nothing():
    server = Server("embedded", settings={"shared_buffers": "a lot"})
    with pytest.raises(ServerError, match='invalid value for parameter "shared_buffers"'), server:
        pass
    assert not server.home.exists()


def test_a_strict_umask_does_not_lock_the_server_out():
    before = os.umask(0o077)
    try:
        with Server("embedded") as server:
            assert server.running
    finally:
        os.umask(before)
