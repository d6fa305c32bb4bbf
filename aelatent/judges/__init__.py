"""Judges say whether an image shows a face or a digit, and how often they err.

Importing this package loads neither Keras nor a network.
"""

from aelatent.judges.card import CardRow, JudgeCard
from aelatent.judges.digits import DigitJudge
from aelatent.judges.faces import FaceJudge
from aelatent.judges.judge import Judge

__all__ = ["CardRow", "DigitJudge", "FaceJudge", "Judge", "JudgeCard"]
