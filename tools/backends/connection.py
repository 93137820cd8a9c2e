"""One connection to ClickHouse, embedded or on a server: opens it, runs statements, and says clearly what went wrong.

Knows no tables and writes no SQL. Every error of the driver leaves here as one of ours, and never with the password in it.
"""

import errno
import logging
import re
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qs, unquote, urlsplit

import pyarrow as pa

from tools.backends.errors import AtelierError, BadInput, LibraryError, LibraryLocked, LibraryUnreachable, StorageFull
from tools.backends.hushing import hushed

log = logging.getLogger(__name__)

EXAMPLES = "`chdb://FOLDER`, `clickhouse://USER:PASSWORD@HOST:PORT/DATABASE` or `myscale://…`"
MOVE = "set ATELIER_HOME or ATELIER_DATABASE to another place"
REFUSED = {"AUTHENTICATION_FAILED", "UNKNOWN_USER", "WRONG_PASSWORD", "REQUIRED_PASSWORD", "ACCESS_DENIED"}
FULL = ("NOT_ENOUGH_SPACE", "No space left on device", "Disk quota exceeded")
CONNECT = 10.0  # seconds to wait for a server to pick up; answers may take the whole timeout
PATIENCE = 2.0  # seconds that are given to a server that went away, before a person is told
POOL = 16  # connections to a server at once: as many threads as chats and ingests may have
ROOM = 1_000_000  # characters of one bound list; a server takes a tenth of it
PIECE = 1 << 20  # bytes of an insert that are sent at a time

Answer = TypeVar("Answer")

# chDB runs one engine, on one folder, in a process. Handles to it are counted here, and run one statement at a time.
_engine = threading.RLock()
_open_handles: dict[str, int] = {}


@dataclass(frozen=True, kw_only=True)
class Address:
    """A DSN taken apart. `kind` is chdb, clickhouse or myscale; `path` is chDB's folder; `place` is safe to show."""

    kind: str
    place: str
    path: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    database: str = ""
    secure: bool = False
    verify: bool = True
    cluster: str = ""


def parse_dsn(dsn: str) -> Address:
    """Take a DSN apart.

    Raises:
        BadInput: it is none of the three forms; the password, if any, is not repeated.
    """
    kind, _, rest = dsn.partition("://")
    if kind == "chdb" and rest:
        path = rest if rest == ":memory:" else str(Path(rest).expanduser().resolve())
        return Address(kind=kind, path=path, place=path)
    try:
        parts = urlsplit(dsn)
        given = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        options = {name: value.lower() for name, value in given.items()}
        secure = options.get("secure", "") in ("1", "true", "yes")
        port = parts.port or (8443 if secure else 8123)
        host = parts.hostname or ""
    except ValueError:
        host, kind = "", ""
    if kind not in ("clickhouse", "myscale") or not host:
        raise BadInput(f"ATELIER_DATABASE is no address of a library. Write {EXAMPLES}.")
    cluster = given.get("cluster", "")
    if cluster and (kind != "clickhouse" or not re.fullmatch(r"[A-Za-z0-9_.-]{1,100}", cluster)):
        raise BadInput(
            f"{cluster!r} in ATELIER_DATABASE is no cluster that tables can be made on: write clickhouse://…?cluster=NAME, with the "
            "name that the servers have for it (letters, digits, - _ .)."
        )
    database = unquote(parts.path.strip("/"))
    return Address(
        kind=kind,
        place=f"{host}:{port}" + (f"/{database}" if database else ""),
        host=host,
        port=port,
        user=unquote(parts.username or "default"),
        password=unquote(parts.password or ""),
        database=database,
        secure=secure,
        verify=options.get("verify", "1") not in ("0", "false", "no"),
        cluster=cluster,
    )


