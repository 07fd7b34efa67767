from features.sources.web.frontier import WAITING_AT_MOST, Frontier
from features.sources.web.paths import ALIKE_AT_MOST, Errand, Place


def errand(path: str, place: Place = Place.POST, depth: int = 0) -> Errand:
    return Errand(url=f"http://x.com{path}", place=place, depth=depth)


def order(frontier: Frontier) -> list[str]:
    taken = []
    while (one := frontier.pop()) is not None:
        taken.append(one.url.removeprefix("http://x.com"))
    return taken


def test_feeds_jobs_and_news_come_before_others_and_nearer_before_farther() -> None:
    frontier = Frontier("x.com", depth=4)
    frontier.extend(
        (
            errand("/sitemap.xml", Place.SITEMAP),
            errand("/blog/b", depth=2),
            errand("/blog/a", depth=1),
            errand("/press", Place.NEWS),
            errand("/jobs", Place.JOBS),
            errand("/feed", Place.FEED, depth=3),
            errand("/", Place.HOME),
        )
    )
    assert order(frontier) == ["/", "/feed", "/jobs", "/press", "/blog/a", "/blog/b", "/sitemap.xml"]


def test_an_address_waits_once_even_after_its_turn() -> None:
    frontier = Frontier("x.com", depth=4)
    assert frontier.push(errand("/blog/a"))
    assert frontier.pop() is not None
    assert not frontier.push(errand("/blog/a"))


def test_other_domains_deep_links_and_doors_do_not_wait() -> None:
    frontier = Frontier("x.com", depth=2)
    assert not frontier.push(Errand(url="http://y.com/blog/a", place=Place.POST))
    assert not frontier.push(errand("/blog/a", depth=3))
    assert not frontier.push(errand("/login"))
    assert len(frontier) == 0


def test_of_one_template_few_wait() -> None:
    frontier = Frontier("x.com", depth=4)
    frontier.extend(errand(f"/archive/{day}", Place.NEWS) for day in range(100))
    assert len(frontier) == ALIKE_AT_MOST


def test_however_much_a_site_names_so_much_waits_at_most() -> None:
    frontier = Frontier("x.com", depth=4)
    frontier.extend(errand(f"/{letter}/feed", Place.FEED) for letter in map(str, range(2 * WAITING_AT_MOST)))
    assert len(frontier) == WAITING_AT_MOST


def test_an_address_with_and_without_www_and_tls_waits_once_unless_one_leads_to_the_other() -> None:
    frontier = Frontier("x.com", depth=4)
    assert frontier.push(Errand(url="http://x.com/", place=Place.HOME))
    assert not frontier.push(Errand(url="https://www.x.com/", place=Place.HOME))
    assert frontier.push(Errand(url="https://www.x.com/", place=Place.HOME, hops=1))
    assert not frontier.push(Errand(url="https://www.x.com/", place=Place.HOME, hops=2))
    assert frontier.push(Errand(url="https://blog.x.com/", place=Place.BLOG))
