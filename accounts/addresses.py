"""Where a request comes from: the peer's address, or what the proxies that we run ourselves say of it.

A header is believed only as far as TRUSTED_PROXIES goes: each of our proxies adds the address it was reached
from at the end of X-Forwarded-For, and whatever stands further to the front was sent by the client.
"""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# One line with IPv6 is given a whole network of this length: who has one address of it has them all.
IPV6_NETWORK = 64


def address_of(request: HttpRequest) -> str:
    """Return the client's address, or "" where there is none, as over a local socket without a proxy."""
    peer = str(request.META.get("REMOTE_ADDR", ""))
    proxies = settings.TRUSTED_PROXIES
    if not proxies:
        return _plain(peer)
    named = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",") if part.strip()]
    # Too few names: the request didn't come through all of our proxies, so none of them vouches for it.
    return _plain(named[-proxies] if len(named) >= proxies else peer)


def network_of(request: HttpRequest) -> str:
    """Return what stands for the client when tries are counted: its address, or its IPv6 network."""
    address = address_of(request)
    if address and isinstance(ip_address(address), IPv6Address):
        return str(ip_network(f"{address}/{IPV6_NETWORK}", strict=False))
    return address


def _plain(text: str) -> str:
    """Return the address without a port and without the two ways to write IPv4 as IPv6."""
    if text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("]")[0].lstrip("["))
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address)
