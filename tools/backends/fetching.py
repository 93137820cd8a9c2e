"""Pictures from links in other people's tables: loaded from the public internet, and from nowhere else.

A link is a stranger's wish that this machine should connect somewhere. So only http and https are followed; a host must
have public addresses and no other, at every redirect anew; the connection goes to the very address that was checked, so
a name cannot point elsewhere in between; and time and size have limits. Proxies of the environment are not used.
"""

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from functools import cached_property, partial
from typing import Any, NamedTuple, TypeVar
from urllib.parse import SplitResult, quote, urljoin, urlsplit

from tools.backends.errors import BadPicture

T = TypeVar("T")

AT_ONCE = 8
PER_HOST = 2
REDIRECTS = 3
CHUNK = 64 << 10
MOST_BYTES = 20 << 20
LONGEST_LINK = 4_000
TIMEOUT = 10.0  # seconds without a byte
DEADLINE = 60.0  # seconds for one answer in all: a byte every nine seconds is no answer either
TRIES = 3  # of a link whose host is busy or silent
BACKOFF = 1.0  # seconds before the second try, and twice that before the third; or what the server asks for, up to the timeout
GIVE_UP = 9  # failures of a host in a row after which its other links are left for another run
HEADERS = {"User-Agent": "Atelier/0.1 (picture library)", "Accept": "image/*"}

_MOVED = (301, 302, 303, 307, 308)
_GONE = (404, 410)  # not 403, which is also how a host says that it has had enough of us
_GLOBAL = ipaddress.ip_network("2000::/3")  # all of IPv6 that is given out to the public
_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_METADATA = {
    ipaddress.ip_address("168.63.129.16")
}  # Azure's, with a public number; the others' are link-local or private


class DeadLink(BadPicture):
    """There is no picture behind a link, and there will be none: nobody needs to ask again."""


class _Gone(DeadLink):
    """A host says so itself."""


class _Content(NamedTuple):
    """What is behind a link; `sure`: whole, and of the host itself."""

    data: bytes
    sure: bool


class _NoAnswer(BadPicture):
    """A host that is busy or silent; `asks` seconds later, if it says so, it may answer."""

    def __init__(self, message: str, asks: float | None = None) -> None:
        super().__init__(message)
        self.asks = asks


