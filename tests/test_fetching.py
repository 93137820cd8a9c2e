"""Pictures come from public addresses, whole and in time, or not at all. The servers here are real, on loopback."""

import contextlib
import datetime
import io
import ipaddress
import pickle
import socket
import ssl
import struct
import threading
import time
from collections import Counter
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from library_kit import DIMENSIONS, PlainEncoder, scene

from tools.backends import fetching
from tools.backends.database import Library
from tools.backends.errors import BadPicture
from tools.backends.fetching import DeadLink, Fetcher, is_public
from tools.backends.ingest import ingest
from tools.backends.pictures import open_picture

HERE = "127.0.0.1"


def png(seed: int) -> bytes:
    file = io.BytesIO()
    scene(seed).save(file, "PNG")
    return file.getvalue()


class Handler(BaseHTTPRequestHandler):
    """Answers as the path says: /3.png is scene 3; the others misbehave."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        site = self.server.site
        name = self.path.partition("?")[0].strip("/")
        with site.lock:
            site.asked.append(self.path)
            turn = Counter(site.asked)[self.path]
        try:
            self.answer(name, turn)
        except OSError:  # the fetcher hung up
            self.close_connection = True

    def answer(self, name: str, turn: int) -> None:
        kind, _, rest = name.partition("-")
        if name.endswith(".png"):
            self.whole(png(int(name.removesuffix(".png"))))
        elif kind == "slowish":
            with self.server.site.counted():  # until the answer goes out: a fetcher that has it may ask at once again
                time.sleep(0.05)
            self.whole(png(1))
        elif kind == "html":
            self.whole(b"<html>no picture</html>", "text/html; charset=utf-8")
        elif kind == "nonsense":
            self.whole(b"no picture at all", "image/png")
        elif kind == "endless":
            self.head(200)
            while True:
                self.wfile.write(b"x" * 65536)
        elif kind == "drip":
            self.head(200)
            while True:
                self.wfile.write(b"x")
                time.sleep(0.05)
        elif kind == "reset":
            self.head(200)
            self.server.site.hung_up.wait(5)
            self.server.site.hung_up.clear()  # it is asked again
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.connection.close()  # with the line above, a reset and no end
        elif kind == "huge":
            self.head(200, ("Content-Length", str(10**12)))
        elif kind == "short":
            self.head(200, ("Content-Length", "1000"))
            self.wfile.write(b"x" * 10)
        elif kind == "silent":
            self.server.site.over.wait(5)
        elif kind == "busy":
            self.whole(png(2)) if turn > 1 else self.head(429, ("Retry-After", "0"))
        elif kind == "shaky":
            self.whole(png(2)) if turn > 2 else self.head(503)
        elif kind == "broken":
            self.head(500)
        elif kind == "forbidden":
            self.head(403)
        elif kind == "to":
            self.head(302, ("Location", self.server.site.redirects[rest]))
        elif kind == "round":
            self.head(302, ("Location", f"/round-{int(rest) - 1}" if int(rest) > 1 else "/3.png"))
        else:
            self.head(404)

    def head(self, status: int, *headers: tuple[str, str]) -> None:
        self.send_response(status)
        for each in (*headers, ("Connection", "close")):
            self.send_header(*each)
        self.end_headers()

    def whole(self, body: bytes, kind: str = "image/png") -> None:
        self.head(200, ("Content-Type", kind), ("Content-Length", str(len(body))))
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class Site:
    """A server, and what it was asked for."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[str] = []
        self.redirects: dict[str, str] = {}
        self.at_once = self.most_at_once = 0
        self.lock, self.over, self.hung_up = threading.Lock(), threading.Event(), threading.Event()
        self.server = ThreadingHTTPServer((HERE, 0), Handler)
        self.server.site, self.server.daemon_threads = self, True
        self.server.handle_error = lambda *_: None
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.base = f"http{'s' if tls else ''}://{HERE}:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @contextlib.contextmanager
    def counted(self):
        with self.lock:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        yield
        with self.lock:
            self.at_once -= 1

    def close(self) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def site():
    opened = Site()
    yield opened
    opened.close()


