"""A server on loopback that speaks OpenAI's streaming chat completions, so that the real client is tested over a real socket.

What it answers is decided by a function of the request's messages. It is as strict as the real one where it matters: a
tool call without its answer in the history is refused with 400.
"""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Reply:
    """What the model says: words, calls as (name, arguments), where arguments may be a broken text."""

    text: str = ""
    calls: list[tuple[str, dict[str, Any] | str]] = field(default_factory=list)
    cut_after: int | None = None  # pieces of the stream after which the connection is cut
    hang: float = 0.0  # seconds of silence before the first piece


@dataclass
class Refusal:
    """An HTTP error."""

    status: int
    message: str = "No."
    headers: dict[str, str] = field(default_factory=dict)


Script = Callable[[list[dict[str, Any]]], Reply | Refusal]


class LoopbackOpenAI:
    """Use it as a context; `url` goes into OPENAI_BASE_URL."""

    def __init__(self, script: Script, key: str = "sk-loopback") -> None:
        self.script = script
        self.key = key
        self.requests: list[dict[str, Any]] = []
        self.refuse: Callable[[dict[str, Any]], Refusal | None] = lambda request: None  # by more than its messages
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:  # noqa: N802 - the name that http.server wants
                outer._answer(self)

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._closing = threading.Event()
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"

    def __enter__(self) -> "LoopbackOpenAI":
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._closing.set()
        self._server.shutdown()
        self._server.server_close()

    def _answer(self, http: BaseHTTPRequestHandler) -> None:
        request = json.loads(http.rfile.read(int(http.headers["Content-Length"])))
        self.requests.append(request)
        if http.headers.get("Authorization") != f"Bearer {self.key}":
            return _refuse(http, Refusal(401, "Incorrect API key provided."))
        if not http.path.endswith("/chat/completions"):
            return _refuse(http, Refusal(404, f"No {http.path} here."))
        if problem := _protocol_error(request["messages"]):
            return _refuse(http, Refusal(400, problem))
        reply = self.refuse(request) or self.script(request["messages"])
        if isinstance(reply, Refusal):
            return _refuse(http, reply)
        if reply.hang:
            self._closing.wait(reply.hang)
        assert request.get("stream"), "Atelier always streams"
        http.send_response(200)
        http.send_header("Content-Type", "text/event-stream")
        http.send_header("Transfer-Encoding", "chunked")
        http.end_headers()
        for number, piece in enumerate(_pieces(reply, request)):
            if number == reply.cut_after:
                http.connection.shutdown(socket.SHUT_RDWR)
                http.close_connection = True
                return None
            data = f"data: {piece if isinstance(piece, str) else json.dumps(piece)}\n\n".encode()
            http.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
            http.wfile.flush()
        http.wfile.write(b"0\r\n\r\n")
        return None


def _pieces(reply: Reply, request: dict[str, Any]) -> Iterator[dict[str, Any] | str]:
    """The server-sent events of an answer, words and arguments in small pieces as the real ones come."""
    head = {
        "id": f"chatcmpl-{time.monotonic_ns()}",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": request["model"],
    }

    def chunk(delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
        return {**head, "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}

    yield chunk({"role": "assistant", "content": ""})
    for at in range(0, len(reply.text), 7):
        yield chunk({"content": reply.text[at : at + 7]})
    for index, (name, args) in enumerate(reply.calls):
        text = args if isinstance(args, str) else json.dumps(args)
        call = {
            "index": index,
            "id": f"call_{time.monotonic_ns()}",
            "type": "function",
            "function": {"name": name, "arguments": ""},
        }
        yield chunk({"tool_calls": [call]})
        step = max(11, len(text) // 50)
        for at in range(0, len(text), step):
            yield chunk({"tool_calls": [{"index": index, "function": {"arguments": text[at : at + step]}}]})
    yield chunk({}, "tool_calls" if reply.calls else "stop")
    if (request.get("stream_options") or {}).get("include_usage"):
        yield {**head, "choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 9, "total_tokens": 18}}
    yield "[DONE]"


def _refuse(http: BaseHTTPRequestHandler, refusal: Refusal) -> None:
    body = json.dumps({"error": {"message": refusal.message, "type": "error", "param": None, "code": None}}).encode()
    http.send_response(refusal.status)
    for name, value in {
        "Content-Type": "application/json",
        "Content-Length": str(len(body)),
        **refusal.headers,
    }.items():
        http.send_header(name, value)
    http.end_headers()
    http.wfile.write(body)


def _protocol_error(messages: list[dict[str, Any]]) -> str:
    """What the real server says of a history that it cannot read; empty if it can."""
    waiting: list[str] = []
    for message in messages:
        if message["role"] == "tool":
            if message["tool_call_id"] not in waiting:
                return "messages with role 'tool' must be a response to a preceding message with 'tool_calls'."
            waiting.remove(message["tool_call_id"])
        elif waiting:
            return "An assistant message with 'tool_calls' must be followed by tool messages responding to each 'tool_call_id'."
        for call in message.get("tool_calls") or []:
            waiting.append(call["id"])
            try:
                json.loads(call["function"]["arguments"])
            except ValueError:
                return "Invalid tool call arguments: not JSON."
    return "Unanswered tool calls." if waiting else ""


# What a well-behaved model would do, as a script


def this_turn(messages: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The person's newest words, and the tools' answers since."""
    last = max(n for n, message in enumerate(messages) if message["role"] == "user")
    content = messages[last]["content"]
    words = content if isinstance(content, str) else " ".join(part.get("text", "") for part in content)
    return words, [message for message in messages[last + 1 :] if message["role"] == "tool"]


def painter(messages: list[dict[str, Any]]) -> Reply | Refusal:
    """Search, refine with citations copied from the answer, generate, say so; save when asked to."""
    words, answers = this_turn(messages)
    if "save" in words:
        return (
            Reply(calls=[("save_favourite", {})])
            if not answers
            else Reply("I saved it. " + str(answers[-1]["content"]))
        )
    change = words.removeprefix("make it more ") if words.startswith("make it more ") else ""
    if not answers:
        return Reply(calls=[("search_prompts", {"looks_like": change or words})])
    if len(answers) == 1:
        return Reply(calls=[("refine_prompt", _refinement(words, change, str(answers[0]["content"])))])
    if len(answers) == 2:
        return Reply(calls=[("generate_picture", {"seed": "same"})])
    return Reply("Here is your new picture, with what I found in the library.")


def _refinement(words: str, change: str, answer: str) -> dict[str, Any]:
    import re

    found = re.findall(r'<phrase lift="[\d.]+" near="\d+" cite="([^"]*)">([^<]*)</phrase>', answer)
    wanted = [(cites, phrase) for cites, phrase in found if change and change in phrase][:2] or found[:1]
    changes = [{"kind": "added", "phrase": phrase, "cites": cites.split()} for cites, phrase in wanted]
    if change and not any(phrase == change for _, phrase in wanted):
        changes.append({"kind": "added", "phrase": change})
    return {"changes": changes} if change else {"changes": changes, "start": words}