class Connection:
    """An open connection. `query`, `command` and `insert` may be called from any thread.

    A server that closes a connection, as it does when it is restarted, is asked once more: questions change nothing, so they
    are safe to repeat. Changes and inserts are never sent twice from here.

    Raises:
        LibraryLocked, LibraryUnreachable, StorageFull, LibraryError: see their own words; every method may.
    """

    def __init__(self, dsn: str, timeout: float) -> None:
        self.address = parse_dsn(dsn)
        self.place = self.address.place
        self._timeout = timeout
        self._client: Any = None
        # A server takes many queries at once, each over a connection of its own.
        self._turn: Any = _engine if self.address.kind == "chdb" else _NoLock()
        self._client = self._open_folder() if self.address.kind == "chdb" else self._open_server()

    def _open_folder(self) -> Any:
        path = self.address.path
        with _engine:
            others = [other for other in _open_handles if other != path]
            if others:
                raise LibraryError(
                    f"This process has the library {others[0]} open, and only one folder at a time can be. "
                    f"Close it before {path}."
                )
            if path != ":memory:":
                try:
                    Path(path).mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise self._of_system(error) from error
                if not _open_handles.get(path) and _is_locked(Path(path) / "status"):
                    raise self._locked()
            import clickhouse_connect

            try:
                with hushed(log):  # where two open a folder at once, the engine also prints that it is locked
                    client = clickhouse_connect.get_client(interface="chdb", path=path)
            except Exception as error:  # chDB also raises plain RuntimeErrors
                if path != ":memory:" and _is_locked(Path(path) / "status"):
                    raise self._locked() from error
                raise self._translated(error, "open") from error
            _open_handles[path] = _open_handles.get(path, 0) + 1
            return client

    def _open_server(self) -> Any:
        import clickhouse_connect

        a = self.address
        with self._translating("open"):
            from clickhouse_connect.driver.httputil import get_pool_manager

            return clickhouse_connect.get_client(
                interface="https" if a.secure else "http",
                host=a.host,
                port=a.port,
                username=a.user,
                password=a.password,
                database=a.database or None,
                verify=a.verify,
                connect_timeout=min(CONNECT, self._timeout),
                send_receive_timeout=self._timeout,
                autogenerate_session_id=False,  # a session would allow one query at a time
                query_retries=0,
                pool_mgr=get_pool_manager(maxsize=POOL, num_pools=2, verify=a.verify),
            )

    def close(self) -> None:
        """Close it. Closing twice is fine; using it afterwards is a LibraryError."""
        with self._turn:
            client, self._client = self._client, None
            if client is None:
                return
            client.close()
            if self.address.kind == "chdb":
                _open_handles[self.address.path] -= 1
                if not _open_handles[self.address.path]:
                    del _open_handles[self.address.path]

    def query(
        self, sql: str, parameters: dict[str, Any] | None = None, formats: dict[str, str] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of a SELECT. `formats` names columns that should come as bytes."""
        bound = _bindable(parameters)
        return self._asked(
            lambda client: list(client.query(sql, parameters=bound, column_formats=formats).result_rows),
        )

    def query_each(
        self, sql: str, asked: Iterable[str], parameters: dict[str, Any] | None = None
    ) -> list[tuple[Any, ...]]:
        """All rows of a SELECT for each of many texts, which are bound to `{asked:Array(String)}`, some at a time."""
        room = ROOM if self.address.kind == "chdb" else ROOM // 10
        found: list[tuple[Any, ...]] = []
        piece: list[str] = []
        length = 0
        for text in dict.fromkeys(asked):
            if piece and length + len(text) > room:
                found += self.query(sql, {**(parameters or {}), "asked": piece})
                piece, length = [], 0
            piece.append(text)
            length += len(text) + 8
        return found + self.query(sql, {**(parameters or {}), "asked": piece}) if piece else found

    def arrow(self, sql: str, parameters: dict[str, Any] | None = None) -> pa.Table:
        """The rows of a SELECT as an Arrow table; texts come as strings or bytes, as the engine likes."""
        bound = _bindable(parameters)
        return self._asked(lambda client: client.query_arrow(sql, parameters=bound))

    def _asked(self, ask: Callable[[Any], Answer]) -> Answer:
        begun = time.monotonic()
        try:
            with self._turn, self._translating("answer"):
                return ask(self._live)
        except LibraryUnreachable:
            # What took long once would take long again; what broke off at once may have met a server that was restarted.
            if time.monotonic() - begun > self._timeout / 2 or not self.is_back():
                raise
        with self._turn, self._translating("answer"):
            return ask(self._live)

    def command(self, sql: str, parameters: dict[str, Any] | None = None) -> None:
        """Run a statement that answers nothing."""
        with self._turn, self._translating("change"):
            self._live.command(sql, parameters=_bindable(parameters))

    def insert(self, table: str, rows: pa.Table, settings: dict[str, Any] | None = None) -> None:
        """Insert an Arrow table; acknowledged rows are on disk. Never sent twice: only the caller knows what that would do."""
        with self._turn, self._translating("grow"):
            if self.address.kind == "chdb":
                self._live.insert_arrow(table, rows, settings=settings)
                return
            sink = pa.BufferOutputStream()
            with pa.ipc.new_file(sink, rows.schema) as writer:
                writer.write_table(rows)
            data = sink.getvalue()
            # In pieces: the driver sends bytes again by itself when a server hangs up, even if it did hold them already.
            pieces = (data.slice(at, min(PIECE, data.size - at)).to_pybytes() for at in range(0, data.size, PIECE))
            self._live.raw_insert(table, rows.column_names, pieces, settings=settings, fmt="Arrow")

    def is_back(self) -> bool:
        """Whether a server that failed to answer answers now; waits a moment for it."""
        if self.address.kind == "chdb" or self._client is None:
            return False
        begun = time.monotonic()
        for pause in (0.0, 0.1, 0.3):
            time.sleep(pause)
            try:
                self._live.query("SELECT 1")
            except Exception:  # noqa: BLE001 (whatever it is, the server is not back)
                if time.monotonic() - begun > PATIENCE:
                    return False
                continue
            return True
        return False

    @property
    def _live(self) -> Any:
        if self._client is None:
            raise LibraryError(f"The library in {self.place} is closed.")
        return self._client

    @contextmanager
    def _translating(self, doing: str) -> Iterator[None]:
        try:
            yield
        except AtelierError:
            raise
        except Exception as error:  # the driver, urllib3 and chDB have three families of errors
            raise self._translated(error, doing) from error

    def _locked(self) -> LibraryLocked:
        return LibraryLocked(
            f"Another Atelier has the library in {self.place} open, and only one may. Close the other one "
            f"(the page or a command), or {MOVE}."
        )

    def _of_system(self, error: OSError) -> AtelierError:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            return self._full()
        return LibraryError(
            f"The folder {self.place} cannot be used: {error.strerror or error}. Correct it, or {MOVE}."
        )

    def _full(self) -> StorageFull:
        return StorageFull(
            f"The disk of the library in {self.place} is full. Free some space, or {MOVE}; nothing was lost."
        )

    def _translated(self, error: Exception, doing: str) -> AtelierError:
        from clickhouse_connect.driver.exceptions import OperationalError

        if isinstance(error, OSError) and error.errno and (self.address.kind == "chdb" or error.errno == errno.ENOSPC):
            return self._of_system(error)
        text = str(error)
        if any(word in text for word in FULL):
            return self._full()
        name = getattr(error, "name", None) or ""
        a = self.address
        if a.kind != "chdb":
            if name in REFUSED or any(f"({word})" in text for word in REFUSED):
                return LibraryUnreachable(
                    f"{a.host}:{a.port} refuses the login of {a.user!r}. Check the user and password in ATELIER_DATABASE."
                )
            if name == "UNKNOWN_DATABASE" or "(UNKNOWN_DATABASE)" in text:
                return LibraryError(
                    f"{a.host}:{a.port} has no database {a.database!r}. Create it, or correct ATELIER_DATABASE."
                )
            if isinstance(error, OperationalError | OSError) or not (
                isinstance(error, pa.ArrowException) or re.search(r"Code: \d", text)
            ):
                seconds = min(CONNECT, self._timeout) if doing == "open" else self._timeout
                if doing != "open" and not re.search(r"timed? ?out", f"{text} {error.__context__}", re.IGNORECASE):
                    return LibraryUnreachable(
                        f"The database at {a.host}:{a.port} went away. Start it again and repeat this; what was acknowledged is kept, "
                        "and nothing comes in twice."
                    )
                return LibraryUnreachable(
                    f"No answer from {a.host}:{a.port} within {seconds:g} s. Start the database there, or correct "
                    "ATELIER_DATABASE; without it Atelier uses its own."
                )
        return LibraryError(f"The library in {self.place} could not {doing}: {self._short(text)}")

    def _short(self, text: str) -> str:
        """The engine's own words, short, on one line, without the password."""
        line = " ".join(text.split())
        match = re.search(r"DB::Exception: (.*)", line)
        line = match.group(1) if match else line
        if self.address.password:
            line = line.replace(self.address.password, "***")
        return line if len(line) <= 300 else f"{line[:300]}…"


class _NoLock:
    def __enter__(self) -> None: ...

    def __exit__(self, *_: object) -> None: ...


class _Literal:
    """A value as the engine reads it. The driver writes what it does not know by `str`, and so spares going through every
    character by itself, which takes longer than most queries."""

    def __init__(self, text: str) -> None:
        self._text = text

    def __str__(self) -> str:
        return self._text


ESCAPED = str.maketrans({"\\": "\\\\", "'": "\\'", "`": "\\`", "\t": "\\t", "\n": "\\n"})


def _bindable(parameters: dict[str, Any] | None) -> dict[str, Any] | None:
    """Parameters as literals. Half a surrogate pair cannot be sent as UTF-8; it becomes a question mark, as everywhere else."""
    if not parameters:
        return None

    def clean(text: str) -> str:
        if not text.isascii():
            text = text.encode("utf-8", "replace").decode("utf-8")
        return text.translate(ESCAPED)

    def literal(value: Any) -> Any:
        if isinstance(value, str):
            return _Literal(clean(value))
        if isinstance(value, list) and value and isinstance(value[0], str):
            return _Literal("['" + "','".join(map(clean, value)) + "']")
        if isinstance(value, list) and value and isinstance(value[0], float):
            return _Literal(f"[{','.join(map(repr, value))}]")
        return value

    return {name: literal(value) for name, value in parameters.items()}


def _is_locked(status: Path) -> bool:
    """Whether some process holds chDB's lock file. chDB itself says so only on stderr."""
    import fcntl

    try:
        with status.open("rb+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except OSError as error:
        return error.errno in (errno.EWOULDBLOCK, errno.EACCES, errno.EAGAIN) and not isinstance(error, PermissionError)
    return False
