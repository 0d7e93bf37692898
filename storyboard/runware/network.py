"""Requests over the network: directly or through the environment's proxies, with errors that say which way it was."""

from __future__ import annotations

import asyncio
import socket
from functools import cache
from http.cookiejar import CookieJar
from typing import TYPE_CHECKING, Any

import httpx

from storyboard.runware.errors import WrongSetting
from storyboard.runware.proxies import Proxies
from storyboard.runware.tls import trusted

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from storyboard.runware.proxies import Way

    Admit = Callable[[str], Awaitable[None]]

LONGEST = 5
"""An exchange may last so many times the longest silence, whatever comes meanwhile."""
_GREETING = 20.0
"""Seconds at most in which a proxy has to open the way; it looks the host up and connects meanwhile."""
_UNSENT = 1 << 16
"""Bytes of a request that may wait in the system to be sent, where it can be told so; else it takes some megabytes."""
_SAID_AT_MOST = 200
_VIDEO_HOST = "https://vm.runware.ai"
"""Where Runware's answers say that videos lie."""


def check(service: str) -> None:
    """Raises WrongSetting where the environment bars the way to a service, or to where its videos lie.

    Those of a service on this machine, which is a test, lie there as well.
    """
    network = Network(httpx.Limits())
    network.check(service)
    if service.startswith("https:"):
        network.check(_VIDEO_HOST)


def described(service: str) -> str:
    """How a service is reached, for people; passwords are masked. Raises WrongSetting."""
    trusted()
    proxies = Proxies()
    way = proxies.way_to(httpx.URL(service))
    name, value = proxies.exceptions or ("NO_PROXY", "")
    round_it = f", {name} {value.strip()[:100]}" if value else ""
    return (f"through {way.words}" if way.proxy is not None else "directly, without a proxy") + round_it


class NoCookies(CookieJar):
    """Keeps none: no answer may make the next questions longer."""

    def extract_cookies(self, response: Any, request: Any) -> None:
        """Does nothing."""


class Network(httpx.AsyncBaseTransport):
    """The network as the environment says it is to be used: HTTPS_PROXY and the like, SSL_CERT_FILE."""

    def __init__(self, limits: httpx.Limits, admit: Admit | None = None) -> None:
        """`admit` hears the IP address of each host that was connected to without a proxy, before anything is said.

        It raises where nothing may be. Raises WrongSetting where the certificates that the environment names cannot
        be used.
        """
        self._limits = limits
        self._admit = admit
        self._proxies = Proxies()
        self._trusted = trusted()
        self._transports: dict[Way, httpx.AsyncHTTPTransport] = {}
        self._without_login: dict[Way, Way] = {}
        """Ways through SOCKS servers that want no login, though the environment names one."""

    def check(self, url: str) -> None:
        """Raises WrongSetting where the way to this address is set wrongly."""
        self._proxies.way_to(httpx.URL(url))

    def way_to(self, url: str) -> str:
        """Host and port of an address, and the proxy on the way, for messages."""
        address = httpx.URL(url)
        way = self._proxies.way_to(address)
        host = address.netloc.decode("ascii")
        return f"{host} through {way.words}" if way.proxy is not None else host

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Raises httpx's errors, ConnectError or ConnectTimeout for all before the request itself set out."""
        way = self._proxies.way_to(request.url)
        way = self._without_login.get(way, way)
        try:
            return await self._sent(request, way)
        except _GreetingFailed as first:
            if not way.has_login:
                raise
            # httpcore offers nothing but the login, and a server that wants none refuses that, or just hangs up.
            plain = way.without_login()
            try:
                response = await self._sent(request, plain)
            except (_GreetingFailed, WrongSetting):
                raise first.meant from None
            self._without_login[way] = plain
            return response

    async def _sent(self, request: httpx.Request, way: Way) -> httpx.Response:
        transport = self._transports.get(way) or self._opened(way)
        if way.proxy is None:
            if self._admit is not None:
                _Arrival(request, self._admit)
            return await transport.handle_async_request(request)
        passage = _Passage(request)
        try:
            return await transport.handle_async_request(request)
        except httpx.ProxyError as error:
            raise _refusal(str(error), way, request) from None
        except Exception as error:
            if passage.is_past or isinstance(error, httpx.ConnectError | httpx.ConnectTimeout):
                raise
            if passage.is_late or isinstance(error, httpx.TimeoutException):
                raise httpx.ConnectTimeout("the proxy gives no answer", request=request) from None
            words = "the proxy's answer cannot be understood or is not whole"
            raise _GreetingFailed(words, request=request) from None
        finally:
            passage.end()

    async def aclose(self) -> None:
        for transport in self._transports.values():
            await transport.aclose()

    def _opened(self, way: Way) -> httpx.AsyncHTTPTransport:
        proxy = None
        if way.proxy is not None:
            proxy = httpx.Proxy(way.proxy, ssl_context=self._trusted if way.proxy.scheme == "https" else None)
        transport = httpx.AsyncHTTPTransport(
            verify=self._trusted, limits=self._limits, proxy=proxy, trust_env=False, socket_options=_socket_options()
        )
        self._transports[way] = transport
        return transport


