"""The search for claims that fit a phrase."""

from pathlib import Path

import pytest

from aelatent.catalogue import Catalogue, Check, Entry, Source
from aelatent.catalogue.search import search, words

ROOT = Path(__file__).parents[2]
CATALOGUE = Catalogue(
    {
        "B-08": Entry("B-08", "A", says="The radius has a peak", answer="No. It depends."),
        "A-18": Entry("A-18", "A", says="No VAE is needed to make faces"),
        "D-12": Entry("D-12", "A", says="Each label is a Gaussian cluster"),
    },
    {"Yeo": Source("Yeo", author="Angelo Yeo")},
    [
        Check(name, f"claims/{name}.py", "test_it", "", (), "refuted", source=source, title=title)
        for name, source, title in (
            ("B-08", "", "The radii of an autoencoder's codes peak near sqrt(N)."),
            ("A-18", "", "Vectors drawn with the codes' covariance decode to faces."),
            ("D-12", "Yeo", "The VAE's codes of each label are normally distributed."),
        )
    ],
)
DOCSTRING = '''
def test_it(model):
    """The radii peak.

    Source
        A blog, with heffalumps.
    Statement
        Most codes lie in a woozle.
    Null
        A jagular.
    """
'''


def found(phrase, folder=Path("nowhere")):
    return search(CATALOGUE, phrase, folder, CATALOGUE.entries)


@pytest.mark.parametrize(
    ("phrase", "best"),
    [
        ("near sqrt(N) codes", "B-08"),
        ("Do CODES peak near √N?", "B-08"),
        ("distances near the square root of N", "B-08"),
        ("sampling faces", "A-18"),
        ("clusters vae", "D-12"),
        ("labels clustering", "D-12"),
        ("b-08", "B-08"),
        ("angelo", "D-12"),
        ("it depends", "B-08"),
    ],
)
def test_words_fit_in_any_order_and_form(phrase, best):
    assert found(phrase).names[0] == best


def test_a_title_counts_for_more_than_other_texts():
    assert found("vae").names == ("D-12", "A-18")


def test_claims_with_more_of_the_words_come_alone():
    hits = found("codes covariance")

    assert hits.names == ("A-18",)
    assert hits.whole


def test_words_that_no_claim_has_are_named():
    hits = found("the radii of unicorns")

    assert (hits.names, hits.unknown, hits.whole) == (("B-08",), ("unicorns",), True)


def test_words_that_no_claim_has_together_are_told():
    assert found("covariance label").names == ("A-18", "D-12")
    assert not found("covariance label").whole


@pytest.mark.parametrize("phrase", ["", "is it true that", "unicorns", "?!"])
def test_nothing_fits_words_that_say_nothing(phrase):
    assert not found(phrase).names


@pytest.mark.parametrize(("word", "fits"), [("woozle", 1), ("heffalump", 1), ("jagular", 0)])
def test_statements_and_sources_are_searched(tmp_path, word, fits):
    (tmp_path / "B-08.py").write_text(DOCSTRING)

    assert len(found(word, tmp_path).names) == fits


def test_forms_of_a_word_have_one_stem():
    assert len(words("cluster clusters clustered clustering")) == 1
    assert len(words("sample samples sampler sampling sampled")) == 1
    assert len(words("radius radii density densities varied")) == 3


def test_the_published_claims_are_found_by_a_readers_phrase():
    catalogue = Catalogue.read(ROOT / "claims/catalogue.yaml", ROOT / "claims/sources.yaml")
    fitting = {
        "codes lie near sqrt(N)": "B-08",
        "is it true that the codes of an autoencoder lie near sqrt(N)?": "B-08",
        "sample autoencoder": "A-18",
        "vae clusters": "D-12",
        "random vectors give no faces": "A-01",
        "interpolation between faces": "A-13",
    }

    wrong = {
        phrase: hits.names
        for phrase, name in fitting.items()
        if name
        not in (hits := search(catalogue, phrase, ROOT / "claims", catalogue.entries)).names[:6]
    }

    assert not wrong
