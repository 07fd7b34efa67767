"""A month on what sites published: the collector reads them, and a seller's reason quotes the page."""

import re
import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from features.periods import as_of
from features.sources.known import attributed_rows
from features.sources.tables import ACCOUNTS, SIGNALS, TECHNOLOGIES
from features.sources.web.outcomes import Outcome
from features.sources.world import World, connect
from pipelines import collecting
from tests.end_to_end.commands import MONTH, empty, here, of_month, report_of, rows
from tests.end_to_end.place import AZURE
from tests.features.sources.web.internet.clock import Clock
from tests.features.sources.web.internet.companies import DULL, declaring, posting
from tests.features.sources.web.internet.companies import home as welcome
from tests.features.sources.web.internet.servers import Internet, serving
from tests.features.sources.web.internet.site import Site, article
from tests.features.sources.web.internet.visiting import CONTACT

COLLECTED_ON = Clock(-45)
"""Eleven days before the as-of date: what is collected is known from then on, and never before."""
SERVED = 12
WRITTEN = {
    "en": (
        "Our move to the cloud",
        "All our servers move to Microsoft Azure this winter.",
        "Azure Virtual Machines and Azure SQL Database take over from the machines in our cellar.",
    ),
    "es": (
        "Nuestro paso a la nube",
        "Este invierno migramos todos nuestros servidores a Microsoft Azure.",
        "Azure Kubernetes Service y Azure SQL Database sustituyen a las máquinas del sótano.",
    ),
    "fr": (
        "Notre passage au cloud",
        "Cet hiver, tous nos serveurs migrent vers Microsoft Azure.",
        "Azure Kubernetes Service et Azure SQL Database remplacent les machines de la cave.",
    ),
    "tr": (
        "Buluta geçiyoruz",
        "Bu kış bütün sunucularımızı Microsoft Azure'a taşıyoruz.",
        "Azure Kubernetes Service ve Azure SQL Database bodrumdaki makinelerin yerini alıyor.",
    ),
}
"""A title and sentences about Azure, by language."""
JOB = "You know Microsoft Azure: Azure Kubernetes Service, Azure Functions and Bicep are our daily work."


@dataclass(frozen=True, slots=True)
class Month:
    """The month's inputs, the home in which it is published, and the sites that were collected from."""

    place: Path
    home: Path
    said: Mapping[str, Collection[tuple[str, str]]]
    """What can be quoted of each site, and on which day it was published."""

    def collected(self, table: str) -> list[dict[str, Any]]:
        """The rows that the collector wrote, beside the world's own."""
        files = sorted((self.place / table).glob("[0-9]*.parquet"))
        return [row for file in files for row in pq.read_table(file).to_pylist()]


def site(domain: str, lang: str) -> Site:
    """A company that tells, in a language, of its move to Azure, and seeks somebody who knows it."""
    title, *sentences = WRITTEN[lang]
    return Site(
        domain=domain,
        shows="a blog, in a language, and a job",
        outcome=Outcome.COLLECTED,
        answers={
            "/": welcome("/blog/azure", "/blog/cake", "/careers"),
            "/blog/azure": article(title, *sentences, on="2026-10-12", lang=lang),
            "/blog/cake": article("Cake", *DULL, on="2026-10-13"),
            "/careers": declaring("Careers", posting("Cloud engineer", JOB, "2026-10-05")),
        },
        records=(("", "MX", f"10 {domain.replace('.', '-')}.mail.protection.outlook.com."),),
    )


def served_domains(home: Path) -> list[str]:
    """The domains of the first customers that are to be acted on before anybody reads their sites."""
    found = rows(home, AZURE)
    listed = [row["Domain"] for row in found if row["AzureCluster"] in ("Act Now", "Evaluate")]
    alone = {domain for domain in listed if [row["Domain"] for row in found].count(domain) == 1}
    return sorted(alone - {""})[:SERVED]


def with_sites(world: Path, to: Path) -> Path:
    """Copy a world under domains that can be collected from, with its own rows where others may join them."""
    shutil.copytree(world, to, ignore=shutil.ignore_patterns("truth"))
    for table in (ACCOUNTS, SIGNALS, TECHNOLOGIES):
        path = to / f"{table.name}.parquet"
        known = pq.read_table(path)
        at = known.schema.get_field_index("domain")
        known = known.set_column(at, "domain", pc.replace_substring(known["domain"], ".example", ".com"))
        path.unlink()
        own = path if table is ACCOUNTS else to / table.name / "own.parquet"
        own.parent.mkdir(exist_ok=True)
        pq.write_table(known, own)
    return to


