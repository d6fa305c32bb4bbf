"""Claims that fit a phrase, best first: words in any order and form, in what claims say."""

from __future__ import annotations

import ast
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from aelatent.catalogue.entry import Catalogue
from aelatent.inference.headings import sections

SEARCHED = "titles, statements, sources and answers"
TITLE, TEXT, ASIDE = 3.0, 2.0, 1.0  # weights of a word by where it stands
ALIKE = 0.7  # weight of another form or a synonym of a word
SHORTEST = 3  # letters that are left of a word without its ending
PREFIX = 5  # letters of a word that others may begin with

# How a reader writes what the claims write otherwise.
SPELLINGS = (
    (re.compile(r"(√|sqrt|square root of)\s*\(?\s*(n\b|the number of latent dimensions)"), " √n "),
    (re.compile(r"n\(0,[^)]*\)|standard normal"), " prior "),
    (re.compile(r"kullback-leibler|\bkl\b"), "divergence"),
    (re.compile(r"variational auto-?encoder"), "vae"),
    (re.compile(r"auto-encoder|\bae(?=s?\b)"), "autoencoder"),
    (re.compile(r"\bt-sne\b"), "tsne"),
)
FORMS = {"radii": "radius", "axes": "axis", "drawn": "draw", "drew": "draw", "center": "centre"}
SYNONYMS = (
    ("sample", "draw", "generate"),
    ("gaussian", "normal"),
    ("radius", "distance", "length", "norm"),
    ("cluster", "clump", "fragment"),
    ("image", "picture", "photo"),
    ("interpolate", "path", "segment"),
    ("void", "gap", "hole", "empty"),
    ("realistic", "recognisable", "clean", "good"),
)
ENDINGS = ("ing", "ion", "ers", "er", "ed", "es", "ly", "s", "e")
IGNORED = frozenset(
    re.findall(
        r"\w+",
        "a about all also an and are as at be between but by can do does for from has have how i "
        "if in into is it its like look me more my no not of on or our should so than that the "
        "their them then there these they this to true very was we what when where whether which "
        "who why will with you your",
    )
)


@dataclass(frozen=True)
class Hits:
    """Claims that fit a phrase.

    Attributes
    ----------
    names : tuple of str
        Identifiers, best first.
    whole : bool
        Whether each has all words, apart from those that no claim has; else they have the most.
    unknown : tuple of str
        Words of the phrase that no claim has.
    """

    names: tuple[str, ...]
    whole: bool
    unknown: tuple[str, ...]


def search(catalogue: Catalogue, phrase: str, folder: Path, among: Iterable[str]) -> Hits:
    """Find the claims that fit a phrase.

    Those that have the most of its words come out. A word counts for more the fewer claims have
    it, and in a title for more than elsewhere. Words such as "is" and "the" are ignored.

    Parameters
    ----------
    catalogue : Catalogue
    phrase : str
        Words in any order and form, such as "codes lie near sqrt(N)".
    folder : Path
        That of the claims, whose files hold the statements.
    among : iterable of str
        Identifiers of the claims to choose from.

    Returns
    -------
    Hits
    """
    texts = {name: _weights(catalogue, name, folder) for name in among}
    asked = words(phrase)
    points = {
        word: {name: points for name in texts if (points := _points(word, texts[name]))}
        for word in asked
    }
    known = {word: found for word, found in points.items() if found}
    counts = Counter(name for found in known.values() for name in found)
    most = max(counts.values(), default=0)
    scores = {name: _score(name, known, len(texts)) for name in counts if counts[name] == most}
    best = sorted(scores, key=lambda name: -scores[name])
    return Hits(
        tuple(best), most == len(known), tuple(asked[word] for word in points if word not in known)
    )


def words(text: str) -> dict[str, str]:
    """Return the stems of a text's words, each with the word, without words that are ignored.

    Examples
    --------
    >>> words("The codes lie near sqrt(N)")
    {'cod': 'codes', 'lie': 'lie', 'near': 'near', '√n': '√n'}
    """
    text = text.lower()
    for written, word in SPELLINGS:
        text = written.sub(word, text)
    found = re.findall(r"√n|[a-z]-\d+|[^\W_]+", text)
    return {_stem(word): word for word in found if word not in IGNORED}


def _stem(word: str) -> str:
    """Return a word without endings: "clusters" and "clustering" become "clust"."""
    word = FORMS.get(word, word)
    for ending in ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= SHORTEST:
            return _stem(word.removesuffix(ending))
    return f"{word[:-1]}i" if word.endswith("y") else word


STEMS = [{_stem(word) for word in alike} for alike in SYNONYMS]


def _points(word: str, text: Mapping[str, float]) -> float:
    """Return how much a word counts in a text, itself or as another that means the same."""
    alike = set().union(*(group for group in STEMS if word in group))
    others = (at for other, at in text.items() if other in alike or _begins(word, other))
    return max(text.get(word, 0), ALIKE * max(others, default=0))


def _begins(word: str, other: str) -> bool:
    """Tell whether one of two words begins with the other, as "dimension" and "dimensional" do."""
    short, long = sorted((word, other), key=len)
    return len(short) >= PREFIX and long.startswith(short)


def _score(name: str, known: Mapping[str, Mapping[str, float]], count: int) -> float:
    return sum(found.get(name, 0) * math.log(1 + count / len(found)) for found in known.values())


def _weights(catalogue: Catalogue, name: str, folder: Path) -> dict[str, float]:
    """Return how much each word of a claim counts."""
    checks = catalogue.checks_of(name)
    tests = {check.test: check.file for check in checks}
    told = [_told(folder.joinpath(*Path(file).parts[1:]), test) for test, file in tests.items()]
    source = catalogue.sources.get(checks[0].source) if checks else None
    fields = (
        (
            ASIDE,
            [name, source.citation if source else "", *(text.get("Source", "") for text in told)],
        ),
        (TEXT, [catalogue.entry(name).says, catalogue.told(name)]),
        (TEXT, [text.get(part, "") for text in told for part in ("title", "Statement")]),
        (TITLE, [catalogue.title(name)]),
    )
    return {word: weight for weight, texts in fields for text in texts for word in words(text)}


def _told(path: Path, test: str) -> Mapping[str, str]:
    """Return the sections of a claim's docstring; none where its file is not here."""
    return _docstrings(path).get(test, {}) if path.is_file() else {}


@cache
def _docstrings(path: Path) -> dict[str, dict[str, str]]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    return {node.name: sections(ast.get_docstring(node) or "") for node in functions}
