"""Makes what several folders of tests use importable: class_of_submissions, and tutor/'s student_code."""
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent
sys.path[:0] = [str(TESTS), str(TESTS / "tutor")]
