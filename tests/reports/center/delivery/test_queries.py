import uuid
from dataclasses import replace

import pytest
import sqlalchemy as sa

from features.products import Catalogue, Product
from reports.center.database.engine import acting_for_all
from reports.center.database.tables import SavedQuery
from reports.center.datasets import datasets_of
from reports.center.delivery.grammar import parse
from reports.center.delivery.queries import (
    MOST_QUERIES,
    MOST_TEMPLATES,
    create_query,
    delete_query,
    find_query,
    list_queries,
    system_queries,
)
from reports.center.delivery.refusals import DeliveryRefused, NotAllowed, NotThere
from reports.center.query import Condition, Operator, Query, QueryRefused
from tests.reports.center.delivery.small import TEXT, Small

VENDOR = {
    "CLASAzurePropensity": "9a18bd70-8f90-4bd2-8266-5f6e453e3ee7",
    "CLASD365Propensity": "258fdcac-6e9c-4072-af27-b1b3d97be16c",
    "CLASM365Propensity": "fbe00e32-fdde-4465-b3e4-41bbd021a130",
    "CLASSurfacePropensity": "ba339743-7594-439f-bb01-1a2e754df7b7",
    "CLASAgreementRenewalsPropensity": "c4fc87ac-4cca-44cd-bf4d-835ac513f9ee",
}


def test_system_queries_have_the_vendor_s_ids_and_all_columns_of_their_reader(small: Small) -> None:
    for person in (small.ada, small.viewer):
        scope = small.center.scope(person)
        found = {one.name: one for one in system_queries(scope)}
        assert {name: found[name].id for name in VENDOR} == VENDOR
        assert found.keys() - VENDOR.keys() == {"CLASSecurityPropensity"}
        for name, query in found.items():
            assert query.query.columns == tuple(field.name for field in scope.fields[name])


def test_datasets_of_another_catalogue_have_ids_that_stay(small: Small) -> None:
    crm = Product(prefix="Crm", name="Our CRM", report="CrmPropensity", sold_as=("CRM",), topics=("crm",))
    other = replace(small.center, datasets=datasets_of(Catalogue((crm,))))
    told = [one.id for one in system_queries(other.scope(small.ada)) if one.name == "CrmPropensity"]
    assert told == ["c3296874-7ef4-5bb4-94c3-855d6d7587ba"]
    assert uuid.UUID(told[0]).version == 5


def test_a_query_is_kept_with_its_names_as_they_are_declared(small: Small) -> None:
    text = "select accountname from clasazurepropensity where COUNTRY = 'Spain'"
    kept = create_query(small.center, small.ada, parse(text), name=" Spain ", description="d")
    assert (kept.name, kept.text) == (
        "Spain",
        "SELECT AccountName FROM CLASAzurePropensity WHERE Country = 'Spain'",
    )
    assert list_queries(small.center, small.ada) == (kept,)
    assert find_query(small.center, small.ada, kept.id.upper()) == kept
    assert list_queries(small.center, small.bea) == ()
    delete_query(small.center, small.ada, kept.id)
    assert list_queries(small.center, small.ada) == ()


def test_a_page_keeps_values_that_programs_cannot_write(small: Small) -> None:
    state = Condition(column="AzureScoreState", operator=Operator.IN, values=("Not scored: out of scope",))
    query = Query(dataset="CLASAzurePropensity", columns=("AccountName",), where=(state,))
    kept = create_query(small.center, small.ada, query, name="out of scope")
    assert find_query(small.center, small.ada, kept.id).query == query


def test_what_is_hidden_or_another_s_is_not_there(small: Small) -> None:
    hidden = parse("SELECT AzureExpectedRevenue FROM CLASAzurePropensity")
    with pytest.raises(QueryRefused):
        create_query(small.center, small.viewer, hidden, name="money")
    kept = create_query(small.center, small.ada, hidden, name="money")
    with pytest.raises(NotThere):
        find_query(small.center, small.bea, kept.id)
    with pytest.raises(NotThere):
        delete_query(small.center, small.bea, kept.id)
    with pytest.raises(NotAllowed):
        delete_query(small.center, small.ada, VENDOR["CLASAzurePropensity"])


def test_a_person_has_so_many_templates_and_queries(small: Small) -> None:
    def keep(*, is_template: bool = False) -> None:
        create_query(small.center, small.ada, parse(TEXT), name="n", is_template=is_template)

    def fill(count: int, *, is_template: bool) -> None:
        rows = [
            {
                "id": str(uuid.uuid4()),
                "user_id": small.ada.id,
                "name": "n",
                "description": "",
                "query": TEXT,
                "is_template": is_template,
                "created_at": small.clock.at,
            }
            for _ in range(count)
        ]
        with acting_for_all(small.center.database) as session:
            session.execute(sa.insert(SavedQuery), rows)

    fill(MOST_TEMPLATES - 1, is_template=True)
    keep(is_template=True)
    with pytest.raises(DeliveryRefused, match="at most 200 templates"):
        keep(is_template=True)
    fill(MOST_QUERIES - MOST_TEMPLATES - 1, is_template=False)
    keep()
    with pytest.raises(DeliveryRefused, match="at most 2,000 queries"):
        keep()
