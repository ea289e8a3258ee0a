"""Grading that can be trusted: submissions run apart from what judges them."""

import sys

# jsonschema would import it to check addresses, which no notebook needs, and that takes two seconds.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]  # None is how Python marks a module as missing


class Unusable(ValueError):
    """The input cannot be graded at all, or nothing can be graded here; the text is one line for a person."""
