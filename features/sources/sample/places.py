"""The made-up market's vocabulary: industries, countries, programmes and the parts of company names."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Industry:
    """An industry, its share of the market and its verticals."""

    name: str
    share: float
    verticals: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Country:
    """A country, its share of the market, its place in the sales geography, and its cities."""

    name: str
    share: float
    area: str
    subsidiary: str
    territories: tuple[str, ...]
    cities: tuple[tuple[str, str, str], ...]
    """(city, state, first characters of its postal codes)."""


@dataclass(frozen=True, slots=True)
class Programme:
    """A licence programme: whom it suits, how it bills, how its agreements end and renew."""

    name: str
    small: float
    large: float
    monthly: bool
    expiration_type: str
    renewal: float


INDUSTRIES = (
    Industry("Manufacturing", 0.15, ("Discrete Manufacturing", "Process Manufacturing", "Automotive")),
    Industry("Retail", 0.13, ("Specialty Stores", "Grocery", "E-commerce")),
    Industry("Professional Services", 0.16, ("Legal", "Accounting", "Consulting", "Architecture")),
    Industry("Health", 0.10, ("Clinics", "Care Homes", "Pharmacy")),
    Industry("Education", 0.07, ("Schools", "Training")),
    Industry("Financial Services", 0.08, ("Insurance", "Banking", "Wealth Management")),
    Industry("Construction", 0.09, ("Building", "Civil Engineering")),
    Industry("Hospitality", 0.07, ("Hotels", "Restaurants", "Travel")),
    Industry("Technology", 0.08, ("Software", "IT Services", "Telecommunications")),
    Industry("Transportation", 0.05, ("Freight", "Passenger Transport")),
    Industry("Agriculture", 0.02, ("Crops", "Livestock")),
)
COUNTRIES = (
    Country(
        "United States",
        0.30,
        "United States",
        "United States",
        ("US East", "US Central", "US West"),
        (
            ("Columbus", "OH", "432"),
            ("Austin", "TX", "787"),
            ("Tacoma", "WA", "984"),
            ("Albany", "NY", "122"),
        ),
    ),
    Country(
        "Canada",
        0.06,
        "Canada",
        "Canada",
        ("CA East", "CA West"),
        (("Québec", "QC", "G1K"), ("Calgary", "AB", "T2P"), ("Halifax", "NS", "B3J")),
    ),
    Country(
        "United Kingdom",
        0.12,
        "UK",
        "United Kingdom",
        ("UK North", "UK South"),
        (("Leeds", "England", "LS1"), ("Cardiff", "Wales", "CF10"), ("Bristol", "England", "BS1")),
    ),
    Country(
        "Germany",
        0.12,
        "Western Europe",
        "Germany",
        ("DE Nord", "DE Süd"),
        (
            ("München", "Bayern", "803"),
            ("Köln", "Nordrhein-Westfalen", "506"),
            ("Kiel", "Schleswig-Holstein", "241"),
        ),
    ),
    Country(
        "France",
        0.10,
        "Western Europe",
        "France",
        ("FR Nord", "FR Sud"),
        (
            ("Lyon", "Auvergne-Rhône-Alpes", "690"),
            ("Nîmes", "Occitanie", "300"),
            ("Lille", "Hauts-de-France", "590"),
        ),
    ),
    Country(
        "Spain",
        0.06,
        "Western Europe",
        "Spain",
        ("ES",),
        (("Málaga", "Andalucía", "290"), ("Bilbao", "País Vasco", "480")),
    ),
    Country(
        "Poland",
        0.06,
        "Central and Eastern Europe",
        "Poland",
        ("PL",),
        (("Łódź", "Łódzkie", "90-"), ("Gdańsk", "Pomorskie", "80-")),
    ),
    Country(
        "Brazil",
        0.06,
        "Latin America",
        "Brazil",
        ("BR Sul", "BR Norte"),
        (("São Paulo", "SP", "010"), ("Recife", "PE", "500")),
    ),
    Country(
        "Israel",
        0.03,
        "Middle East and Africa",
        "Israel",
        ("IL",),
        (("Haifa", "", "31"), ("Tel Aviv", "", "61")),
    ),
    Country(
        "Australia",
        0.06,
        "Asia Pacific",
        "Australia",
        ("AU",),
        (("Perth", "WA", "60"), ("Hobart", "TAS", "70")),
    ),
    Country(
        "Japan",
        0.03,
        "Asia Pacific",
        "Japan",
        ("JP",),
        (("Sapporo", "Hokkaido", "060"), ("Nagoya", "Aichi", "450")),
    ),
)
PROGRAMMES = (
    Programme("CSP", 0.62, 0.34, True, "Subscription end", 1.6),
    Programme("Open", 0.14, 0.06, False, "Agreement end", 0.2),
    Programme("Open Value", 0.16, 0.12, False, "Software Assurance end", 0.7),
    Programme("EA", 0.02, 0.18, False, "Enrollment end", 1.2),
    Programme("EA Subscription", 0.02, 0.18, False, "Subscription end", 1.4),
    Programme("MPSA", 0.04, 0.12, False, "Agreement end", 0.0),
)
NONPROFIT = (
    ("No", 0.90),
    ("Nonprofit", 0.03),
    ("Approved - Paid", 0.03),
    ("Approved - Free Only", 0.03),
    ("Approved - Inactive", 0.01),
)
FIRST_WORDS = (
    "Alder", "Bright", "Cedar", "Delta", "Ember", "Falcon", "Granite", "Harbour", "Iron", "Juniper",
    "Kestrel", "Linden", "Meadow", "North", "Orchard", "Prairie", "Quarry", "River", "Summit",
    "Timber", "Upland", "Valley", "Willow", "Zenith", "Atlas", "Beacon", "Copper", "Drift",
    "Evergreen", "Fjord",
)  # fmt: skip
SECOND_WORDS = (
    "Works", "Foods", "Systems", "Partners", "Logistics", "Clinic", "Academy", "Builders",
    "Textiles", "Motors", "Media", "Energy", "Farms", "Studios", "Finance", "Hotels", "Instruments",
    "Labs", "Printing", "Tools",
)  # fmt: skip
LEGAL_FORMS = ("Ltd", "GmbH", "Inc.", "SARL", "S.A.", "LLC", "& Sons", "Group", "KG", "Pty Ltd")
NASTY_NAMES = (
    'The "Blue" Door, Inc.',
    "Müller, Söhne & Co. KG",
    "Café Crème, S.A.",
    "=Plus Consulting",
    "+1 Digital",
    "@Home Care",
    "-Minus- Design",
    "חברת הגליל בעמ",
    "شركة النور للتجارة",
    "株式会社さくら",
    "O'Neill; Doyle | Byrne",
    "Łukasz i Wspólnicy Sp. z o.o.",
    "  Leading Space Traders",
    "Ångström \\ Ørsted A/S",
)
