"""What differs between machines and users, read once: HOME/settings.toml, then ASCENT_* variables."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from features.errors import CallRefused

MEMORY = re.compile(r"([0-9]+(?:\.[0-9]+)?) ?([KMGT])(i?)B", re.IGNORECASE)


MADE_NOTHING = ("memory", "jobs", "exchange", "tracking", "center_", "provider_", "collector_")
"""How settings begin that no published byte depends on."""
BASE_URL = re.compile(r"(https?://[^/?#@]+)?")
CONTACT = re.compile(r"(https?://[!-~]+|[!-?A-~]+@[!-?A-~]+\.[!-?A-~]+)?")
CONTACT_TOLD = "a web or e-mail address, such as https://example.com/collector"
NAMESERVER = re.compile(r"([0-9.]+:[0-9]{1,5}|\[[0-9a-fA-F:]+\]:[0-9]{1,5})?")
PORTS = re.compile(r"([0-9]{1,5}=[0-9]{1,5}(,[0-9]{1,5}=[0-9]{1,5})*)?")
PASSWORD_IN_URL = re.compile(r"://[^/@:]*:[^/@]+@")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """The settings of a run: keys of settings.toml and, in capitals after ASCENT_, variables."""

    memory: str = field(
        default="2GB", metadata={"told": "Memory the engine may use before it spills to disk."}
    )
    jobs: int = field(
        default=2, metadata={"told": "Products trained, and buckets of customers scored, at the same time."}
    )
    exchange: str = field(
        default="",
        metadata={
            "told": "URL of storage that workers of a cluster go through; empty means HOME, which all mount."
        },
    )
    seed: int = field(default=7, metadata={"told": "Seed of everything that draws."})
    publish_day: int = field(default=25, metadata={"told": "Day of the month a run stands on, 1 to 28."})
    tracking: str = field(
        default="", metadata={"told": "MLflow store as a database URL; empty means HOME/mlflow.db."}
    )
    bad_rows_at_most: float = field(
        default=0.01, metadata={"told": "Share of bad rows in a table above which the run stops."}
    )
    renewals_within_days: int = field(
        default=365, metadata={"told": "Agreements that end within so many days are listed as renewals."}
    )
    clusters: str = field(
        default="letters", metadata={"told": "Table from cell to cluster: `letters` or `balanced`."}
    )
    customers_in_training: int = field(
        default=25_000,
        metadata={"told": "Customers that models learn from whatever they did, at most, chosen by a hash."},
    )
    purchases_in_training: int = field(
        default=50_000,
        metadata={"told": "Purchases of a product that models learn from besides; fewer are all kept."},
    )
    retrain_months: int = field(
        default=3, metadata={"told": "A model this many months old is due for training again."}
    )
    license_soon_days: int = field(
        default=90, metadata={"told": "Licence KPIs: days of recently added, expiring and renewing."}
    )
    license_expires_soon_days: int = field(
        default=7, metadata={"told": "Licence KPIs: days before its end from which a customer expires soon."}
    )
    license_no_activity_days: int = field(
        default=90, metadata={"told": "Licence KPIs: days without a sign-in of an admin until it is told."}
    )
    license_least_peers: int = field(
        default=8, metadata={"told": "Licence KPIs: peers that a low assignment is judged by at least."}
    )
    license_low_assignment_percent: int = field(
        default=80, metadata={"told": "Licence KPIs: assignment from which on it is never called low."}
    )
    license_low_adoption_percent: int = field(
        default=40, metadata={"told": "Licence KPIs: usage below which training is offered."}
    )
    license_how_to_per_100: int = field(
        default=5, metadata={"told": "Licence KPIs: how-to tickets per 100 licences that call for training."}
    )
    poor_call_packet_loss_percent: float = field(
        default=5.0, metadata={"told": "Licence KPIs: packet loss above which an ungraded call is poor."}
    )
    poor_call_latency_ms: float = field(
        default=400.0, metadata={"told": "Licence KPIs: latency above which an ungraded call is poor."}
    )
    poor_call_jitter_ms: float = field(
        default=150.0, metadata={"told": "Licence KPIs: jitter above which an ungraded call is poor."}
    )
    partner_id: str = field(
        default="partner", metadata={"told": "The one partner's id where the inputs name no partners."}
    )
    partner_name: str = field(
        default="Partner", metadata={"told": "The one partner's name where the inputs name no partners."}
    )
    center_database: str = field(
        default="",
        repr=False,
        metadata={"told": "Download centre: SQLite or PostgreSQL URL; empty means HOME/center/center.db."},
    )
    center_base_url: str = field(
        default="",
        metadata={"told": "Download centre: how it is reached from outside; empty means where it listens."},
    )
    center_session_hours: int = field(
        default=12,
        metadata={"told": "Download centre: hours after which people sign in again."},
    )
    center_token_days: int = field(
        default=365,
        metadata={"told": "Download centre: days a program's token lives at most."},
    )
    center_link_hours: int = field(
        default=24, metadata={"told": "Download centre: hours a link to a report holds."}
    )
    center_sign_ins_per_quarter_hour: int = field(
        default=10,
        metadata={
            "told": "Download centre: failed sign-ins of an account or address before more are refused."
        },
    )
    center_allows_private_callbacks: bool = field(
        default=False,
        metadata={"told": "Download centre: callbacks may go to addresses of private networks."},
    )
    center_seconds_between_schedules: int = field(
        default=30,
        metadata={"told": "Download centre: seconds after which due reports are looked for again."},
    )
    provider_issuer: str = field(
        default="",
        metadata={"told": "Identity provider: its issuer, an https address; empty means none."},
    )
    provider_client_id: str = field(
        default="", metadata={"told": "Identity provider: the id it knows the centre by."}
    )
    provider_client_secret: str = field(
        default="",
        repr=False,
        metadata={
            "told": "Identity provider: the centre's secret; only as a variable.",
            "secret": True,
        },
    )
    provider_name: str = field(
        default="your organization",
        metadata={"told": "Identity provider: what people call it."},
    )

    collector_contact: str = field(
        default="",
        metadata={"told": "Signal collector: web or e-mail address that sites can complain to; must be set."},
    )
    collector_delay_seconds: float = field(
        default=1.0,
        metadata={"told": "Signal collector: seconds between two requests to a company at least."},
    )
    collector_pages: int = field(
        default=40, metadata={"told": "Signal collector: pages asked of a company in a day at most."}
    )
    collector_megabytes: float = field(
        default=20.0, metadata={"told": "Signal collector: megabytes read of a company in a day at most."}
    )
    collector_minutes: float = field(
        default=15.0, metadata={"told": "Signal collector: minutes given to a company in a day at most."}
    )
    collector_page_megabytes: float = field(
        default=2.0, metadata={"told": "Signal collector: megabytes of an answer above which it is left."}
    )
    collector_page_seconds: float = field(
        default=30.0, metadata={"told": "Signal collector: seconds after which an answer is left."}
    )
    collector_hosts_at_once: int = field(
        default=200, metadata={"told": "Signal collector: companies visited at the same time by a process."}
    )
    collector_nameserver: str = field(
        default="",
        metadata={"told": "Signal collector: nameserver as ADDRESS:PORT; empty means the system's."},
    )
    collector_allows_private_addresses: bool = field(
        default=False,
        metadata={"told": "Signal collector: sites may be on private networks or on this machine."},
    )
    collector_ports: str = field(
        default="",
        metadata={"told": "Signal collector: other ports to connect to, such as 80=8080,443=8443."},
    )

    @property
    def that_made_a_month(self) -> dict[str, str | int | float | bool]:
        """Those that a month depends on: not what differs between machines, nor the download centre's."""
        return {
            one.name: getattr(self, one.name) for one in fields(self) if not one.name.startswith(MADE_NOTHING)
        }


