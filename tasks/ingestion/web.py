"""A client for the web that is polite, and that no server can hold, flood or lead astray.

Polite: `robots.txt` is obeyed, one request at a time goes to a site with a pause between two, a site that asks for time
(`Retry-After`) gets it, and what has not changed (`ETag`, `Last-Modified`) is not sent again. Guarded: sizes are
limited as sent and as unpacked, times by step and in all, redirects in number, and each step of a redirect is checked
like a first address; see `network` for which addresses are connected to. Proxies named in the environment are not
used: a proxy resolves names itself, so no address could be checked. Cookies are not kept.

Whatever goes wrong is a `FetchError` with the address and the reason.
"""

from __future__ import annotations

import os
import random
import re
import ssl
import threading
import time
import zlib
from collections import OrderedDict, deque
from collections.abc import Callable, Generator, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from functools import cache, partial
from http import HTTPStatus
from importlib.metadata import version
from types import TracebackType
from typing import Final, Self

import httpcore
import httpx
from protego import Protego

from evpact.errors import EvpactError
from tasks.ingestion.network import Deadline, Network, RefusedError, TooSlowError, UnknownHostError

AGENT: Final = f"evpact/{version('evpact')} (reads news on partnerships; obeys robots.txt for evpact)"

_ACCEPT: Final = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
_SITES_AT_ONCE: Final = 8
_READ_AHEAD: Final = 16
_SITES_KEPT: Final = 2000
_ATTEMPTS: Final = 3
_PATIENCE: Final = 60.0
_MAX_CRAWL_DELAY: Final = 30.0
_MAX_REDIRECTS: Final = 10
_MAX_ADDRESS: Final = 4000
_MAX_ROBOTS: Final = 500_000  # what RFC 9309 asks a crawler to read at least

_REDIRECTS: Final = {301, 302, 303, 307, 308}
_SUCCESS: Final = {200, 203}
_BUSY: Final = {429, 502, 503, 504}
_LATER: Final = {408, 425, *range(500, 600)}
_GZIP_MAGIC: Final = b"\x1f\x8b"
_PACKED: Final = {"gzip": 31, "x-gzip": 31, "deflate": zlib.MAX_WBITS}
_OTHER_PACKING: Final = {"br", "zstd", "compress", "x-compress", "dcb", "dcz"}
_NO_TEXT: Final = re.compile(
    r"(?:image|audio|video|font|model|multipart)/|application/(?:pdf|zip|x-(?:tar|rar\S*|7z\S*|shockwave\S*)|epub\S*"
    r"|msword|rtf|java\S*|wasm|vnd\.(?!\S*\+?(?:xml|json)$)\S*)",
    re.I,
)
_OTHERS: Final = re.compile(r"^([ \t]*+user[- ]?agent[ \t]*+:?+[ \t]*+)(?!\*|evpact\b)[^\n]*$", re.I | re.M)
_CHARSET: Final = re.compile(r"""charset\s*=\s*["']?([\w.:-]{2,40})""", re.I)


class FetchError(EvpactError):
    """An address that gave no page.

    Attributes:
        address: The address that was asked for.
        reason: A sentence.
        worth_retrying: Whether another run may have more luck.
        asked: Whether it was asked for at all; not where its site wants to be left alone.
    """

    def __init__(self, address: str, reason: str, worth_retrying: bool = False, *, asked: bool = True) -> None:
        super().__init__(address, reason, worth_retrying)
        self.address, self.reason, self.worth_retrying, self.asked = address, reason, worth_retrying, asked

    def __str__(self) -> str:
        return f"{self.address}: {self.reason}"


class _AnswerError(Exception):
    """Why there is no answer.

    Attributes:
        worth_retrying: Whether another run may have more luck.
        soon: Whether the next moment may.
        after: The seconds that the site asks to be left alone for.
        asked: Whether the address was asked for at all.
    """

    def __init__(
        self,
        reason: str,
        *,
        worth_retrying: bool = False,
        soon: bool = False,
        after: float | None = None,
        asked: bool = True,
    ) -> None:
        super().__init__(reason)
        self.reason, self.worth_retrying, self.soon, self.after = reason, worth_retrying or soon, soon, after
        self.asked = asked


