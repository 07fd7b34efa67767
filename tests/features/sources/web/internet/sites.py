"""All sites of the small internet."""

from tests.features.sources.web.internet.companies import COMPANIES
from tests.features.sources.web.internet.hostile import HOSTILE

SITES = (*COMPANIES, *HOSTILE)