def in_megabytes(memory: str) -> int:
    """Return an amount of memory such as `2GB` or `512 MiB` in megabytes of a million bytes."""
    told = MEMORY.fullmatch(memory)
    assert told is not None, memory
    amount, prefix, binary = told.groups()
    return int(float(amount) * (1024 if binary else 1000) ** (1 + "KMGT".index(prefix.upper())) / 1e6)


def read_settings(home: Path, environment: Mapping[str, str]) -> Settings:
    """Read the settings of a home; variables win over the file.

    Raises:
        CallRefused: the file is no TOML, names an unknown setting, or holds a value of the wrong type.
    """
    given: dict[str, object] = {}
    path = home / "settings.toml"
    if path.exists():
        try:
            given.update(tomllib.loads(path.read_text("utf-8")))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise CallRefused(f"{path} is no TOML: {error}.") from None
    known = {setting.name for setting in fields(Settings)}
    if strangers := sorted(set(given) - known):
        raise CallRefused(
            f"{path} names {len(strangers)} unknown settings: {', '.join(strangers)}. Known are: "
            f"{', '.join(sorted(known))}."
        )
    _check_no_secrets(path, given)
    for name in known:
        variable = f"ASCENT_{name.upper()}"
        if variable in environment:
            given[name] = environment[variable]
    return _checked(Settings(**{name: _typed(name, value) for name, value in given.items()}))  # type: ignore[arg-type]