@dataclass(frozen=True, slots=True)
class Request:
    """What to ask for.

    Attributes:
        url: Address.
        etag: `ETag` of the page that is known already.
        modified: `Last-Modified` of the page that is known already.
        pace: Least seconds between two requests to the site; None for the client's.
        allow_private: Whether addresses of private networks are allowed; None for the client's setting.
        max_bytes: Largest page, as sent and as unpacked; None for the client's.
    """

    url: str
    etag: str | None = None
    modified: str | None = None
    pace: float | None = None
    allow_private: bool | None = None
    max_bytes: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """What an address gave.

    Attributes:
        url: The address that was asked for.
        final_url: The address that answered, after redirects.
        status: 200 or another status of success, or 304.
        media_type: As the header says, in lower case; empty if it does not say.
        raw: The body, unpacked.
        etag: `ETag`, to be sent with the next request.
        modified: `Last-Modified`, to be sent with the next request.
        not_modified: Whether the page is still the one whose `etag` or `modified` was sent; there is no body then.
        charset: The encoding that the header names.
    """

    url: str
    final_url: str
    status: int
    media_type: str
    raw: bytes
    etag: str | None = None
    modified: str | None = None
    not_modified: bool = False
    charset: str | None = None


@dataclass(slots=True)
class _Site:
    """A host and port: what it allows, and when it may be asked next (of `time.monotonic`)."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    ready_at: float = 0.0
    asked: bool = False
    rules: Protego | None = None
    problem: _AnswerError | None = None

    def hold(self, seconds: float) -> None:
        self.ready_at = max(self.ready_at, time.monotonic() + seconds)


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class Web:
    """A client; a context manager that closes its connections. May be used from several threads.

    Args:
        agent: The name it gives; `robots.txt` is read for its first word.
        pace: Least seconds between two requests to a site; a longer `Crawl-delay` of its counts, up to 30 s.
        timeout: Seconds without a sign of life after which a connection is given up.
        total: Seconds after which an exchange is given up, however lively.
        max_bytes: Largest page, as sent and as unpacked.
        allow_private: Whether addresses of private networks and of this machine are allowed.
        back_off: Seconds before the first repeat of a request that failed; doubled for the next.
    """

    def __init__(
        self,
        *,
        agent: str = AGENT,
        pace: float = 1.0,
        timeout: float = 20.0,
        total: float = 90.0,
        max_bytes: int = 20_000_000,
        allow_private: bool = False,
        back_off: float = 1.0,
    ) -> None:
        self._agent, self._pace, self._total, self._max_bytes = agent, pace, total, max_bytes
        self._allow_private, self._back_off = allow_private, back_off
        self._timeouts = dict.fromkeys(("connect", "read", "write", "pool"), timeout)
        self._deadline = Deadline()
        # Connections to private addresses are kept apart, or a source that may not use them would find one open.
        self._pools = {private: _pool(self._deadline, private) for private in (False, True)}
        self._sites: OrderedDict[tuple[bool, str], _Site] = OrderedDict()
        self._sites_lock = threading.Lock()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        for pool in self._pools.values():
            pool.close()

    def get(
        self,
        url: str,
        *,
        etag: str | None = None,
        modified: str | None = None,
        pace: float | None = None,
        allow_private: bool | None = None,
        max_bytes: int | None = None,
    ) -> Page:
        """The page at an address; the arguments are those of `Request`.

        Raises:
            FetchError: There is none, it may not be read, or it cannot be had.
        """
        return self._get(Request(url, etag, modified, pace, allow_private, max_bytes), threading.Event())

    def get_all(self, requests: Iterable[Request]) -> Generator[Page | FetchError, None, None]:
        """The pages of many addresses, in their order; a failure stands in the place of its page.

        Several sites are asked at once, each for one page at a time. Requests are taken only a little ahead of the
        pages that are handed out, so any number of them fits into memory.
        """
        stop = threading.Event()

        def work(request: Request) -> Page | FetchError:
            try:
                return self._get(request, stop)
            except FetchError as error:
                return error

        with ThreadPoolExecutor(_SITES_AT_ONCE, "evpact-web") as threads:
            lanes = _Lanes(threads, work)
            pending: deque[Future[Page | FetchError]] = deque()
            try:
                for request in requests:
                    pending.append(lanes.submit(_host(request.url), request))
                    if len(pending) == _READ_AHEAD:
                        yield pending.popleft().result()
                while pending:
                    yield pending.popleft().result()
            finally:
                stop.set()
                lanes.clear()

    def _get(self, request: Request, stop: threading.Event) -> Page:
        hops: list[httpx.URL] = []
        try:
            link = request.url
            while len(hops) <= _MAX_REDIRECTS:
                url = _checked(link, *hops[-1:])
                if url in hops:
                    raise _AnswerError("It goes in a circle; often a page that wants cookies.")
                hops.append(url)
                answer = self._politely(url, request, stop)
                if (target := _redirect(answer)) is None:
                    return _page(request, url, answer)
                link = target
            raise _AnswerError(f"More than {_MAX_REDIRECTS} redirects.")
        except _AnswerError as failure:
            way = f"Redirected to {hops[-1]}: " if len(hops) > 1 else ""
            raise FetchError(
                request.url[:_MAX_ADDRESS], way + failure.reason, failure.worth_retrying, asked=failure.asked
            ) from None

    def _politely(self, url: httpx.URL, request: Request, stop: threading.Event) -> _Answer:
        """The answer of one address, when its site allows it and is ready for it."""
        private = self._allow_private if request.allow_private is None else request.allow_private
        pace = self._pace if request.pace is None else request.pace
        limit = self._max_bytes if request.max_bytes is None else request.max_bytes
        site = self._site(url, private)
        with site.lock:
            pace = max(pace, self._permitted(site, url, private, stop))
            ask = partial(self._exchange, url, private, limit, conditions=_conditions(request))
            return self._repeatedly(site, pace, stop, ask)

    def _site(self, url: httpx.URL, private: bool) -> _Site:
        with self._sites_lock:
            key = (private, f"{url.scheme}://{url.netloc.decode('ascii')}")
            site = self._sites.setdefault(key, _Site())
            self._sites.move_to_end(key)
            if len(self._sites) > _SITES_KEPT:
                self._forget_one()
        return site

    def _forget_one(self) -> None:
        """Forget the site that was asked longest ago, unless it is being asked or wants to be left alone."""
        key, site = next(iter(self._sites.items()))
        if site.lock.locked() or site.ready_at > time.monotonic():
            self._sites.move_to_end(key)
        else:
            del self._sites[key]

    def _permitted(self, site: _Site, url: httpx.URL, private: bool, stop: threading.Event) -> float:
        """The pause that the site's `robots.txt` asks for, once it is known to allow the address.

        Raises:
            _AnswerError: It does not, or it cannot be had, which means: not now.
        """
        if not site.asked:
            try:
                site.rules = self._robots(site, url.join("/robots.txt"), private, stop)
            except _AnswerError as failure:
                site.problem = failure
            site.asked = not stop.is_set()
        if site.problem:
            raise _AnswerError(site.problem.reason, worth_retrying=site.problem.worth_retrying)
        if site.rules is None:
            return 0.0
        if not site.rules.can_fetch(str(url), self._agent):
            raise _AnswerError(f"The robots.txt of {url.host} does not allow it.")
        return min(site.rules.crawl_delay(self._agent) or 0.0, _MAX_CRAWL_DELAY)

    def _robots(self, site: _Site, url: httpx.URL, private: bool, stop: threading.Event) -> Protego | None:
        """The rules of a site as RFC 9309 says, None if it has none."""
        hop = url
        for _ in range(_MAX_REDIRECTS):
            ask = partial(self._exchange, hop, private, _MAX_ROBOTS, cut=True)
            answer = self._repeatedly(site, 0.0, stop, ask)
            if (target := _redirect(answer)) is None:
                break
            hop = _checked(target, hop)
        if answer.status >= 500:
            raise _AnswerError(f"{url} answers {answer.status}, so nothing may be read now.", worth_retrying=True)
        return _rules(answer.body) if answer.status == 200 else None

    def _repeatedly(self, site: _Site, pace: float, stop: threading.Event, ask: Callable[[], _Answer]) -> _Answer:
        """The answer, at the last of a few tries at the latest, with pauses as the site asks or growing ones."""
        for attempt in range(1, _ATTEMPTS + 1):
            _wait(site, stop, asked=attempt > 1)
            try:
                return ask()
            except _AnswerError as failure:
                if not failure.soon:
                    raise
                growing = self._back_off * 2 ** (attempt - 1) * random.uniform(0.75, 1.25)  # noqa: S311
                site.hold(growing if failure.after is None else failure.after)
                last = failure
            finally:
                site.hold(pace)
        raise _AnswerError(f"{last.reason} ({_ATTEMPTS} tries)", worth_retrying=True)

    def _exchange(
        self,
        url: httpx.URL,
        private: bool,
        limit: int,
        *,
        conditions: Mapping[str, str] | None = None,
        cut: bool = False,
    ) -> _Answer:
        """One request and its answer; the body of a success alone is read, and cut at the limit if so wanted."""
        headers = {"Host": url.netloc.decode("ascii"), "User-Agent": self._agent, "Accept": _ACCEPT}
        headers |= {"Accept-Encoding": "gzip, deflate", **(conditions or {})}
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        self._deadline.start(self._total)
        try:
            with self._pools[private].stream(
                "GET", target, headers=list(headers.items()), extensions={"timeout": self._timeouts}
            ) as response:
                return _read(response, limit, cut)
        except RefusedError as error:
            raise _AnswerError(str(error)) from None
        except UnknownHostError as error:
            raise _AnswerError(str(error), worth_retrying=True) from None
        except (TooSlowError, httpcore.TimeoutException):
            if self._deadline.passed:
                raise _AnswerError(f"Not done within {self._total:g} s.", worth_retrying=True) from None
            raise _AnswerError(f"No answer within {self._timeouts['read']:g} s.{_proxy_hint()}", soon=True) from None
        except httpcore.ConnectError as error:
            raise _AnswerError(f"No connection: {error}.{_proxy_hint()}", worth_retrying=True) from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError) as error:
            raise _AnswerError(f"The connection broke: {str(error) or type(error).__name__}.", soon=True) from None
        except httpcore.LocalProtocolError as error:
            raise _AnswerError(f"Cannot be asked for: {error}.") from None


class _Lanes:
    """Does jobs in threads: those of one lane one after the other, the lanes side by side."""

    def __init__(self, threads: ThreadPoolExecutor, work: Callable[[Request], Page | FetchError]) -> None:
        self._threads, self._work = threads, work
        self._waiting: dict[str, deque[tuple[Request, Future[Page | FetchError]]]] = {}
        self._lock = threading.Lock()

    def submit(self, lane: str, request: Request) -> Future[Page | FetchError]:
        future: Future[Page | FetchError] = Future()
        with self._lock:
            idle = lane not in self._waiting
            self._waiting.setdefault(lane, deque()).append((request, future))
        if idle:
            self._threads.submit(self._drain, lane)
        return future

    def clear(self) -> None:
        """Let all jobs go that have not begun."""
        with self._lock:
            for waiting in self._waiting.values():
                waiting.clear()

    def _drain(self, lane: str) -> None:
        while True:
            with self._lock:
                if not self._waiting[lane]:
                    del self._waiting[lane]
                    return
                request, future = self._waiting[lane].popleft()
            try:
                future.set_result(self._work(request))
            except BaseException as error:
                future.set_exception(error)


def _pool(deadline: Deadline, private: bool) -> httpcore.ConnectionPool:
    return httpcore.ConnectionPool(
        ssl_context=_certificates(),
        max_connections=None,
        max_keepalive_connections=_SITES_AT_ONCE,
        keepalive_expiry=_PATIENCE,
        network_backend=Network(deadline, allow_private=private),
    )


@cache
def _certificates() -> ssl.SSLContext:
    """Those of `SSL_CERT_FILE` or `SSL_CERT_DIR` if set, else those that come with `certifi`; slow to read."""
    return httpx.create_ssl_context()


def _host(address: str) -> str:
    try:
        return httpx.URL(address).host
    except (httpx.InvalidURL, ValueError):
        return ""


def _checked(link: str, base: httpx.URL | None = None) -> httpx.URL:
    """The address that a link leads to.

    Raises:
        _AnswerError: It is none, or none that may be asked for.
    """
    shown = repr(link[:200])
    try:
        url = httpx.URL(link.strip()) if base is None else base.join(link.strip())
        url = url.copy_with(fragment=None)
        host, password = url.host, url.userinfo
    except (httpx.InvalidURL, ValueError):
        raise _AnswerError(f"Not an address: {shown}.") from None
    if url.scheme not in ("http", "https"):
        raise _AnswerError(f"Only http and https are read, not {shown}.")
    if not host:
        raise _AnswerError(f"An address without a host: {shown}.")
    if password:
        raise _AnswerError(f"An address with a user name or password in it, which are not sent: {host}.")
    if len(str(url)) > _MAX_ADDRESS:
        raise _AnswerError(f"An address of more than {_MAX_ADDRESS:,} characters.")
    return url


def _redirect(answer: _Answer) -> str | None:
    return answer.headers.get("location") if answer.status in _REDIRECTS else None


def _conditions(request: Request) -> dict[str, str]:
    wanted = {"If-None-Match": request.etag, "If-Modified-Since": request.modified}
    return {name: value for name, value in wanted.items() if value and value.isascii() and value.isprintable()}


def _wait(site: _Site, stop: threading.Event, *, asked: bool) -> None:
    delay = site.ready_at - time.monotonic()
    if delay > _PATIENCE:
        reason = f"The site asks to be left alone for another {_span(delay)}."
        raise _AnswerError(reason, worth_retrying=True, asked=asked)
    if stop.wait(max(delay, 0.0)):
        raise _AnswerError("Stopped.", worth_retrying=True, asked=asked)


def _span(seconds: float) -> str:
    if seconds < 600:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 86_400 else "day or more"


def _rules(body: bytes) -> Protego:
    """The rules for evpact; the others' count as those of one, or many names with many rules would take hours."""
    lines = "\n".join(body.decode("utf-8", "replace").removeprefix("\ufeff").splitlines())
    return Protego.parse(_OTHERS.sub(r"\1other", lines))