def settings_for(internet: Internet) -> dict[str, str]:
    settings = {
        "CONTACT": CONTACT,
        "DELAY_SECONDS": "0.02",
        "NAMESERVER": f"127.0.0.1:{internet.dns_port}",
        "ALLOWS_PRIVATE_ADDRESSES": "true",
        "PORTS": f"80={internet.http_port},443={internet.closed_port}",
    }
    return {f"ASCENT_COLLECTOR_{name}": value for name, value in settings.items()}


@pytest.fixture(scope="module")
def month(world: Path, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Month:
    """The month again, by the same models, after the sites of a dozen customers were read."""
    folder = tmp_path_factory.mktemp("collected")
    place, again = with_sites(world, folder / "place"), folder / "home"
    shutil.copytree(home, again, symlinks=True)
    empty(again)
    domains = [domain.replace(".example", ".com") for domain in served_domains(home)]
    langs = dict(zip(domains, cycle(WRITTEN), strict=False))
    sites = [site(domain, lang) for domain, lang in langs.items()]
    listed = folder / "domains.txt"
    listed.write_text("\n".join(domains), "utf-8")
    with serving(sites) as internet, patch.object(collecting, "now", COLLECTED_ON):
        ended = here("collect", "--domains", listed, "--to", place, "--home", again, **settings_for(internet))
    assert ended.code == 0, ended.err
    ended = here("monthly", *of_month(place, again))
    assert ended.code == 0, ended.err
    said = {
        domain: {(JOB, "5 Oct 2026"), *((sentence, "12 Oct 2026") for sentence in WRITTEN[lang])}
        for domain, lang in langs.items()
    }
    return Month(place, again, said)


def test_what_was_collected_is_accepted_beside_the_worlds_own_rows(month: Month, home: Path) -> None:
    told, before = report_of(month.home), report_of(home)
    assert told["breaches"] == before["breaches"]
    for table in (SIGNALS.name, TECHNOLOGIES.name):
        counts, own = (next(one for one in each["tables"] if one["name"] == table) for each in (told, before))
        assert counts["accepted"] == own["accepted"] + len(month.collected(table))
        assert counts["later"] == 0


def test_what_was_collected_is_known_when_it_was_collected_and_not_before(month: Month) -> None:
    collected = month.collected(SIGNALS.name)
    assert {row["known_at"] for row in collected} == {COLLECTED_ON()}
    assert {row["happened_at"].date().isoformat() for row in collected} == {"2026-10-05", "2026-10-12"}


def test_each_site_tells_of_the_customer_that_has_its_domain(month: Month) -> None:
    inputs = World(month.home / "work" / MONTH / "tables", (ACCOUNTS, SIGNALS))
    with connect(threads=1) as engine:
        found = engine.execute(f"""
            SELECT DISTINCT s.domain, a.domain
            FROM {attributed_rows(inputs, SIGNALS, (as_of(MONTH),))} s
            LEFT JOIN {inputs.rows(ACCOUNTS)} a USING (account_id)
            WHERE s.classifier IS NOT NULL""").fetchall()
    assert sorted(found) == sorted((domain, domain) for domain in month.said)


def test_a_seller_reads_what_the_customers_page_says_with_its_host_and_day(month: Month) -> None:
    quoting = set()
    for row in rows(month.home, AZURE):
        quoted = re.findall(r'"([^"]+)" \(([^,()]+\.com), ([^()]+)\)', row["AzureSignalExplanation"])
        for words, host, day in quoted:
            assert host == row["Domain"]
            assert (words, day) in month.said[host]
        if quoted and row["AzureCluster"] in ("Act Now", "Evaluate"):
            quoting.add(row["Domain"])
    assert len(quoting) > SERVED / 2


def test_a_site_moves_the_rows_of_its_own_customer_alone(month: Month, home: Path) -> None:
    before, after = rows(home, AZURE), rows(month.home, AZURE)
    moved = {
        now["Domain"]
        for then, now in zip(sorted(before, key=whose), sorted(after, key=whose), strict=True)
        if {**then, "Domain": ""} != {**now, "Domain": ""}
    }
    assert len(moved) > SERVED / 2
    assert moved <= set(month.said)


def whose(row: dict[str, str]) -> tuple[str, str]:
    """Whose row it is, and which partner's."""
    return row["CustomerID"], row["GlobalID"]
