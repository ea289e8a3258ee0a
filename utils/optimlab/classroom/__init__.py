"""Grading that can be trusted: submissions run apart from what judges them."""

import sys

# jsonschema imports it for checks of addresses, which no notebook has; it takes two seconds to begin.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None: Python's own word for "not here"


class Unusable(ValueError):
    """The input cannot be graded at all, or nothing can be graded here; the text is one line for a person."""
