"""The fourteen products of the SaaS Sales data, all in one report."""

from features.products import Product

PRODUCTS = tuple(
    Product(
        prefix="".join(letter for letter in name if letter.isalnum()),
        name=name,
        report="SaaSPropensity",
        sold_as=(name,),
    )
    for name in (
        "Alchemy",
        "Big Ol Database",
        "ChatBot Plugin",
        "ContactMatcher",
        "Data Smasher",
        "FinanceHub",
        "Marketing Suite",
        "Marketing Suite - Gold",
        "OneView",
        "SaaS Connector Pack",
        "SaaS Connector Pack - Gold",
        "Site Analytics",
        "Storage",
        "Support",
    )
)
