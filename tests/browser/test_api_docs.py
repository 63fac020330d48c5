"""The description of the API in a real browser: to read and to try, with nothing sent elsewhere."""

from urllib.parse import urlsplit

from tests.browser.conftest import Open


def test_no_request_of_the_api_page_leaves_the_host(open_page: Open) -> None:
    page = open_page("/about")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto("/api/docs")
    page.wait_for_selector(".swagger-ui .opblock")
    host = urlsplit(page.url).netloc
    assert {urlsplit(url).netloc for url in asked if not url.startswith("data:")} == {host}
    assert any(url.endswith("/openapi.json") for url in asked)
