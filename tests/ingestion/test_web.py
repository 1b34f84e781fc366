"""The client against a site that misbehaves: every failure is a reason, none holds or floods the run."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tasks.ingestion.web import FetchError, Page, Web
from tests.ingestion.conftest import Site, reply

PAGE = "<p>Żółw & Söhne</p>"


@pytest.fixture
def web() -> Iterator[Web]:
    with Web(pace=0, timeout=0.4, total=0.8, max_bytes=100_000, allow_private=True, back_off=0.001) as client:
        yield client


def refused(web: Web, url: str) -> FetchError:
    with pytest.raises(FetchError) as caught:
        web.get(url)
    assert caught.value.address == url
    assert caught.value.reason.endswith((".", ")", "?"))
    return caught.value


def test_a_page_comes_with_what_its_header_says(web: Web, site: Site) -> None:
    raw = PAGE.encode("cp1250")
    url = site.set("/a", reply(raw, content_type="Text/HTML; Charset=windows-1250", etag='"1"', last_modified="then"))
    expected = Page(url, url, 200, "text/html", raw, '"1"', "then", charset="windows-1250")
    assert web.get(url) == expected
    assert "User-Agent: evpact/" in site.asked("/a")[0]
