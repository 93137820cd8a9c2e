"""A ClickHouse server on loopback: speaks the HTTP protocol, answers with chDB. For the real client over a real socket.

Knows as much as the client says: queries with bound parameters and settings, inserts in Arrow, logins, and errors with
their codes. It can be stopped and started again on the same port, and it can hang up in the middle of an insert.
"""

import base64
import re
import socket
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

LONGEST = 131_072  # characters of one value, as a real server has it by default
USER, PASSWORD = "painter", "gehe&im"
INSERT = re.compile(r"\s*INSERT INTO (\S+)\s*(\(.*?\))?\s*(?:SETTINGS .*)?FORMAT (\w+)\s*$", re.IGNORECASE | re.DOTALL)


class Server:
    """`with Server(folder) as server:` listens on server.port until the end of the block."""

    def __init__(self, folder: Path) -> None:
        import chdb

        self.engine = chdb.connect(str(folder))
        self.turn = threading.Lock()
        self.fail_inserts_with: str | None = None
        self.hang_up_on: str | None = None  # "before" or "after" the next insert is kept
        self.port = 0
        self.start()

    def start(self) -> None:
        """Listen, on the port of before."""
        outer = self
        self.sockets: set[socket.socket] = set()

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm, wbufsize = True, -1  # or each answer waits 40 ms for an acknowledgement

            def setup(self) -> None:
                super().setup()
                outer.sockets.add(self.connection)

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = self._chunks()
                options = dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True))
                form = re.match(r"multipart/form-data; boundary=(\S+)", self.headers.get("Content-Type") or "")
                if form:  # how the client sends parameters that are too long for an address
                    for part in body.split(b"--" + form[1].encode())[1:-1]:
                        head, value = part[2:-2].split(b"\r\n\r\n", 1)
                        name = re.search(rb'name="(\w+)"', head)
                        options[name[1].decode() if name else ""] = value.decode()
                    if any(len(value) > LONGEST for value in options.values()):
                        options["query"] = "SELECT throwIf(1, 'Field value too long')"
                    body = b""
                outer.answer(self, options, body)

            do_GET = do_POST

            def _chunks(self) -> bytes:
                found = b""
                while size := int(self.rfile.readline(), 16):
                    found += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return found

            def log_message(self, *_: Any) -> None: ...

        class Http(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_: Any) -> None: ...  # who is cut off has nobody to tell

        self.http = Http(("127.0.0.1", self.port), Handler)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def stop(self) -> None:
        """Hang up on everybody and answer no more."""
        self.http.shutdown()
        self.http.server_close()
        for connection in self.sockets:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it is gone already

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.engine.close()

    def dsn(self, kind: str = "clickhouse", password: str = "gehe%26im") -> str:
        return f"{kind}://{USER}:{password}@127.0.0.1:{self.port}"

    def answer(self, request: BaseHTTPRequestHandler, options: dict[str, str], body: bytes) -> None:
        status, headers, data = 200, {}, b""
        login = base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
        try:
            if request.headers.get("Authorization") != f"Basic {login}":
                raise RuntimeError(
                    "Code: 516. DB::Exception: Authentication failed: wrong password. (AUTHENTICATION_FAILED)"
                )
            with self.turn:
                data = self.run(options, body)
        except HangUp:
            request.connection.shutdown(socket.SHUT_RDWR)
            request.close_connection = True
            return
        except Exception as error:  # noqa: BLE001 (whatever chDB says is the server's answer)
            code = re.search(r"Code: (\d+)", str(error))
            status, data = 500, str(error).encode()
            headers["X-ClickHouse-Exception-Code"] = code.group(1) if code else "0"
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data)), "X-ClickHouse-Summary": "{}"}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)
        request.wfile.flush()

    def run(self, options: dict[str, str], body: bytes) -> bytes:
        query = options.get("query", "")
        parameters = {name[6:]: value for name, value in options.items() if name.startswith("param_")}
        insert = INSERT.match(query)
        if insert:
            self._insert(insert[1], insert[2], insert[3], body, options)
            return b""
        query = self.understood(query or body.decode())
        found = re.search(r"\bFORMAT\s+(\w+)\s*;?\s*$", query, re.IGNORECASE)
        kind = found.group(1) if found else "TabSeparated"
        result = self.engine.query(query[: found.start()] if found else query, kind, params=parameters)
        return bytes(result.bytes() or b"")

    def understood(self, query: str) -> str:
        """What chDB is to be asked; raises the server's error for what this server does not know."""
        return query

    def _insert(self, table: str, columns: str | None, kind: str, body: bytes, options: dict[str, str]) -> None:
        if self.fail_inserts_with:
            raise RuntimeError(self.fail_inserts_with)
        hang_up, self.hang_up_on = self.hang_up_on, None
        if hang_up == "before":
            raise HangUp
        quiet = [name for name in options if name.startswith("exclude_materialize_skip_indexes")]
        said = ", ".join(f"{name} = '{options[name]}'" for name in quiet)
        with tempfile.NamedTemporaryFile() as file:
            file.write(body)
            file.flush()
            self.engine.query(
                f"INSERT INTO {table} {columns or ''} FROM INFILE '{file.name}'{' SETTINGS ' * bool(said)}{said} FORMAT {kind}"
            )
        if hang_up == "after":
            raise HangUp


class HangUp(Exception):
    """The server closes the connection without a word."""
