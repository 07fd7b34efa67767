"""The seven products of the Maven CRM data, all in one report."""

from features.products import Product

PRODUCTS = tuple(
    Product(prefix=name.replace(" ", ""), name=name, report="MavenPropensity", sold_as=(name,))
    for name in (
        "GTK 500",
        "GTX Basic",
        "GTX Plus Basic",
        "GTX Plus Pro",
        "GTX Pro",
        "MG Advanced",
        "MG Special",
    )
)
