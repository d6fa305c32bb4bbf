"""Ways to draw codes: from the codes of a model, and from a stored fit."""
