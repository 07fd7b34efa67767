"""Which topic a page of one's own site is about, by the words of its path."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from features.products import PRODUCTS

ALSO = {
    "azure": "azure",
    "microsoft-azure": "azure",
    "cloud-migration": "cloud migration",
    "migracion-a-la-nube": "cloud migration",
    "migration-cloud": "cloud migration",
    "bulut-gecisi": "cloud migration",
    "aws": "aws",
    "amazon-web-services": "aws",
    "google-cloud": "google cloud",
    "gcp": "google cloud",
    "microsoft-365": "microsoft 365",
    "m365": "microsoft 365",
    "office-365": "microsoft 365",
    "copilot": "copilot",
    "microsoft-365-copilot": "copilot",
    "teams": "collaboration",
    "collaboration": "collaboration",
    "google-workspace": "google workspace",
    "security": "security",
    "cybersecurity": "security",
    "seguridad": "security",
    "securite": "security",
    "guvenlik": "security",
    "defender": "security",
    "compliance": "compliance",
    "surface": "surface",
    "device-refresh": "device refresh",
    "erp": "erp",
    "business-central": "business central",
    "dynamics-365-business-central": "business central",
    "crm": "crm",
    "dynamics-365-sales": "sales automation",
    "sales-automation": "sales automation",
    "low-code": "low code",
    "power-platform": "power platform",
    "power-apps": "power platform",
    "powerapps": "power platform",
}
"""Segments of a path and the topic they stand for."""
OF_SEGMENT: Mapping[str, str] = {
    topic.replace(" ", "-"): topic for product in PRODUCTS for topic in product.topics + product.rival_topics
} | ALSO


def topic_of(address: str, of_segment: Mapping[str, str] = OF_SEGMENT) -> str:
    """Return the topic of the last segment that stands for one, with or without an ending; else nothing."""
    for segment in reversed(urlsplit(address).path.lower().split("/")):
        topic = of_segment.get(segment) or of_segment.get(segment.rpartition(".")[0])
        if topic:
            return topic
    return ""
