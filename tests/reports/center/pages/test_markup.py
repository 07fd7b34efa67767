import pytest

from reports.center.people import Role
from tests.reports.center.pages.markup import faults
from tests.reports.center.pages.world import Small

PAGES = (
    "/",
    "/downloads",
    "/downloads/new",
    "/downloads/new?dataset=CLASAzurePropensity&filter=AzureCluster&operator=%3D&value=Act+Now",
    "/downloads/new?dataset=CLASAzurePropensity&chosen=1",
    "/reports",
    "/templates",
    "/resources",
    "/resources?q=nothing+of+the+kind",
    "/dictionary/CLASAzurePropensity",
    "/customers",
    "/customers/P1/C1",
    "/targets",
    "/crm",
    "/subscriptions",
    "/calling",
    "/evidence",
    "/people",
    "/links",
    "/audit",
    "/account",
)


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_title_headings_in_order_labels_and_nothing_inline(world: Small, path: str) -> None:
    answer = world.reader(Role.GLOBAL_ADMIN).get(path)
    assert answer.status_code == 200
    assert faults(answer.text) == []


def test_the_checks_see_what_is_wrong() -> None:
    html = (
        "<html><h2>Two</h2><input name='a'><p style='x' id='i'>one</p><p id='i'>two</p><script>1</script>"
        "<form method='post'></form>"
    )
    assert faults(html) == [
        "inline: p style",
        "inline: script",
        "no title",
        "no language",
        "headings begin with [2], not with one h1",
        "no label for input a",
        "the id i is there twice",
        "1 changes with 0 tokens",
    ]