def _proxy_hint() -> str:
    names = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "https_proxy", "http_proxy", "all_proxy")
    name = next((name for name in names if os.environ.get(name)), None)
    return f" {name} is set but not used, since a proxy hides which address is connected to." if name else ""


def _read(response: httpcore.Response, limit: int, cut: bool) -> _Answer:
    """The answer; its body is read if it is a success, and cut at the limit if so wanted.

    Raises:
        _AnswerError: The site is busy, or the body is no text, too large, broken, or packed as was not asked for.
    """
    headers = {name.decode("latin-1").lower(): _text(value) for name, value in reversed(response.headers)}
    if response.status in _BUSY:
        raise _AnswerError(_status(response.status), soon=True, after=_seconds(headers.get("retry-after", "")))
    if response.status not in _SUCCESS:
        return _Answer(response.status, headers)
    media_type = _media_type(headers)
    if not cut and _NO_TEXT.match(media_type):
        raise _AnswerError(f"No text: it is {media_type}.")
    return _Answer(response.status, headers, _body(response, headers, limit, cut))


def _body(response: httpcore.Response, headers: Mapping[str, str], limit: int, cut: bool) -> bytes:
    too_large = _AnswerError(f"Larger than {limit / 1e6:g} MB.")
    length = headers.get("content-length", "")
    if length.isdecimal() and len(length) < 20 and int(length) > limit and not cut:
        raise too_large
    unpacker = _unpacker(headers.get("content-encoding", ""))
    body, sent = bytearray(), 0
    for chunk in response.iter_stream():
        sent += len(chunk)
        body += unpacker.unpack(chunk, limit + 1 - len(body)) if unpacker else chunk
        if max(sent, len(body)) > limit:
            if cut:
                return bytes(body[:limit])
            raise too_large
    if unpacker and sent and not unpacker.complete:
        raise _AnswerError("It is packed, and ends before its end.", worth_retrying=True)
    return bytes(body)


