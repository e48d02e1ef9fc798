"""Claims about where webhooks may go: nowhere that only we can reach, however it is written."""

from __future__ import annotations

import pytest

from strongroom.systems.biotech.errors import UnsafeUrl
from strongroom.systems.biotech.rules.targets import Target, check_address, check_target, is_public

INNER_URLS = [
    "https://127.0.0.1/", "https://127.1/", "https://127.0.0.1./", "https://0/", "https://0.0.0.0/",
    "https://2130706433/", "https://0x7f000001/", "https://0x7f.0.0.1/", "https://0177.0.0.1/", "https://127.0.0.0x1/",
    "https://10.1.2.3/", "https://172.16.0.1/", "https://192.168.1.1/", "https://100.64.0.1/", "https://100.100.100.200/",
    "https://169.254.169.254/latest/meta-data", "https://168.63.129.16/", "https://224.0.0.1/", "https://255.255.255.255/",
    "https://[::1]/", "https://[::]/", "https://[::ffff:127.0.0.1]/", "https://[::ffff:7f00:1]/", "https://[::127.0.0.1]/",
    "https://[64:ff9b::7f00:1]/", "https://[2002:7f00:1::]/", "https://[2001:0:7f00:1::]/", "https://[fe80::1]/",
    "https://[fe80::1%25eth0]/", "https://[fd00:ec2::254]/", "https://[ff02::1]/", "https://[2001:db8::1]/",
    "https://localhost/", "https://localhost./", "https://LOCALHOST/", "https://api.localhost/", "https://db.internal/",
    "https://metadata.google.internal/", "https://printer.local/",
]  # fmt: skip

MALFORMED_URLS = [
    "", "example.com", "//example.com/", "ftp://example.com/", "file:///etc/passwd", "gopher://example.com/",
    "http://example.com/", "https://", "https:///path", "https://user@example.com/", "https://user:pass@example.com/",
    "https://example.com@127.0.0.1/", "https://example.com/#part", "https://example.com:0/", "https://example.com:65536/",
    "https://example.com:https/", "https://exa mple.com/", "https://example.com/a b", "https://example.com\\@127.0.0.1/",
    "https://example.com/\n", "https://exam\tple.com/", "https://bücher.example/", "https://\uff11\uff12\uff17.0.0.1/",
    "https://-a.example/", "https://a..example/", "https://[::1/", "https://[example.com]/", "https://%31%32%37.0.0.1/",
    "https://example.com/" + "a" * 2048,
]  # fmt: skip


@pytest.mark.parametrize("url", INNER_URLS + MALFORMED_URLS)
def test_a_url_that_may_lead_inside_or_can_be_read_in_two_ways_is_refused(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        check_target(url)


@pytest.mark.parametrize("url", [url for url in MALFORMED_URLS if not url.startswith("http:")])
def test_a_url_that_can_be_read_in_two_ways_is_refused_even_where_private_targets_are_allowed(url: str) -> None:
    with pytest.raises(UnsafeUrl):
        check_target(url, allow_private=True, allow_http=True)


@pytest.mark.parametrize(
    ("url", "target"),
    [
        ("https://hooks.example.com/a?b=c", Target("https", "hooks.example.com", 443, "/a?b=c")),
        ("https://Hooks.Example.com.", Target("https", "hooks.example.com", 443, "/")),
        ("HTTPS://example.com:8443/", Target("https", "example.com", 8443, "/")),
        ("https://8.8.8.8/", Target("https", "8.8.8.8", 443, "/")),
        ("https://[2606:4700::1111]:444/x", Target("https", "2606:4700::1111", 444, "/x")),
        ("https://xn--bcher-kva.example/", Target("https", "xn--bcher-kva.example", 443, "/")),
        ("https://local.example.com/", Target("https", "local.example.com", 443, "/")),
    ],
)
def test_a_public_url_is_taken_apart(url: str, target: Target) -> None:
    assert check_target(url) == target


def test_private_hosts_and_plain_http_are_each_allowed_by_an_option_of_their_own() -> None:
    assert check_target("https://127.0.0.1:8000/", allow_private=True).host == "127.0.0.1"
    assert check_target("http://example.com/", allow_http=True).port == 80
    with pytest.raises(UnsafeUrl):
        check_target("http://127.0.0.1/", allow_http=True)
    with pytest.raises(UnsafeUrl):
        check_target("http://127.0.0.1/", allow_private=True)


def test_the_host_header_names_the_port_only_when_it_is_not_the_usual_one() -> None:
    assert check_target("https://example.com/").authority == "example.com"
    assert check_target("https://example.com:8443/").authority == "example.com:8443"
    assert check_target("https://[2606:4700::1111]/").authority == "[2606:4700::1111]"


@pytest.mark.parametrize("address", ["1.1.1.1", "100.63.255.255", "172.32.0.1", "2606:4700::1111", "2a00:1450::1"])
def test_addresses_of_the_internet_are_public(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "::1",
        "10.0.0.1",
        "169.254.169.254",
        "::ffff:10.0.0.1",
        "fe80::1%eth0",
        "fd00::1",
        "",
        "example.com",
    ],
)
def test_what_is_not_public_is_refused_unless_allowed(address: str) -> None:
    assert not is_public(address)
    with pytest.raises(UnsafeUrl):
        check_address(address)
    check_address(address, allow_private=True)