@cache
def _socket_options() -> list[tuple[int, int, int]]:
    """Options of every connection: what a request's sender has looked at for the last time is soon on its way."""
    if (name := getattr(socket, "TCP_NOTSENT_LOWAT", None)) is None:
        return []
    option = (socket.IPPROTO_TCP, name, _UNSENT)
    with socket.socket() as probe:
        try:
            probe.setsockopt(*option)
        except OSError:
            return []
    return [option]


class _GreetingFailed(httpx.ConnectError):
    """A proxy did not open the way, before it was asked for any host."""

    meant: Exception
    """The error to show."""

    def __init__(self, words: str, *, request: httpx.Request, meant: Exception | None = None) -> None:
        super().__init__(words, request=request)
        self.meant = meant if meant is not None else self


def _refusal(said: str, way: Way, request: httpx.Request) -> Exception:
    """What a proxy's refusal means, which httpx tells in words alone."""
    kind = said[:_SAID_AT_MOST]
    said = kind.replace(way.proxy.password, "…") if way.proxy is not None and way.proxy.password else kind
    if kind.startswith(("407", "Invalid username/password")):
        return _wrong_login(way, said)
    if kind.startswith("Requested "):  # "… USERNAME/PASSWORD from proxy server, but got NO ACCEPTABLE METHODS."
        wrong = _wrong_login(way)
        return _GreetingFailed(said, request=request, meant=wrong) if way.has_login else wrong
    if kind.startswith(("403", "405")):
        host = request.url.host
        words = f"names {way.address}, which refuses to open a way to {host} ({said})"
        return WrongSetting(way.variable or "", f"{words}: allow it there, or name {host} in NO_PROXY")
    return httpx.ConnectError(f"the proxy answers: {said}", request=request)


def _wrong_login(way: Way, said: str = "") -> WrongSetting:
    kind = way.proxy.scheme if way.proxy is not None else "http"
    what, advice = "wants a user name and password", f"write {kind}://USER:PASSWORD@HOST:PORT"
    if way.has_login:
        what, advice = "refuses its user name and password", "correct them"
    words = f"names {way.address}, which {what}{f' ({said})' if said else ''}: {advice}"
    return WrongSetting(way.variable or "", words)


class _Trace:
    """Hears what becomes of a request on its way, by httpcore's trace, and tells it on to who heard it before."""

    def __init__(self, request: httpx.Request) -> None:
        self._before = request.extensions.get("trace")
        request.extensions = {**request.extensions, "trace": self._hear_all}

    async def _hear_all(self, name: str, info: dict[str, Any]) -> None:
        await self._hear(name, info)
        if self._before is not None:
            await self._before(name, info)

    async def _hear(self, name: str, info: dict[str, Any]) -> None:
        raise NotImplementedError


class _Arrival(_Trace):
    """Looks at the address that was connected to."""

    def __init__(self, request: httpx.Request, admit: Admit) -> None:
        super().__init__(request)
        self._admit = admit

    async def _hear(self, name: str, info: dict[str, Any]) -> None:
        if name == "connection.connect_tcp.complete":
            stream = info["return_value"]
            try:
                await self._admit(str(stream.get_extra_info("server_addr")[0]))
            except BaseException:
                await stream.aclose()
                raise


class _Passage(_Trace):
    """Watches a request on its way through a proxy, and ends a greeting that lasts."""

    def __init__(self, request: httpx.Request) -> None:
        super().__init__(request)
        self.is_past = False
        """Whether anything of the request itself was sent."""
        self.is_late = False
        self._stream: Any = None
        self._timer: asyncio.TimerHandle | None = None
        self._closing: asyncio.Task[None] | None = None
        read = request.extensions.get("timeout", {}).get("read")
        self._seconds = min(read, _GREETING) if read is not None else _GREETING

    async def _hear(self, name: str, info: dict[str, Any]) -> None:
        if name == "connection.connect_tcp.complete" or name.endswith("setup_socks5_connection.started"):
            # httpcore reads from a SOCKS server without a limit of time, and from another proxy with one for each
            # byte. Closing the connection, and not cancelling the request, is what lets it give the connection up.
            self.end()
            self._stream = info.get("stream") or info["return_value"]
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._give_up)
        elif name.endswith("setup_socks5_connection.failed"):
            await self._stream.aclose()
        elif name.endswith("send_request_headers.started") and info["request"].method != b"CONNECT":
            self.is_past = True
            self.end()

    def end(self) -> None:
        """The way is open, or will not be opened any more."""
        if self._timer is not None:
            self._timer.cancel()

    def _give_up(self) -> None:
        self.is_late = True
        self._closing = asyncio.ensure_future(self._stream.aclose())
