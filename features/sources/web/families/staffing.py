"""Fingerprints of human resources and recruiting."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

STAFFING = (
    *marked(
        "Workday",
        "Workday",
        Category.HUMAN_RESOURCES,
        Mark(
            Where.LINK,
            "*.myworkdayjobs.com",
            "https://acme.wd3.myworkdayjobs.com/careers",
            "https://myworkday.example/",
        ),
        Mark(Where.TXT, "workday-domain-verification=", "workday-domain-verification=1", "workday=1"),
    ),
    *marked(
        "SAP SuccessFactors",
        "SAP",
        Category.HUMAN_RESOURCES,
        Mark(
            Where.LINK,
            "*.successfactors.com",
            "https://career4.successfactors.com/career?company=acme",
            "https://www.successfactors.com/",
        ),
        Mark(
            Where.LINK,
            "*.successfactors.eu",
            "https://career5.successfactors.eu/career",
            "https://www.successfactors.eu/",
        ),
        Mark(
            Where.TXT,
            "successfactors-site-verification=",
            "successfactors-site-verification=Yz",
            "successfactor=Yz",
        ),
    ),
    *marked(
        "Personio",
        "Personio",
        Category.HUMAN_RESOURCES,
        Mark(
            Where.LINK, "*.jobs.personio.com", "https://acme.jobs.personio.com/", "https://www.personio.com/"
        ),
        Mark(Where.LINK, "*.jobs.personio.de", "https://acme.jobs.personio.de/", "https://www.personio.de/"),
    ),
    *marked(
        "BambooHR",
        "BambooHR",
        Category.HUMAN_RESOURCES,
        Mark(Where.LINK, "*.bamboohr.com", "https://acme.bamboohr.com/careers", "https://www.bamboohr.com/"),
    ),
    *marked(
        "Greenhouse",
        "Greenhouse",
        Category.HUMAN_RESOURCES,
        Mark(
            Where.SCRIPT,
            "boards.greenhouse.io",
            "https://boards.greenhouse.io/embed/job_board/js",
            "https://www.greenhouse.io/x",
        ),
        Mark(
            Where.LINK,
            "boards.greenhouse.io",
            "https://boards.greenhouse.io/acme",
            "https://greenhouse.example/acme",
        ),
    ),
    *marked(
        "Teamtailor",
        "Teamtailor",
        Category.HUMAN_RESOURCES,
        Mark(Where.CNAME, "ext.teamtailor.com", "ext.teamtailor.com", "teamtailor.example"),
        Mark(Where.LINK, "*.teamtailor.com", "https://acme.teamtailor.com/", "https://www.teamtailor.com/"),
    ),
)