class Fetcher:
    """Loads pictures, a few at a time and at most two of a host. Safe to use from several threads.

    Args:
        timeout: seconds without a byte before a host counts as silent.
        deadline: seconds for one answer in all.
        most_bytes: size of the largest file.
        backoff: seconds before the second try; doubled before each one after it.
        allow_private: addresses that are allowed although they are not public; for tests, never a setting.
    """

    def __init__(
        self,
        *,
        timeout: float = TIMEOUT,
        deadline: float = DEADLINE,
        most_bytes: int = MOST_BYTES,
        backoff: float = BACKOFF,
        allow_private: Collection[str] = (),
    ) -> None:
        self._timeout, self._deadline, self._most_bytes, self._backoff = timeout, deadline, most_bytes, backoff
        self._allowed = {ipaddress.ip_address(each) for each in allow_private}
        self._lock = threading.Lock()
        self._slots: defaultdict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(PER_HOST))
        self._failures: Counter[str] = Counter()  # of a host, in a row
        self._open: set[socket.socket] = set()
        self._stopped = threading.Event()

    def __reduce__(self) -> tuple[Any, ...]:
        """On another machine it is one of its own, with the same limits."""
        limits: dict[str, Any] = {"timeout": self._timeout, "deadline": self._deadline, "most_bytes": self._most_bytes}
        return partial(Fetcher, **limits, backoff=self._backoff, allow_private=[*map(str, self._allowed)]), ()

    def each(self, links: Iterable[str], use: Callable[[bytes], T]) -> dict[str, T | BadPicture]:
        """Load every link once and give what `use` makes of its bytes, or why there is nothing: a DeadLink where that is final.

        Args:
            links: where the pictures are said to be.
            use: called with one file's bytes at a time, so that large pictures are not decoded side by side; may
                raise BadPicture.
        """
        opening, wanted = threading.Lock(), list(dict.fromkeys(links))
        turns = _Turns(wanted)
        found: dict[str, T | BadPicture] = {}

        def one(link: str) -> T | BadPicture:
            try:
                content = self._fetch(link)
            except BadPicture as error:
                return error
            try:
                with opening:
                    return use(content.data)
            except BadPicture as error:
                return DeadLink(str(error)) if content.sure else error

        def several() -> None:
            while turn := turns.take():
                link, host = turn
                try:
                    found[link] = one(link)
                finally:
                    turns.give_back(host)

        pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="fetch")
        try:
            for task in as_completed([pool.submit(several) for _ in range(AT_ONCE)]):
                task.result()
            return {link: found[link] for link in wanted}
        except BaseException:  # Ctrl-C should not wait for the slowest server
            self.stop()
            raise
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def stop(self) -> None:
        """End what is being loaded; nothing more is loaded after it."""
        self._stopped.set()
        with self._lock:
            for each in self._open:
                _hang_up(each)

    def fetch(self, link: str) -> bytes:
        """The bytes behind a link. A busy or silent host is asked again, later each time.

        Raises:
            DeadLink: there is no picture, and there will be none.
            BadPicture: there is none now. Both say why, without the link.
        """
        return self._fetch(link).data

    def _fetch(self, link: str) -> _Content:
        for number in range(TRIES - 1):
            try:
                return self._follow(link)
            except _NoAnswer as error:
                wait = self._backoff * 2**number if error.asks is None else error.asks
                if self._stopped.wait(min(wait, self._timeout)):
                    raise
        return self._follow(link)

    def _follow(self, link: str) -> _Content:
        # Over plain http a network's login page may stand before every link; what it says of one is not final.
        sure = True
        for _ in range(REDIRECTS + 1):
            try:
                parts = _parts(link)
                host, safe = parts.hostname or "", parts.scheme == "https"
                with self._lock:
                    slot = self._slots[host]
                with slot:
                    answer = self._ask(parts, host, sure and safe)
            except DeadLink as error:
                if sure or isinstance(error, _Gone):
                    raise
                raise BadPicture(str(error)) from error
            if isinstance(answer, _Content):
                return answer
            sure = sure and safe
            kind_of = DeadLink if sure else BadPicture
            try:
                link = urljoin(link, answer)
            except ValueError as error:
                raise kind_of("it is redirected to what is no link") from error
        raise kind_of(f"it is redirected more than {REDIRECTS} times")

    def _ask(self, parts: SplitResult, host: str, sure: bool) -> _Content | str:
        """One request: the body, or where it is said to be instead. Keeps count of the host's failures.

        Args:
            sure: it is the host itself that answers.
        """
        if self._stopped.is_set():
            raise BadPicture("stopped")
        if self._failures[host] >= GIVE_UP:
            raise BadPicture(f"{host} failed {GIVE_UP} times in a row; its other links are left for another run")
        try:
            with self._connection(parts, host) as connection:
                path = quote(parts.path or "/", safe="/%:=&~+!$,;'@()*") + (f"?{_query(parts)}" if parts.query else "")
                connection.request("GET", path, headers=HEADERS)
                answer = self._read(connection.getresponse(), host, sure)
        except BadPicture as error:
            if isinstance(error, _NoAnswer):
                self._failures[host] += 1
            raise
        except ssl.SSLCertVerificationError as error:
            raise BadPicture(f"the certificate of {host} is not valid: {error.verify_message}") from error
        except TimeoutError as error:
            self._failures[host] += 1
            raise _NoAnswer(f"{host} was too slow") from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self._failures[host] += 1
            raise _NoAnswer(f"{host}: {str(error)[:200] or type(error).__name__}") from error
        self._failures[host] = 0
        return answer

    def _read(self, response: http.client.HTTPResponse, host: str, sure: bool) -> _Content | str:
        status, kind = response.status, response.headers.get_content_type()
        if status in _MOVED and (target := response.headers.get("Location")):
            return target
        if status == 429 or status >= 500:
            asked = response.headers.get("Retry-After", "")
            raise _NoAnswer(
                f"{host} answered {status} {response.reason[:40]}", float(asked) if asked.isdecimal() else None
            )
        if status != 200:
            self._failures[host] = 0  # it lacks this picture, but it answers
            kind_of = _Gone if status in _GONE else BadPicture
            raise kind_of(f"{host} answered {status} {response.reason[:40]}")
        if kind == "text/html":  # also what a host shows while it is busy, or to whom it takes for a robot
            raise BadPicture(f"{host} gave a web page, not a picture")
        too_large = (DeadLink if sure else BadPicture)(f"it is larger than {self._most_bytes / 2**20:g} MB")
        whole = response.chunked or response.length is not None  # or it may have been cut off unseen
        if (response.length or 0) > self._most_bytes:
            raise too_large
        content = bytearray()
        while chunk := response.read1(CHUNK):
            content += chunk
            if len(content) > self._most_bytes:
                raise too_large
        if response.length:  # cut off, by the server or by the deadline
            raise _NoAnswer(f"{host} broke off with {response.length} bytes missing")
        return _Content(bytes(content), sure and whole)

    # Connecting

    @contextlib.contextmanager
    def _connection(self, parts: SplitResult, host: str) -> Iterator[http.client.HTTPConnection]:
        """A connection to an address that was checked, with TLS for the host's name; hung up at the deadline."""
        secure = parts.scheme == "https"
        port = parts.port or (443 if secure else 80)
        plain = self._connect(self._addresses(host, port))
        wire = plain
        late = threading.Event()
        watch = None
        try:
            if secure:
                wire = self._tls.wrap_socket(plain, server_hostname=host, do_handshake_on_connect=False)
            watch = threading.Timer(self._deadline, _hang_up, (wire, late))
            watch.daemon = True
            watch.start()
            with self._lock:
                self._open.add(wire)
            if self._stopped.is_set():
                raise BadPicture("stopped")
            if isinstance(wire, ssl.SSLSocket):
                wire.do_handshake()
            connection = http.client.HTTPConnection(host, port)
            if secure:
                connection.default_port = 443  # or the port would stand in the Host header
            connection.sock = wire
            try:
                yield connection
            except (OSError, http.client.HTTPException) as error:
                if late.is_set():  # bytes that come in after the hanging up can make of it a connection that was reset
                    raise TimeoutError from error
                raise
            finally:
                connection.close()
            if late.is_set():  # an answer without a length just ends when it is hung up on
                raise TimeoutError
        finally:
            if watch:
                watch.cancel()
            with self._lock:
                self._open.discard(wire)
            wire.close()

    def _addresses(self, host: str, port: int) -> list[tuple[socket.AddressFamily, tuple]]:
        """Where a host is, or BadPicture when any of it is not public."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise OSError("there is no such host, or no network") from error
        for *_, address in found:
            number = ipaddress.ip_address(str(address[0]).partition("%")[0])
            if number not in self._allowed and not is_public(number):
                if _is_address(host):
                    raise DeadLink(f"{number} is no public address")
                # Not final: a name may have it of the network of the moment, a hotel's login page or a filter.
                raise BadPicture(f"{number}, the address of {host}, is no public address")
        return [(family, address) for family, _, _, _, address in found]

    def _connect(self, addresses: list[tuple[socket.AddressFamily, tuple]]) -> socket.socket:
        """Connect to the first address that answers. No name is looked up here."""
        trouble: OSError = OSError("it has no address")
        for family, address in addresses[:3]:
            wire = socket.socket(family, socket.SOCK_STREAM)
            try:
                wire.settimeout(self._timeout)
                wire.connect(address)
                return wire
            except OSError as error:
                wire.close()
                trouble = error
        raise trouble

    @cached_property
    def _tls(self) -> ssl.SSLContext:
        import certifi

        context = ssl.create_default_context()
        context.load_verify_locations(certifi.where())  # a plain Debian has no certificates of its own
        return context


class _Turns:
    """Links for several threads, in order, each only when its host has room: no thread waits for one host while others idle."""

    def __init__(self, links: Iterable[str]) -> None:
        self._waiting: dict[str, deque[str]] = {}
        for link in links:
            self._waiting.setdefault(_host(link), deque()).append(link)
        self._busy: Counter[str] = Counter()
        self._changed = threading.Condition()

    def take(self) -> tuple[str, str] | None:
        """The next link, and its host, which is to be given back; None when there is no more."""
        with self._changed:
            while self._waiting:
                host = next((host for host in self._waiting if self._busy[host] < PER_HOST), None)
                if host is None:
                    self._changed.wait()
                    continue
                links = self._waiting.pop(host)
                link = links.popleft()
                if links:
                    self._waiting[host] = links  # as the last one: the hosts take turns
                self._busy[host] += 1
                return link, host
            return None

    def give_back(self, host: str) -> None:
        """Something of the host is done."""
        with self._changed:
            self._busy[host] -= 1
            self._changed.notify_all()


def is_public(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is one of the public internet: not this machine, its network, a group, or a cloud's metadata."""
    if isinstance(address, ipaddress.IPv6Address):
        inner = address.ipv4_mapped or address.sixtofour
        if address in _NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:  # an IPv4 address in other clothes
            return is_public(inner)
        if address not in _GLOBAL:
            return False
    return address.is_global and not address.is_multicast and address not in _METADATA


def _parts(link: str) -> SplitResult:
    """A link taken apart, with its host's name as it is looked up."""
    try:
        parts = urlsplit(link)
        _ = parts.port  # raises for a port that is no number
        name = (parts.hostname or "").encode("idna").decode("ascii")
    except ValueError as error:
        raise DeadLink("it is no link") from error
    if parts.scheme not in ("http", "https") or not name or len(link) > LONGEST_LINK:
        raise DeadLink("it is no http or https link")
    host = f"[{name}]" if ":" in name else name
    return parts._replace(netloc=host + (f":{parts.port}" if parts.port else ""), fragment="")


def _host(link: str) -> str:
    """Whom a link asks first, or nobody."""
    try:
        return _parts(link).hostname or ""
    except BadPicture:
        return ""


def _is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _query(parts: SplitResult) -> str:
    return quote(parts.query, safe="/%:=&?~+!$,;'@()*[]")


def _hang_up(wire: socket.socket, late: threading.Event | None = None) -> None:
    """Make every read of a socket end now, also one that another thread is waiting in; say so in `late`."""
    if late:
        late.set()
    with contextlib.suppress(OSError):
        socket.socket.shutdown(wire, socket.SHUT_RDWR)  # not SSLSocket's own, which lets go of the reader's TLS