def _unpacker(encoding: str) -> _Unpacker | None:
    names = [name.strip() for name in encoding.lower().split(",")]
    packed = [name for name in names if name in _PACKED or name in _OTHER_PACKING]  # what else stands there is nonsense
    if not packed:
        return None
    if len(packed) > 1 or packed[0] in _OTHER_PACKING:
        raise _AnswerError(f"It is packed as {encoding[:50]!r}, which was not asked for.")
    return _Unpacker(_PACKED[packed[0]])


class _Unpacker:
    """Unpacks gzip and deflate by pieces, no more of it than there is room for."""

    def __init__(self, format_: int) -> None:
        self._inflate = zlib.decompressobj(format_)
        self._begun = format_ != zlib.MAX_WBITS

    @property
    def complete(self) -> bool:
        return self._inflate.eof

    def unpack(self, chunk: bytes, room: int) -> bytes:
        """What is in the next piece, up to `room` bytes of it (1 or more).

        Raises:
            _AnswerError: It is broken.
        """
        unpacked = bytearray()
        while chunk and len(unpacked) < room:
            if self._inflate.eof:
                if not chunk.startswith(_GZIP_MAGIC):
                    break  # padding
                self._inflate = zlib.decompressobj(_PACKED["gzip"])
            try:
                unpacked += self._inflate.decompress(chunk, room - len(unpacked))
            except zlib.error:
                if self._begun:
                    raise _AnswerError("It is packed, and broken.", worth_retrying=True) from None
                self._inflate = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" without the wrapping, as some send it
                self._begun = True
                continue
            self._begun = True
            chunk = self._inflate.unused_data or self._inflate.unconsumed_tail
        return bytes(unpacked)


