"""Judges: does an image show a face, a digit?

Importing this package loads neither Keras nor a network.
"""

from aelatent.judges.card import JudgeCard, Row
from aelatent.judges.digits import DigitJudge
from aelatent.judges.faces import FaceJudge
from aelatent.judges.judge import Judge

__all__ = ["DigitJudge", "FaceJudge", "Judge", "JudgeCard", "Row"]