def fetcher(**limits) -> Fetcher:
    return Fetcher(**{"timeout": 1.0, "deadline": 2.0, "backoff": 0.01, "allow_private": [HERE], **limits})


def why(made: Fetcher, link: str) -> str:
    with pytest.raises(BadPicture) as raised:
        made.fetch(link)
    return str(raised.value)


def test_a_good_picture_comes_whole_also_past_three_redirects_but_not_past_four(site):
    assert fetcher().fetch(f"{site.base}/3.png?size=ü 1#part") == png(3)
    assert site.asked == ["/3.png?size=%C3%BC%201"]
    assert fetcher().fetch(f"{site.base}/round-3") == png(3)
    assert "more than 3" in why(fetcher(), f"{site.base}/round-4")


@pytest.mark.parametrize(
    "link",
    ["http://{}/3.png", "http://localhost:{p}/3.png", "http://[::1]:{p}/x", "http://[::ffff:127.0.0.1]:{p}/x", "http://2130706433:{p}/x",
     "http://169.254.169.254/latest/meta-data", "http://10.0.0.1/x", "http://0.0.0.0:{p}/x"],
)  # fmt: skip
def test_nobody_asks_this_machine_its_network_or_a_clouds_metadata(site, link):
    assert "is no public address" in why(Fetcher(), link.format(f"{HERE}:{site.port}", p=site.port))
    assert site.asked == []


@pytest.mark.parametrize("target", ["http://127.0.0.2:{p}/3.png", "http://192.168.1.1/x", "//169.254.169.254/x"])
def test_a_redirect_to_a_private_address_is_refused(site, target):
    site.redirects["inside"] = target.format(p=site.port)
    assert "is no public address" in why(fetcher(), f"{site.base}/to-inside")
    assert site.asked == ["/to-inside"]


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://example.org/x", "gopher://127.0.0.1:1/x", "http://", "http://[", "data:,x"]
)
def test_only_http_and_https_are_followed(site, target):
    assert "link" in why(fetcher(), target)
    site.redirects["elsewhere"] = target
    said = why(fetcher(), f"{site.base}/to-elsewhere")
    assert "link" in said or (target == "http://" and "redirected" in said)  # to itself, that is


def test_a_name_that_changes_its_address_in_between_is_asked_for_only_once(site, monkeypatch):
    answers = [HERE, "127.0.0.2"]
    real = fetching.socket.getaddrinfo

    def changing(host, *rest, **more):
        return real(answers.pop(0) if host == "changes.example" else host, *rest, **more)

    monkeypatch.setattr(fetching.socket, "getaddrinfo", changing)
    made = fetcher()
    assert made.fetch(f"http://changes.example:{site.port}/3.png") == png(3)
    assert answers == ["127.0.0.2"]
    assert "127.0.0.2, the address of changes.example, is no public address" in why(
        made, f"http://changes.example:{site.port}/3.png"
    )


def test_a_host_with_one_private_address_among_public_ones_is_refused(monkeypatch):
    both = [(2, 1, 6, "", ("93.184.215.14", 80)), (2, 1, 6, "", ("10.1.2.3", 80))]
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: both)
    monkeypatch.setattr(Fetcher, "_connect", lambda *_: pytest.fail("connected"))
    assert "10.1.2.3, the address of both.example" in why(Fetcher(), "http://both.example/x")


