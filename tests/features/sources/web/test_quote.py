import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from features.sources.web.classify import NAMES, Classifier
from features.sources.web.quote import quotations
from features.sources.web.texts import LONGEST_QUOTATION


@pytest.fixture(scope="module")
def classifier() -> Classifier:
    return Classifier.load()


def quotation(text: str, topic: str, classifier: Classifier) -> str:
    ((quoted,),) = quotations([(text, [topic])], classifier)
    return quoted


@pytest.mark.parametrize(
    ("text", "topic", "quoted"),
    [
        (
            "News of the mill\nThe wheel turns again. We moved our servers to Azure. Rye is sold out.",
            "azure",
            "We moved our servers to Azure.",
        ),
        (
            "Le pont est réparé. Nous recrutons un consultant Salesforce à Nantes. La foire a lieu en mai.",
            "crm rivals",
            "Nous recrutons un consultant Salesforce à Nantes.",
        ),
        (
            "Okullar açıldı. Yeni ERP pazartesi canlıya alındı! Ekmek fiyatı değişmedi.",
            "erp",
            "Yeni ERP pazartesi canlıya alındı!",
        ),
    ],
)
def test_the_sentence_is_quoted_that_speaks_most_for_the_topic(
    classifier: Classifier, text: str, topic: str, quoted: str
) -> None:
    assert quotation(text, topic, classifier) == quoted


def test_each_topic_of_a_text_has_its_own_sentence(classifier: Classifier) -> None:
    text = "Our mail runs on Google Workspace. The shop tills are guarded by Sophos."
    topics = ("google workspace", "endpoint protection rivals")
    assert quotations([("", ["azure"]), (text, topics), ("A CRM.", ["crm"])], classifier) == (
        ("",),
        ("Our mail runs on Google Workspace.", "The shop tills are guarded by Sophos."),
        ("A CRM.",),
    )


def test_of_a_long_sentence_the_part_that_speaks_for_the_topic_is_quoted(classifier: Classifier) -> None:
    filler = "the choir sang in the chapel and everybody from the valley came to hear it, "
    text = f"On Sunday {filler * 3}while our servers were migrated to Azure, {filler * 3}and that was all."
    quoted = quotation(text, "azure", classifier)
    assert quoted.startswith("… while our servers were migrated to Azure, ")
    assert quoted.endswith("…")
    assert len(quoted) <= LONGEST_QUOTATION


def test_no_address_and_no_telephone_number_is_quoted(classifier: Classifier) -> None:
    text = "For our Azure project write to ada.byron@contoso.com or ring +44 20 7946 0958 until May."
    quoted = quotation(text, "azure", classifier)
    assert quoted.startswith("For our Azure project write to ")
    assert not any(part in quoted for part in ("@", "byron", "7946", "0958"))


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(max_size=900), topic=st.sampled_from(NAMES))
def test_whatever_the_text_the_quotation_is_short_and_in_one_line(
    classifier: Classifier, text: str, topic: str
) -> None:
    quoted = quotation(text, topic, classifier)
    assert len(quoted) <= LONGEST_QUOTATION
    assert "\n" not in quoted


def test_an_empty_text_has_no_quotation(classifier: Classifier) -> None:
    assert quotation(" \n", "azure", classifier) == ""


def test_an_unknown_topic_is_a_bug(classifier: Classifier) -> None:
    with pytest.raises(ValueError, match="not in tuple"):
        quotation("Hello.", "azul", classifier)