def _check_no_secrets(path: Path, given: Mapping[str, object]) -> None:
    secret = {one.name for one in fields(Settings) if one.metadata.get("secret")}
    found = [name for name, value in given.items() if name in secret or PASSWORD_IN_URL.search(str(value))]
    if found:
        raise CallRefused(
            f"{path} holds {len(found)} secrets: {', '.join(found)}. Give them as variables:"
            f" {', '.join(f'ASCENT_{name.upper()}' for name in found)}."
        )


def _typed(name: str, value: object) -> object:
    kind = type(getattr(Settings(), name))
    if kind is bool:
        return _yes_or_no(name, value)
    if isinstance(value, str) and kind is not str:
        try:
            return kind(value)
        except ValueError:
            raise CallRefused(f"The setting {name} must be {kind.__name__}; got {value!r}.") from None
    if kind is float and isinstance(value, int):
        return float(value)
    if not isinstance(value, kind) or isinstance(value, bool):
        raise CallRefused(f"The setting {name} must be {kind.__name__}; got {value!r}.")
    return value


def _yes_or_no(name: str, value: object) -> bool:
    known = {"true": True, "false": False}
    if str(value).lower() not in known:
        raise CallRefused(f"The setting {name} must be true or false; got {value!r}.")
    return known[str(value).lower()]


def _checked(settings: Settings) -> Settings:
    bounds = (
        ("memory", MEMORY.fullmatch(settings.memory) is not None, "like 2GB or 512MB"),
        ("publish_day", 1 <= settings.publish_day <= 28, "1 to 28"),
        ("jobs", settings.jobs >= 1, "at least 1"),
        ("bad_rows_at_most", 0 <= settings.bad_rows_at_most <= 1, "0 to 1"),
        ("clusters", settings.clusters in ("letters", "balanced"), "`letters` or `balanced`"),
        ("renewals_within_days", settings.renewals_within_days >= 1, "at least 1"),
        ("customers_in_training", settings.customers_in_training >= 100, "at least 100"),
        ("purchases_in_training", settings.purchases_in_training >= 100, "at least 100"),
        ("retrain_months", settings.retrain_months >= 1, "at least 1"),
        ("center_base_url", BASE_URL.fullmatch(settings.center_base_url) is not None, "like https://HOST"),
        ("center_session_hours", settings.center_session_hours >= 1, "at least 1"),
        ("center_token_days", settings.center_token_days >= 1, "at least 1"),
        ("center_link_hours", settings.center_link_hours >= 1, "at least 1"),
        ("center_sign_ins_per_quarter_hour", settings.center_sign_ins_per_quarter_hour >= 1, "at least 1"),
        ("center_seconds_between_schedules", settings.center_seconds_between_schedules >= 1, "at least 1"),
        ("collector_contact", CONTACT.fullmatch(settings.collector_contact) is not None, CONTACT_TOLD),
        ("collector_delay_seconds", settings.collector_delay_seconds >= 0, "at least 0"),
        ("collector_pages", settings.collector_pages >= 1, "at least 1"),
        ("collector_megabytes", settings.collector_megabytes > 0, "above 0"),
        ("collector_minutes", settings.collector_minutes > 0, "above 0"),
        ("collector_page_megabytes", settings.collector_page_megabytes > 0, "above 0"),
        ("collector_page_seconds", settings.collector_page_seconds > 0, "above 0"),
        ("collector_hosts_at_once", settings.collector_hosts_at_once >= 1, "at least 1"),
        (
            "collector_nameserver",
            NAMESERVER.fullmatch(settings.collector_nameserver) is not None,
            "like 192.0.2.1:53",
        ),
        ("collector_ports", PORTS.fullmatch(settings.collector_ports) is not None, "like 80=8080,443=8443"),
        (
            "provider_client_id",
            bool(settings.provider_client_id) == bool(settings.provider_issuer),
            "given together with provider_issuer",
        ),
    )
    for name, holds, told in bounds:
        if not holds:
            raise CallRefused(f"The setting {name} must be {told}; got {getattr(settings, name)!r}.")
    return settings
