"""Connections that no page can lead astray: to public addresses only, and ended when their time is up.

The check is made on the address that is connected to, so neither a redirect, nor a name that resolves to a private
address, nor an answer of DNS that changes between two look-ups gets past it.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from socket import SOCK_STREAM, gaierror, getaddrinfo
from typing import Any, Final

from httpcore import ConnectError, ConnectTimeout, NetworkBackend, NetworkStream, SyncBackend

_ADDRESSES_TRIED: Final = 4
_PRIVATE: Final = tuple(map(ip_network, ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7")))
_TRANSLATED: Final = IPv6Network("64:ff9b::/96")  # IPv4 addresses as networks without IPv4 write them (RFC 6052)

WAY_OUT: Final = "If you trust it, set allow_private = true for its source."
"""What a person can do who wants to read an address of a private network."""


class RefusedError(Exception):
    """An address that is not connected to."""


class UnknownHostError(Exception):
    """A name that has no address."""


class TooSlowError(Exception):
    """The time for the whole exchange is up."""


class Deadline(threading.local):
    """When the exchange that the current thread is in must be over."""

    at: float = float("inf")

    def start(self, seconds: float) -> None:
        """Give the exchange that begins now so many seconds."""
        self.at = time.monotonic() + seconds

    @property
    def passed(self) -> bool:
        """Whether the time is up."""
        return time.monotonic() >= self.at

    def left(self, timeout: float | None) -> float:
        """The seconds that one step may take: the timeout, or what is left of the whole if that is less.

        Raises:
            TooSlowError: Nothing is left.
        """
        if self.passed:
            raise TooSlowError
        left = max(self.at - time.monotonic(), 0.001)  # none at all would mean: do not wait
        return left if timeout is None else min(left, timeout)


class Network(NetworkBackend):
    """Opens connections of `httpcore` to addresses that are allowed, within the deadline of the thread.

    Args:
        deadline: Shared by all connections.
        allow_private: Whether addresses of private networks and of this machine are allowed too. Link-local addresses
            (among them those where clouds keep credentials), multicast and reserved ones never are.
    """

    def __init__(self, deadline: Deadline, *, allow_private: bool) -> None:
        self._deadline, self._allow_private = deadline, allow_private
        self._sockets = SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> NetworkStream:
        """Connect to the first address of the host that answers.

        Raises:
            UnknownHostError: The host has no address.
            RefusedError: The host has only addresses that are not allowed.
            TooSlowError: The deadline has passed.
            httpcore.ConnectError: No address answers; `ConnectTimeout` if not in time.
        """
        failure: Exception | None = None
        for address in self._allowed(host, port)[:_ADDRESSES_TRIED]:
            try:
                stream = self._sockets.connect_tcp(
                    address, port, self._deadline.left(timeout), local_address, socket_options
                )
                return _Stream(stream, self._deadline)
            except (ConnectError, ConnectTimeout) as error:
                failure = error
        assert failure is not None
        raise failure

    def _allowed(self, host: str, port: int) -> list[str]:
        try:
            found = getaddrinfo(host, port, type=SOCK_STREAM)
        except gaierror as error:
            raise UnknownHostError(f"The name {host} has no address ({error.strerror}).") from None
        except (OSError, ValueError):
            raise UnknownHostError(f"{host} is no name of a host.") from None
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [address for address in addresses if self._is_allowed(address)]
        if not allowed:
            shown = host if host == addresses[0] else f"{host} ({addresses[0]})"
            raise RefusedError(f"{shown} is not on the public internet.{self._way_out(addresses)}")
        return allowed

    def _way_out(self, addresses: list[str]) -> str:
        return f" {WAY_OUT}" if any(map(_is_private, addresses)) else ""

    def _is_allowed(self, address: str) -> bool:
        return _is_public(address) or (self._allow_private and _is_private(address))


def _is_public(address: str) -> bool:
    ip = _plain(address)
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_link_local)


def _is_private(address: str) -> bool:
    ip = _plain(address)
    return ip.is_loopback or any(ip.version == network.version and ip in network for network in _PRIVATE)


def _plain(address: str) -> IPv4Address | IPv6Address:
    """The address, or the IPv4 address that is written as an IPv6 one or that a tunnel leads to."""
    ip = ip_address(address)
    if isinstance(ip, IPv4Address):
        return ip
    if ip in _TRANSLATED:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    return ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else ip)


class _Stream(NetworkStream):
    """A connection whose every step ends by the deadline."""

    def __init__(self, stream: NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> NetworkStream:
        return _Stream(
            self._stream.start_tls(ssl_context, server_hostname, self._deadline.left(timeout)), self._deadline
        )

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
