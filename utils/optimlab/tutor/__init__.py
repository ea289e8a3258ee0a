"""The tutor: checks a student's function, gives points, and names the mistake.

>>> from optimlab.tutor import check, require        # doctest: +SKIP
>>> check(gradient_step)                             # doctest: +SKIP
"""

from optimlab.tutor.checking import check, ready, require
from optimlab.tutor.registry import ASSIGNMENTS, EXERCISES

__all__ = ["ASSIGNMENTS", "EXERCISES", "check", "ready", "require"]
