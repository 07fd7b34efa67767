from features.products import PRODUCTS
from features.sources.web.topics import TOPICS, topics_of


def test_every_topic_of_the_products_and_their_rivals_is_declared_and_no_other() -> None:
    assert sorted(topic.name for topic in TOPICS) == list(topics_of(PRODUCTS))


def test_no_topic_names_a_name_or_a_term_twice() -> None:
    for topic in TOPICS:
        assert len(set(topic.names)) == len(topic.names), topic.name
        assert len(set(topic.terms)) == len(topic.terms), topic.name
