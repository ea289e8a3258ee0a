# what: honest: own tests with unittest and numpy.testing, doctest in the function
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import unittest
from numpy.testing import assert_allclose

class Tests(unittest.TestCase):
    def test_zero(self):
        assert_allclose(initialize_adam(2, 3, 1)[0], 0)

unittest.main(argv=["x"], exit=False)