@pytest.mark.parametrize(
    ("address", "public"),
    [("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True),
     ("127.0.0.1", False), ("10.0.0.1", False), ("172.16.0.1", False), ("192.168.0.1", False), ("169.254.169.254", False),
     ("100.100.100.200", False), ("168.63.129.16", False), ("224.0.0.1", False), ("239.1.1.1", False), ("0.0.0.0", False),
     ("255.255.255.255", False), ("::1", False), ("::", False), ("::ffff:10.0.0.1", False), ("fe80::1", False),
     ("fc00::1", False), ("fec0::1", False), ("fd00:ec2::254", False), ("ff02::1", False), ("64:ff9b::a9fe:a9fe", False),
     ("2002:7f00:1::", False), ("::127.0.0.1", False), ("2001:db8::1", False)],
)  # fmt: skip
def test_public_is_what_the_internet_routes(address, public):
    assert is_public(ipaddress.ip_address(address)) is public


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("endless", "larger than 1 MB"),
        ("huge", "larger than 1 MB"),
        ("html", "a web page"),
        ("missing", "404"),
        ("short", "990 bytes missing"),
        ("broken", "500"),
        ("silent", "too slow"),
    ],
)
def test_what_is_no_picture_says_why(site, path, says):
    assert says in why(fetcher(timeout=0.3, most_bytes=2**20), f"{site.base}/{path}")
    may_pass = path in ("short", "broken", "silent")
    assert len(site.asked) == (fetching.TRIES if may_pass else 1)


def test_a_server_that_drips_is_hung_up_on(site):
    begun = time.monotonic()
    assert "too slow" in why(fetcher(deadline=0.3), f"{site.base}/drip")
    assert time.monotonic() - begun < 3


def test_a_server_whose_last_bytes_reset_the_connection_was_too_slow_all_the_same(site, monkeypatch):
    def hang_up(_wire: object, late: threading.Event) -> None:
        late.set()
        site.hung_up.set()

    monkeypatch.setattr(fetching, "_hang_up", hang_up)
    assert "too slow" in why(fetcher(deadline=0.1), f"{site.base}/reset")


def test_a_busy_server_is_asked_once_more(site):
    assert fetcher().fetch(f"{site.base}/busy") == png(2)
    assert site.asked == ["/busy", "/busy"]


def test_a_server_that_fails_is_asked_again_and_later_each_time(site):
    begun = time.monotonic()
    assert fetcher(backoff=0.1).fetch(f"{site.base}/shaky") == png(2)
    assert site.asked == ["/shaky"] * 3 and time.monotonic() - begun >= 0.1 + 0.2
    assert "answered 500" in why(fetcher(), f"{site.base}/broken-1")
    assert site.asked[3:] == ["/broken-1"] * fetching.TRIES


def test_a_host_that_refuses_or_does_not_exist_is_named(site, monkeypatch):
    site.close()
    assert f"{HERE}: " in why(fetcher(), f"{site.base}/1.png")

    def unknown(*_: object, **__: object) -> None:
        raise fetching.socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(fetching.socket, "getaddrinfo", unknown)
    assert why(fetcher(), "http://nowhere.example/x") == "nowhere.example: there is no such host, or no network"


def test_a_host_that_only_fails_is_left_alone_after_a_while(site):
    made = fetcher()
    for n in range(10):
        why(made, f"{site.base}/broken-{n}")
    assert len(site.asked) == fetching.GIVE_UP
    assert "another run" in why(made, f"{site.base}/1.png")


def test_links_that_are_missing_do_not_count_against_their_host(site):
    found = fetcher().each([f"{site.base}/missing-{n}" for n in range(10)] + [f"{site.base}/1.png"], bytes)
    assert found[f"{site.base}/1.png"] == png(1)


def test_a_host_is_asked_for_two_things_at_once_and_for_each_link_once(site):
    links = [f"{site.base}/slowish-{n}" for n in range(8)]
    found = fetcher().each(links + links, open_picture)
    assert list(found) == links and all(each.size == (96, 96) for each in found.values())
    assert site.most_at_once == 2 and len(site.asked) == 8


def test_an_interruption_does_not_wait_for_slow_servers(site):
    def interrupted(_: bytes) -> None:
        raise KeyboardInterrupt

    begun = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        fetcher(timeout=20, deadline=30).each([f"{site.base}/1.png", f"{site.base}/silent"], interrupted)
    assert time.monotonic() - begun < 4


