import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.sources.web.paths import Place, cleaned, is_of, is_worth_asking, place_of, shape_of


@pytest.mark.parametrize(
    ("url", "one_form"),
    [
        ("/a#b", "http://x.com/a"),
        ("HTTP://X.com:80/A?b=2&a=1", "http://x.com/A?a=1&b=2"),
        ("/a?utm_source=s&fbclid=1&id=3", "http://x.com/a?id=3"),
        ("//y.com", "http://y.com/"),
        ("https://x.com:8443/", "https://x.com:8443/"),
        ("/a;jsessionid=12AB?x=1", "http://x.com/a?x=1"),
        ("", "http://x.com/base"),
        ("../../../etc/passwd", "http://x.com/etc/passwd"),
    ],
)
def test_an_address_has_one_form(url: str, one_form: str) -> None:
    assert cleaned(url, "http://x.com/base") == one_form
    assert cleaned(one_form) == one_form


@pytest.mark.parametrize(
    "url",
    [
        "mailto:a@x.com",
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "http://[broken",
        "http://x.com:99999/",
        "http://me:pw@x.com/",
        "http:///nothing",
        "http://x.com/" + "a" * 600,
    ],
)
def test_what_is_no_address_of_a_page_comes_to_nothing(url: str) -> None:
    assert cleaned(url) == ""


@given(st.text(max_size=60))
def test_any_text_is_an_address_in_its_one_form_or_none(text: str) -> None:
    found = cleaned(text, "http://x.com/")
    assert cleaned(found) == found if found else True


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/", Place.HOME),
        ("/feed", Place.FEED),
        ("/blog/feed/", Place.FEED),
        ("/index.rss", Place.FEED),
        ("/sitemap_index.xml.gz", Place.SITEMAP),
        ("/careers", Place.JOBS),
        ("/en/careers/", Place.JOBS),
        ("/empleo/ingeniero-azure", Place.JOB),
        ("/presse", Place.NEWS),
        ("/basin/2026/yeni-fabrika", Place.RELEASE),
        ("/actualites/nous-voila", Place.NEWS_ITEM),
        ("/blog", Place.BLOG),
        ("/blog/2026/11/a-post", Place.POST),
        ("/products/mill", None),
    ],
)
def test_a_path_promises_a_place(path: str, place: Place | None) -> None:
    assert place_of(f"http://x.com{path}") == place


def test_a_host_promises_a_place() -> None:
    assert place_of("http://blog.x.com/a-post") is Place.POST
    assert place_of("http://careers.x.com/engineer") is Place.JOB


@pytest.mark.parametrize(
    "path",
    [
        "/login",
        "/en/account/jobs",
        "/wp-admin/",
        "/giris",
        "/mi-cuenta/blog",
        "/team/jane-doe",
        "/blog/author/jane",
        "/events/calendar/2031",
        "/news?month=3&year=2031",
        "/blog/a/b/a/b/a/b",
        "/a/b/c/d/e/f/g/h/i/j",
        "/blog/paper.PDF",
        "/blog?a=1&b=2&c=3&d=4&e=5",
    ],
)
def test_doors_persons_files_and_traps_are_not_worth_asking(path: str) -> None:
    assert not is_worth_asking(f"http://x.com{path}")


def test_posts_are_worth_asking() -> None:
    assert is_worth_asking("http://x.com/blog/2026/11/why-we-moved?lang=en")


def test_addresses_of_one_template_have_one_shape() -> None:
    shapes = {shape_of(f"http://x.com/news/2026/{day}/story-{day}?page={day}") for day in range(5)}
    assert len(shapes) == 1


@pytest.mark.parametrize(
    ("url", "is_so"),
    [
        ("http://x.com/", True),
        ("https://blog.x.com:8443/a", True),
        ("http://xx.com/", False),
        ("http://x.com.evil.com/", False),
        ("http://evil.com/x.com", False),
        ("http://127.0.0.1/", False),
        ("http://[", False),
        ("", False),
    ],
)
def test_an_address_is_of_a_domain_by_its_host_alone(url: str, is_so: bool) -> None:
    assert is_of(url, "x.com") is is_so
