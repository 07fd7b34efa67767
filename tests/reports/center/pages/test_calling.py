from reports.center.center import Center
from tests.reports.center.pages.markup import read
from tests.reports.center.signed import add_person, browser


def test_usage_quality_and_queues_are_those_of_ones_own_customers(licensed: Center) -> None:
    client = browser(licensed, add_person(licensed, "seller", partners=("P1",)))
    text = " ".join(read(client.get("/calling").text).text.split())
    assert "Alder <b> 9 3 2 17" in text
    assert "Secret Stones" not in text
    assert "9,999" not in text
    assert "Average time to answer 30.0 s 60 seconds over 2 calls" in text
    assert "A week before: 40.0 s" in text
    assert "Calls given up, each customer counting once 10.0% mean over 3 customers" in text


def test_an_empty_table_says_what_that_means(licensed: Center) -> None:
    client = browser(licensed, add_person(licensed, "seller", partners=("P2",)))
    text = read(client.get("/calling").text).text
    assert "No customer has Webex Calling." in text
    assert "No customer with call queues had a call in one." in text


def test_a_location_sees_its_customers_without_the_charts(licensed: Center) -> None:
    person = add_person(licensed, "location", partners=("P1",), locations=("L1",))
    page = browser(licensed, person).get("/calling").text
    assert "Alder" in page
    assert "data-chart" not in page