def certified(tmp_path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """A server's TLS with a certificate of its own for an address, and a client's that trusts it."""
    x509 = pytest.importorskip("cryptography.x509")
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.datetime.now(datetime.UTC)
    who = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    certificate = (
        x509.CertificateBuilder(who, who, key.public_key(), 1, now - datetime.timedelta(1), now + datetime.timedelta(1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "server.pem"
    text = serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    file.write_bytes(key.private_bytes(*text) + certificate.public_bytes(serialization.Encoding.PEM))
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(file)
    return server, ssl.create_default_context(cafile=str(file))


def test_tls_is_verified_for_the_hosts_name_though_the_connection_goes_to_an_address(tmp_path, monkeypatch):
    server, trusting = certified(tmp_path, "pictures.example")
    site = Site(server)
    real = fetching.socket.getaddrinfo
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda _, *rest, **more: real(HERE, *rest, **more))
    try:
        made = fetcher()
        assert "certificate" in why(made, f"https://pictures.example:{site.port}/3.png")  # nobody vouches for it
        made._tls = trusting
        assert made.fetch(f"https://pictures.example:{site.port}/3.png") == png(3)
        assert "certificate" in why(made, f"https://other.example:{site.port}/3.png")
        for path, final in {"nonsense": True, "huge": True, "round-4": True, "html": False, "broken": False}.items():
            link = f"https://pictures.example:{site.port}/{path}"
            found = made.each([link], open_picture)[link]
            assert isinstance(found, BadPicture) and isinstance(found, DeadLink) is final, path
        assert site.asked[:2] == ["/3.png", "/nonsense"]
    finally:
        site.close()


@pytest.fixture
def library(tmp_path):
    facts = {"encoder_name": "plain", "encoder_fingerprint": "plain-1", "dimensions": DIMENSIONS}
    with Library(f"chdb://{tmp_path / 'library'}", **facts) as opened:
        yield opened


def test_ingest_fetches_what_lacks_a_picture_and_a_second_run_asks_only_for_what_may_still_come(
    site, library, tmp_path
):
    (tmp_path / "images").mkdir()
    scene(4).save(tmp_path / "images" / "d.png")
    paths = {"a": "1.png", "b": "2.png", "c": "missing", "d": "4.png", "e": "nonsense", "f": "1.png", "j": "broken"}
    lines = [f"{id},prompt {id},{site.base}/{path}" for id, path in paths.items()]
    file = tmp_path / "p.csv"
    file.write_text("\n".join(["id,prompt,url", *lines, "g,no link,", "h,inside,http://10.0.0.1/x.png", "i,,x"]))
    encoder = PlainEncoder()
    ingest([file], library, encoder)  # without its pictures, at first
    summary = ingest([file], library, encoder, images=tmp_path / "images", fetcher=fetcher())
    assert (summary.added, summary.skipped, summary.failed) == (0, 9, 1)
    assert (summary.pictures, summary.dead_links, summary.marked, summary.known_dead) == (4, 4, 2, 0)
    assert {*site.asked} == {"/1.png", "/2.png", "/missing", "/nonsense", "/broken"}
    dead = [text for text in summary.problems if "no picture from" in text]
    assert [text.partition(":")[0] for text in dead] == [f"p.csv row {n}" for n in (3, 5, 7, 9)]
    nearest = library.nearest_pictures(encoder.pictures([scene(2)])[0], 1)[0]
    assert nearest[0].prompt == "prompt b" and nearest[1] < 0.01
    assert library.thumbnail("a") and not library.thumbnail("c")
    site.asked.clear()
    again = ingest([file], library, encoder, images=tmp_path / "images", fetcher=fetcher())
    assert (again.added, again.pictures, again.dead_links, again.marked, again.known_dead) == (0, 0, 2, 0, 2)
    assert {*site.asked} == {"/nonsense", "/broken"}


def test_a_dead_link_is_asked_again_only_with_again_and_its_mark_goes_when_it_comes(site, library, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text(f"prompt,url\nlate,{site.base}/to-late\ngone,{site.base}/missing\n")
    links = [f"{site.base}/to-late", f"{site.base}/missing"]
    site.redirects["late"] = "/missing"
    assert ingest([file], library, PlainEncoder(), fetcher=fetcher()).marked == 2
    assert library.links.among(links) == {*links}
    site.redirects["late"] = "/3.png"
    site.asked.clear()
    still = ingest([file], library, PlainEncoder(), fetcher=fetcher())
    assert (still.known_dead, still.pictures, site.asked) == (2, 0, [])
    back = ingest([file], library, PlainEncoder(), fetcher=fetcher(), again=True)
    assert (back.known_dead, back.pictures, back.marked) == (0, 1, 1)
    assert library.links.among(links) == {*links[1:]}


@pytest.mark.parametrize(
    ("path", "final"),
    [("missing", True), ("html", False), ("nonsense", False), ("huge", False), ("round-4", False), ("broken", False), ("silent", False),
     ("short", False), ("forbidden-403", False)],
)  # fmt: skip
def test_over_plain_http_a_link_is_dead_only_if_its_host_says_so(site, path, final):
    link = f"{site.base}/{path}"
    found = fetcher(timeout=0.2).each([link], open_picture)[link]
    assert isinstance(found, BadPicture) and isinstance(found, DeadLink) is final


@pytest.mark.parametrize(
    ("link", "final"),
    [("http://10.0.0.1/x", True), ("ftp://x.org/x", True), ("nothing", True), ("http://a.test/x", False)],
)
def test_a_refused_address_is_final_but_a_name_may_lead_elsewhere_tomorrow(monkeypatch, link, final):
    here = [(2, 1, 6, "", ("10.1.2.3", 80))]
    if not final:
        monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda *_, **__: here)
    assert isinstance(Fetcher().each([link], bytes)[link], DeadLink) is final


def test_after_an_interruption_no_link_counts_as_dead(site):
    made = fetcher()
    made.stop()
    found = made.each([f"{site.base}/missing"], bytes)
    assert [str(each) for each in found.values()] == ["stopped"]
    assert not any(isinstance(each, DeadLink) for each in found.values())


def test_a_slow_host_keeps_no_thread_from_the_others(site, monkeypatch):
    real = fetching.socket.getaddrinfo
    monkeypatch.setattr(fetching.socket, "getaddrinfo", lambda _, *rest, **more: real(HERE, *rest, **more))
    slow = [f"http://slow.test:{site.port}/slowish-{n}" for n in range(12)]
    quick = [f"http://quick.test:{site.port}/{n}.png" for n in range(1, 5)]
    found = fetcher().each(slow + quick, open_picture)
    assert list(found) == slow + quick and not any(isinstance(each, BadPicture) for each in found.values())
    assert {*site.asked[:8]} >= {f"/{n}.png" for n in range(1, 5)}


def test_a_fetcher_keeps_its_limits_on_another_machine(site):
    sent = pickle.loads(pickle.dumps(fetcher(most_bytes=2**20)))
    assert sent.fetch(f"{site.base}/3.png") == png(3)
    assert "larger than 1 MB" in why(sent, f"{site.base}/huge")


def test_rows_are_added_with_or_without_the_pictures_of_their_links(site, library, tmp_path):
    file = tmp_path / "p.csv"
    file.write_text(
        "prompt,url\n"
        + "".join(f"prompt {n},{site.base}/missing-{n}\n" for n in range(9))
        + f"good,{site.base}/5.png\n"
    )
    summary = ingest([file], library, PlainEncoder(), fetcher=fetcher())
    assert (summary.added, summary.failed, summary.pictures, summary.dead_links) == (10, 0, 1, 9)
    assert len(summary.problems) == 5 and "404" in summary.problems[0]
