"""Fingerprints of what sites and shops are made with."""

from features.sources.web.fingerprint import Category, Mark, Where, marked

SITES = (
    *marked(
        "WordPress", "Automattic", Category.SITES, Mark(Where.META, "WordPress", "WordPress 6.8", "Press 6")
    ),
    *marked(
        "Drupal",
        "Drupal",
        Category.SITES,
        Mark(Where.META, "Drupal", "Drupal 10 (https://www.drupal.org)", "Dru 10"),
        Mark(Where.HEADER, "x-generator: Drupal", "x-generator: Drupal 10", "x-generator: Hugo"),
    ),
    *marked(
        "Joomla", "Joomla", Category.SITES, Mark(Where.META, "Joomla!", "Joomla! - Open Source", "Jooml")
    ),
    *marked("TYPO3", "TYPO3", Category.SITES, Mark(Where.META, "TYPO3", "TYPO3 CMS", "TYPO4")),
    *marked(
        "Sitecore",
        "Sitecore",
        Category.SITES,
        Mark(Where.COOKIE, "SC_ANALYTICS_GLOBAL_COOKIE", "SC_ANALYTICS_GLOBAL_COOKIE", "SC_ANALYTICS"),
    ),
    *marked(
        "Adobe Experience Manager",
        "Adobe",
        Category.SITES,
        Mark(
            Where.MARKUP,
            "/etc.clientlibs/",
            '<link href="/etc.clientlibs/acme/a.css">',
            "<p>etc clientlibs</p>",
        ),
    ),
    *marked(
        "Shopify",
        "Shopify",
        Category.SITES,
        Mark(Where.CNAME, "myshopify.com", "shops.myshopify.com", "notmyshopify.com"),
        Mark(Where.HEADER, "x-shopid", "x-shopid: 1", "x-id: 1"),
    ),
    *marked(
        "Wix",
        "Wix",
        Category.SITES,
        Mark(Where.HEADER, "x-wix-request-id", "x-wix-request-id: 1", "x-request-id: 1"),
    ),
    *marked(
        "Squarespace",
        "Squarespace",
        Category.SITES,
        Mark(Where.HEADER, "server: Squarespace", "server: Squarespace", "server: Square"),
    ),
    *marked("Webflow", "Webflow", Category.SITES, Mark(Where.META, "Webflow", "Webflow", "Web")),
    *marked(
        "PrestaShop", "PrestaShop", Category.SITES, Mark(Where.META, "PrestaShop", "PrestaShop", "Presto")
    ),
)
