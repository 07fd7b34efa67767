"""The one thing that the marketplace sells to a lead: becoming a seller."""

from features.products import Product

PRODUCTS = (
    Product(
        prefix="Seller",
        name="a seller's account",
        report="OlistPropensity",
        sold_as=("Seller",),
        # The channels of somebody who was looking. Social media, e-mail and display ads went to them instead.
        topics=("organic_search", "paid_search", "direct_traffic", "referral"),
        scope="own_won__Seller = 0",
        scope_told="leads that have not become sellers",
    ),
)
