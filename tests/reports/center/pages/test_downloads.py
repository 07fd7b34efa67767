import csv
from io import BytesIO, StringIO
from urllib.parse import urlencode

import openpyxl
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from reports.center.database.engine import acting_for_all
from reports.center.database.tables import AuditRow
from reports.center.people import Role
from tests.reports.center.pages.markup import read
from tests.reports.center.pages.world import Small
from tests.reports.center.published import publish_month

AZURE = "CLASAzurePropensity"
MONEY = "AzureExpectedRevenue"
Pairs = list[tuple[str, str]]


def address(path: str, *columns: str, more: Pairs | None = None, dataset: str = AZURE) -> str:
    pairs = [("dataset", dataset), ("chosen", "1"), *(("column", name) for name in columns), *(more or [])]
    return f"{path}?{urlencode(pairs)}"


def only(column: str, operator: str, value: str) -> Pairs:
    return [("filter", column), ("operator", operator), ("value", value)]


def picked(html: str) -> list[str | None]:
    return [one.get("value") for one in read(html).inputs if one.get("name") == "column"]


def test_a_report_viewer_has_no_money_columns_to_pick(world: Small) -> None:
    path = f"/downloads/new?dataset={AZURE}"
    seller, viewer = world.reader(Role.SALES_AGENT), world.reader(Role.REPORT_VIEWER)
    assert {MONEY, "AzurePotentialRevenue"} <= set(picked(seller.get(path).text))
    assert not {MONEY, "AzurePotentialRevenue"} & set(picked(viewer.get(path).text))
    assert MONEY not in viewer.get(path).text
    assert MONEY not in viewer.get(f"/dictionary/{AZURE}").text


@pytest.mark.parametrize("path", ["/downloads/new", "/downloads/preview", "/downloads/file"])
def test_a_hidden_column_answers_like_a_name_nobody_has(world: Small, path: str) -> None:
    viewer = world.reader(Role.REPORT_VIEWER)
    hidden, unknown = viewer.get(address(path, MONEY)), viewer.get(address(path, "Nobody"))
    assert (hidden.status_code, unknown.status_code) == (404, 404)
    assert hidden.text.replace(MONEY, "x") == unknown.text.replace("Nobody", "x")
    filtered = viewer.get(address(path, "AccountName", more=only(MONEY, ">", "1")))
    assert filtered.status_code == 404


def test_the_preview_shows_15_rows_and_tells_how_many_there_are(world: Small) -> None:
    rows = "\n".join(f"P1 | C{number} | A{number}" for number in range(20))
    publish_month(world.home, "2026-11", {AZURE: f"GlobalID | CustomerID | AccountName\n{rows}"})
    client = world.reader()
    part = client.get(address("/downloads/preview", "AccountName"), headers={"HX-Request": "true"}).text
    assert "<html" not in part
    assert part.count("<tr>") == 1 + 15
    assert "The first 15 of 20 rows" in part
    whole = client.get(address("/downloads/preview", "AccountName")).text
    assert "<html" in whole
    assert "The first 15 of 20 rows" in whole


def test_a_preview_escapes_what_customers_are_called(world: Small) -> None:
    part = world.reader().get(address("/downloads/preview", "AccountName")).text
    assert "Birch &lt;b&gt;" in part
    assert "Birch <b>" not in part


def test_a_value_of_the_wrong_kind_is_told_where_it_was_typed(world: Small) -> None:
    refused = world.reader().get(
        address("/downloads/preview", "AccountName", more=only("OrgSize", ">", "many"))
    )
    assert refused.status_code == 200
    assert "OrgSize is compared with a number" in refused.text
    file = world.reader(partner="P2").get(
        address("/downloads/file", "AccountName", more=only("OrgSize", ">", "x"))
    )
    assert file.status_code == 400
    assert "OrgSize is compared with a number" in file.text


@pytest.mark.parametrize("path", ["/downloads/preview", "/downloads/file"])
def test_a_query_that_cannot_be_written_down_is_refused(world: Small, path: str) -> None:
    answer = world.reader().get(address(path, "AccountName", more=only("AccountName", "=", "A\x00B")))
    assert answer.headers["content-type"].startswith("text/html")
    assert "visible characters" in answer.text


@pytest.mark.parametrize(
    "action", ["remove-", "remove-\N{SUPERSCRIPT TWO}", "remove-99999", "preset-no", "x"]
)
def test_a_button_nobody_has_changes_nothing(world: Small, action: str) -> None:
    more = [*only("AzureCluster", "=", "Act Now"), ("do", action)]
    page = world.reader().get(address("/downloads/new", "AccountName", more=more))
    assert page.status_code == 200
    assert page.text.count('name="filter"') == 1


