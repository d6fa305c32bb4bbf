"""Which of a claim's parameter sets a check is about, as pytest names them."""

from __future__ import annotations


def without_model(case: str, model: str) -> str:
    """Return the parameters besides the model.

    Parameters
    ----------
    case : str
        What pytest puts in brackets: the values of all parameters, joined by hyphens.
    model : str
        One of these values, which may contain hyphens itself.

    Returns
    -------
    str
        Empty if there is no other parameter; the whole case if the model is no part of it.

    Examples
    --------
    >>> without_model("e-centre", "e"), without_model("e--0.5", "e"), without_model("e", "e")
    ('centre', '-0.5', '')
    """
    if not model:
        return case
    written = model.encode("unicode_escape").decode("ascii")  # pytest escapes what is not ASCII
    return f"-{case}-".replace(f"-{written}-", "-", 1)[1:-1]
