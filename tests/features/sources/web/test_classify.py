import numpy as np
import pytest
from sklearn.metrics import f1_score

from features.sources.web.classify import NAMES, RECIPE, VERSION, Classifier, Told
from features.sources.web.labelled import LANGUAGES, divided, read_texts

CORPUS = divided(read_texts())
FILLER = (
    "The choir sings on Sunday in the old chapel by the river, and everybody from the valley is welcome. "
)


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


def topics(told: tuple[Told, ...]) -> set[str]:
    return {one.topic for one in told}


def test_macro_f1_of_the_held_back_texts_is_at_least_080_in_every_language(classifier: Classifier) -> None:
    for language in LANGUAGES:
        texts = [text for text in CORPUS.held_back if text.language == language]
        told = [topics(one) for one in classifier.classify([text.text for text in texts])]
        expected, found = (
            np.array([[name in one for name in NAMES] for one in rows])
            for rows in ([text.topics for text in texts], told)
        )
        assert f1_score(expected, found, average="macro") >= 0.8, language


def test_learning_again_from_the_same_texts_gives_the_same_weights(classifier: Classifier) -> None:
    again = Classifier.train(CORPUS.learnt)
    np.testing.assert_array_equal(again.weights, classifier.weights)
    np.testing.assert_array_equal(again.biases, classifier.biases)


def test_what_is_told_does_not_hang_on_the_texts_beside_it(classifier: Classifier) -> None:
    texts = [text.text for text in CORPUS.held_back[::7]]
    assert classifier.classify(texts) == tuple(classifier.classify([text])[0] for text in texts)


def test_a_long_page_is_about_what_one_passage_of_it_is_about(classifier: Classifier) -> None:
    said = "This spring every server leaves our data centre, for we are migrating all of it to Azure."
    page = FILLER * 3 + said + " " + FILLER * 3
    [alone, amid] = classifier.classify([said, page])
    assert topics(amid) == topics(alone) == {"azure", "cloud migration"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n ",
        "… !!!",
        "The azure sea was calm.",
        "Wipe the surface with a damp cloth.",
        "Security guards wanted.",
        "Home | Contact | Imprint",
    ],
)
def test_a_text_about_nothing_that_is_sold_has_no_topic(classifier: Classifier, text: str) -> None:
    assert classifier.classify([text]) == ((),)


def test_topics_are_told_from_the_most_probable_on_and_none_below_the_confidence(
    classifier: Classifier,
) -> None:
    for told in classifier.classify([text.text for text in CORPUS.held_back]):
        probabilities = [one.probability for one in told]
        assert probabilities == sorted(probabilities, reverse=True)
        assert all(RECIPE.confidence <= one <= 1 for one in probabilities)


def test_no_texts_are_about_nothing(classifier: Classifier) -> None:
    assert classifier.classify([]) == ()


def test_the_version_is_twelve_digits_that_the_classifier_bears(classifier: Classifier) -> None:
    assert classifier.version == VERSION
    assert len(bytes.fromhex(VERSION)) == 6