def test_without_columns_there_is_no_file_and_the_page_says_why(world: Small) -> None:
    assert "choose at least one" in world.reader().get(address("/downloads/file")).text


def test_a_download_has_the_bytes_of_the_published_file_filtered_by_hand(world: Small) -> None:
    columns = ["CustomerID", "AccountName", MONEY]
    path = world.home / "published" / "2026-10" / "propensity" / f"{AZURE}.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["GlobalID"] == "P1"]
    by_hand = StringIO()
    writer = csv.writer(by_hand, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([row[name] for name in columns] for row in rows if row["AzureCluster"] == "Act Now")
    answer = world.reader().get(
        address("/downloads/file", *columns, more=only("AzureCluster", "=", "Act Now"))
    )
    assert answer.content == b"\xef\xbb\xbf" + by_hand.getvalue().encode()
    assert answer.headers["content-disposition"].startswith('attachment; filename="CLASAzurePropensity.csv"')
    with acting_for_all(world.center.database) as session:
        kept = session.scalars(sa.select(AuditRow).where(AuditRow.action == "download")).one()
        assert (kept.dataset, kept.rows, kept.columns) == (AZURE, 2, ", ".join(columns))


def test_every_format_holds_the_same_rows(world: Small) -> None:
    client = world.reader()

    def file(format: str) -> bytes:
        return client.get(address("/downloads/file", "CustomerID", MONEY, more=[("format", format)])).content

    rows = [("C1", 1234.5), ("C2", 200.25), ("C3", 30.0)]
    assert file("TSV").decode("utf-8-sig").splitlines()[1] == "C1\t1234.50"
    table = pq.read_table(BytesIO(file("PARQUET")))
    assert list(zip(*(column.to_pylist() for column in table.columns), strict=True)) == rows
    sheet = openpyxl.load_workbook(BytesIO(file("XLSX"))).active
    assert sheet is not None
    assert list(sheet.iter_rows(min_row=2, values_only=True)) == rows


def test_a_range_adds_the_month_of_each_row(world: Small) -> None:
    answer = world.reader().get(address("/downloads/file", "CustomerID", more=[("range", "LIFETIME")]))
    assert answer.text.removeprefix("\ufeff").split() == [
        "CustomerID,Month",
        *("C1,2026-09", "C2,2026-09", "C3,2026-09"),
        *("C1,2026-10", "C2,2026-10", "C3,2026-10"),
    ]


def test_filters_are_added_and_removed_and_the_address_holds_the_definition(world: Small) -> None:
    client = world.reader()
    start = address("/downloads/new", "AccountName", more=only("AzureCluster", "=", "Act Now"))
    added = client.get(f"{start}&do=add").text
    assert added.count('name="filter"') == 2
    assert 'value="Act Now"' in added
    removed = client.get(f"{start}&do=remove-0").text
    assert 'name="filter"' not in removed
    link = next(
        line.split('href="')[1].split('"')[0].replace("&amp;", "&")
        for line in added.splitlines()
        if "Link to this report" in line
    )
    assert client.get(link).text.count('name="value" value="Act Now"') == 1


def test_several_values_stand_between_semicolons(world: Small) -> None:
    chosen = only("AzureCluster", "IN", "Evaluate; Nurture")
    answer = world.reader().get(address("/downloads/file", "CustomerID", more=chosen))
    assert answer.text.removeprefix("\ufeff").split() == ["CustomerID", "C2"]


def test_presets_choose_all_what_a_seller_needs_or_nothing(world: Small) -> None:
    client = world.reader()

    def chosen(preset: str) -> int:
        page = client.get(address("/downloads/new", "AccountName", more=[("do", f"preset-{preset}")])).text
        return sum("checked" in one for one in read(page).inputs if one.get("name") == "column")

    everything = len(picked(client.get(address("/downloads/new")).text))
    assert chosen("all") == everything
    assert chosen("none") == 0
    assert 5 < chosen("seller") < everything / 2


def test_stars_are_kept_and_taken_away(world: Small) -> None:
    client = world.reader()
    told = {"kind": "dataset", "key": "expiring_subscriptions"}
    assert "★" not in client.get("/downloads").text
    assert client.post("/favourites", data=told).status_code == 303
    assert client.get("/downloads").text.count("★") == 1
    client.post("/favourites", data=told)
    assert "★" not in client.get("/downloads").text
    assert client.post("/favourites", data={"kind": "dataset", "key": "nobody"}).status_code == 404
