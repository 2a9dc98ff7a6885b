"""A private PostgreSQL cluster: no port, a socket of its own, gone when nobody uses it.

Made for throw-away databases: it trades durability for speed. A cluster that a crash damaged is made anew.
"""

import contextlib
import fcntl
import hashlib
import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .debian import postgres_bin
from .paths import cache_dir, keyed
from .step import SetupError, exclusive, is_done, mark_done, run, say, step

ROLE = "odoo"
SETTINGS = {
    "listen_addresses": "''",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "shared_buffers": "256MB",
    "max_connections": "100",
}
NEW_IDENTITY = (
    "UPDATE ir_config_parameter SET value = gen_random_uuid() WHERE key IN ('database.uuid', 'database.secret')"
)
LASTING = {"synchronous_commit": "on"}  # the machine stays up: what PostgreSQL has written is not lost
SOCKET_PATH_LIMIT = 100  # the kernel's limit is 107 bytes, of which the file name takes a few


class Cluster:
    """The cluster's files and how to start and stop it.

    `lasting`: one of its own, that may be killed in the middle of work and loses nothing that was committed.
    """

    def __init__(self, *, lasting: bool = False) -> None:
        bin_dir = postgres_bin()
        if bin_dir is None:
            raise SetupError("PostgreSQL is not installed. Run `make setup`.")
        self._bin = bin_dir
        self._owner = _plain_user()
        self._settings = SETTINGS | LASTING if lasting else SETTINGS
        self.name = "lasting-postgres" if lasting else "postgres"
        self.home = _home(keyed(self.name, str(bin_dir), repr(self._settings)), self._owner)
        self._data = self.home / "data"
        self.socket_dir = self.home / "socket"

    def install(self) -> None:
        if is_done(self.home):
            return
        with step(f"PostgreSQL cluster in {self.home}"):
            shutil.rmtree(self.home, ignore_errors=True)
            self.home.mkdir(parents=True)
            self.socket_dir.mkdir(mode=0o700)
            if self._owner:
                for folder in (self.home, self.socket_dir):
                    shutil.chown(folder, self._owner.pw_name)
            run(
                self._as_owner("initdb", "--username", ROLE, "--auth", "trust", "--encoding", "UTF8", "-D", self._data),
                hint=f"Delete {self.home} and repeat this command.",
                stdout=subprocess.DEVNULL,
                cwd="/",
            )
            settings = "".join(f"{key} = {value}\n" for key, value in self._settings.items())
            with (self._data / "postgresql.conf").open("a") as config:
                config.write(f"{settings}unix_socket_directories = '{self.socket_dir}'\n")
            mark_done(self.home)

    @contextlib.contextmanager
    def running(self) -> Iterator["Cluster"]:
        """Started by the first that needs it, stopped by the last: each holds a shared lock meanwhile."""
        with open(self._users_lock(), "w") as users:
            with exclusive(self.name):
                fcntl.flock(users, fcntl.LOCK_SH)
                self._start()
            try:
                yield self
            finally:
                with exclusive(self.name):
                    with contextlib.suppress(BlockingIOError):
                        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                        self._stop()

    def has(self, database: str) -> bool:
        command = [self._bin / "psql", "-h", self.socket_dir, "-U", ROLE, "-d", database, "-c", "SELECT 1"]
        return not subprocess.run(command, capture_output=True, check=False).returncode

    def drop(self, database: str) -> None:
        """Drop a database if it is there, e.g. one whose making was interrupted."""
        self._client("dropdb", "--if-exists", "--force", database, stderr=subprocess.DEVNULL)

    def copy(self, source: str, database: str) -> None:
        """`database` as a copy of `source`, to which nobody may be connected; with an identity of its own."""
        self._client("createdb", "--template", source, database, hint=f"Close what uses {source}.")
        self._client("psql", "-q", "-c", NEW_IDENTITY, "-d", database)

    def take(self, database: str, other: "Cluster") -> None:
        """`database` as it stands in the `other` cluster, which goes on."""
        self.drop(database)
        self._client("createdb", database)
        dump = [self._bin / "pg_dump", "-h", other.socket_dir, "-U", ROLE, database]
        with subprocess.Popen(dump, stdout=subprocess.PIPE) as source:
            options = {"stdin": source.stdout, "stdout": subprocess.DEVNULL}
            self._client("psql", "-q", "-v", "ON_ERROR_STOP=1", "-d", database, **options)
        if source.returncode:
            raise SetupError(f"pg_dump of {database} ended with status {source.returncode}.")

    def _client(self, program: str, *words: str, hint: str = "", **options) -> None:
        run([self._bin / program, "-h", self.socket_dir, "-U", ROLE, *words], hint=hint, **options)

    def crash(self) -> None:
        """All its processes are killed at once, then it comes up again and recovers."""
        self._control("restart", "--wait", "-m", "immediate", "-l", self.home / "server.log")

    def _users_lock(self) -> Path:
        return cache_dir() / f"{self.name}-users.lock"

    def _start(self) -> None:
        if subprocess.run(
            self._as_owner("pg_ctl", "status", "-D", self._data), capture_output=True, cwd="/"
        ).returncode:
            say("    starting PostgreSQL")
            self._control("start", "--wait", "-l", self.home / "server.log")

    def _stop(self) -> None:
        self._control("stop", "-m", "fast")

    def _control(self, action: str, *words: str | Path) -> None:
        run(
            self._as_owner("pg_ctl", action, "-D", self._data, "-s", *words),
            hint=f"See {self.home}/server.log. If the cluster is damaged, delete {self.home} and repeat.",
            cwd="/",
        )

    def _as_owner(self, program: str, *words: str | Path) -> list[str]:
        command = [str(self._bin / program), *map(str, words)]
        return (
            ["setpriv", f"--reuid={self._owner.pw_uid}", f"--regid={self._owner.pw_gid}", "--clear-groups", *command]
            if self._owner
            else command
        )


def _plain_user() -> pwd.struct_passwd | None:
    """As root, the user the server runs as (it refuses root); otherwise nobody else is needed."""
    if os.geteuid():
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise SetupError(
        "PostgreSQL refuses to run as root and there is no user `postgres` or `nobody`. Run as a plain user."
    )


def _home(preferred: Path, owner: pwd.struct_passwd | None) -> Path:
    """The cache folder, unless the server's user cannot get there or the socket's path would be too long."""
    reachable = owner is None or all(
        not parent.exists() or parent.stat().st_mode & 0o001 for parent in preferred.parents
    )
    if reachable and len(str(preferred / "socket")) <= SOCKET_PATH_LIMIT:
        return preferred
    key = hashlib.sha256(str(preferred).encode()).hexdigest()[:12]
    return Path(f"/var/tmp/fba_connector-{os.getuid()}-{key}")  # noqa: S108 (owned, mode 0700 by initdb)
