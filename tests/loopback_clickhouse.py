"""A ClickHouse server on loopback: speaks the HTTP protocol, answers with chDB. For the real client over a real socket.

Knows as much as the client says: queries with bound parameters and settings, inserts in Arrow, logins, and errors with
their codes.
"""

import base64
import re
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

USER, PASSWORD = "painter", "gehe&im"


class Server:
    """`with Server(folder) as server:` listens on server.port until the end of the block."""

    def __init__(self, folder: Path) -> None:
        import chdb

        self.engine = chdb.connect(str(folder))
        self.turn = threading.Lock()
        self.fail_inserts_with: str | None = None
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Transfer-Encoding") == "chunked":
                    body = self._chunks()
                outer.answer(self, dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)), body)

            do_GET = do_POST

            def _chunks(self) -> bytes:
                found = b""
                while size := int(self.rfile.readline(), 16):
                    found += self.rfile.read(size)
                    self.rfile.readline()
                self.rfile.readline()
                return found

            def log_message(self, *_: Any) -> None: ...

        self.http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.http.server_port
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def __enter__(self) -> "Server":
        return self

    def __exit__(self, *_: object) -> None:
        self.http.shutdown()
        self.http.server_close()
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
        except Exception as error:  # noqa: BLE001 (whatever chDB says is the server's answer)
            code = re.search(r"Code: (\d+)", str(error))
            status, data = 500, str(error).encode()
            headers["X-ClickHouse-Exception-Code"] = code.group(1) if code else "0"
        request.send_response(status)
        for name, value in {**headers, "Content-Length": str(len(data)), "X-ClickHouse-Summary": "{}"}.items():
            request.send_header(name, value)
        request.end_headers()
        request.wfile.write(data)

    def run(self, options: dict[str, str], body: bytes) -> bytes:
        query = options.get("query", "")
        parameters = {name[6:]: value for name, value in options.items() if name.startswith("param_")}
        insert = re.match(
            r"\s*INSERT INTO (\S+)\s*(\(.*?\))?\s*(?:SETTINGS .*)?FORMAT (\w+)\s*$", query, re.IGNORECASE | re.DOTALL
        )
        if insert:
            if self.fail_inserts_with:
                raise RuntimeError(self.fail_inserts_with)
            with tempfile.NamedTemporaryFile() as file:
                file.write(body)
                file.flush()
                table, columns, kind = insert.groups()
                self.engine.query(f"INSERT INTO {table} {columns or ''} FROM INFILE '{file.name}' FORMAT {kind}")
            return b""
        query = query or body.decode()
        found = re.search(r"\bFORMAT\s+(\w+)\s*;?\s*$", query, re.IGNORECASE)
        kind = found.group(1) if found else "TabSeparated"
        result = self.engine.query(query[: found.start()] if found else query, kind, params=parameters)
        return bytes(result.bytes() or b"")