def _page(request: Request, url: httpx.URL, answer: _Answer) -> Page:
    """The answer as a page.

    Raises:
        _AnswerError: It is none.
    """
    unchanged = answer.status == 304 and bool(_conditions(request))
    if not unchanged and answer.status not in _SUCCESS:
        raise _AnswerError(_status(answer.status), worth_retrying=answer.status in _LATER)
    charset = _CHARSET.search(answer.headers.get("content-type", ""))
    return Page(
        url=request.url,
        final_url=str(url),
        status=answer.status,
        media_type=_media_type(answer.headers),
        raw=answer.body,
        etag=answer.headers.get("etag", request.etag if unchanged else None),
        modified=answer.headers.get("last-modified", request.modified if unchanged else None),
        not_modified=unchanged,
        charset=charset[1].lower() if charset else None,
    )


def _media_type(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].partition(",")[0].strip().lower()


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _status(status: int) -> str:
    try:
        return f"It answers {status} ({HTTPStatus(status).phrase})."
    except ValueError:
        return f"It answers {status}."


def _seconds(retry_after: str) -> float | None:
    """The seconds that `Retry-After` asks for, given as such or as a date."""
    if retry_after.strip().isdecimal():
        return float(retry_after)
    try:
        at = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    return max(0.0, (at.replace(tzinfo=at.tzinfo or UTC) - datetime.now(UTC)).total_seconds())
