"""What a run was asked to do, and where it keeps what."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from features import periods
from features.customers import Partner
from features.products import Catalogue
from features.sources.keep import CUSTOMERS_IN_BUCKET
from features.sources.mapping import Mapping
from pipelines.settings import Settings


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A month to make from the tables in a place, for a home."""

    month: str
    home: Path
    settings: Settings
    place: Path | None = None
    mapping: Mapping | None = None
    catalogue: Catalogue = field(default_factory=Catalogue)
    accept: str | None = None
    day: date | None = None
    """The as-of date where it is not the publish day of the month."""
    cluster: str | None = None
    """The address of a Dask scheduler whose workers do the buckets; they must see the home."""
    customers_in_bucket: int = CUSTOMERS_IN_BUCKET
    """Customers that are worked on at once: memory depends on it, and nothing that is published."""

    def __post_init__(self) -> None:
        """Refuse what is no month before any folder has its name."""
        periods.month_start(self.month)

    @property
    def as_of(self) -> date:
        """The as-of date: the publish day of the month, unless another day is asked for."""
        return self.day or periods.as_of(self.month, day=self.settings.publish_day)

    @property
    def work(self) -> Path:
        """Where the run keeps what it is working on."""
        return self.home / "work" / self.month

    @property
    def quarantine(self) -> Path:
        """Where rejected rows are put."""
        return self.home / "quarantine" / self.month

    @property
    def runs(self) -> Path:
        """Where the report of the last run of the month is."""
        return self.home / "runs" / self.month

    @property
    def partner(self) -> Partner:
        """The one partner of a world without partners."""
        return Partner(self.settings.partner_id, self.settings.partner_name)
