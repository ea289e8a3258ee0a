"""`clip_gradient` (lesson 10) as students write it."""
import numpy as np
from student_code import student

KEY = '''
import numpy as np

def clip_gradient(dw, limit):
    length = np.sqrt(np.sum(dw**2))
    return dw / max(1, length / limit)
'''
TEMPLATE = '''
import numpy as np

def clip_gradient(dw, limit):
    length = {length}
    shrink = limit / np.maximum(length, 1e-300)
    factor = {factor}
    return {returned}
'''
CORRECT = {"length": "np.sqrt({sum}(dw ** 2{axis}))", "sum": "np.sum", "axis": "", "factor": "np.minimum(1.0, shrink)",
           "returned": "dw * factor"}
SLIPS = {
    "each_entry": {"returned": "np.clip(dw, -limit, limit)"},
    "always_scaled": {"factor": "shrink"},
    "never_shrinks": {"factor": "np.maximum(1.0, shrink)"},
    "root_missing": {"length": "{sum}(dw ** 2{axis})"},
    "mean_of_squares": {"sum": "np.mean"},
    "sum_of_sizes": {"length": "np.sum(np.abs(dw))"},
    "largest_entry": {"length": "np.max(np.abs(dw))"},
    "last_axis": {"axis": ", axis=-1, keepdims=True"},
    "unit_length": {"factor": "np.where(length <= limit, 1.0, 1 / np.maximum(length, 1e-300))"},
    "factor_returned": {"returned": "factor"},
}
STYLES = {
    "norm": "return dw * min(1.0, limit / max(np.linalg.norm(dw), 1e-300))",
    "a loop": """
        total = 0.0
        for g in dw.ravel():
            total += g * g
        length = total ** 0.5
        return dw.copy() if length <= limit else limit * (dw / length)""",
    "where": "length = np.linalg.norm(dw.ravel())\nreturn np.where(length > limit, dw * (limit / (length + 1e-300)), dw)",
    "an if": """
        length = np.sqrt((dw ** 2).sum())
        if length > limit:
            dw = dw * limit / length
        return dw""",
    "a dot product": "flat = dw.reshape(-1)\nlength = np.sqrt(flat @ flat)\n"
                     "return dw / max(1.0, length / limit)",
}
TOGETHER = ()
UNNAMED = frozenset({("mean_of_squares", "last_axis")})


def check_what_its_hints_say():
    long, short = np.array([[3.0, 4.0], [0.0, 12.0]]), np.array([0.06, 0.08])    # of lengths 13 and 0.1

    def length(*slip, dw=long, limit=1.0):
        return np.linalg.norm(student("clip_gradient", *slip)(dw, limit))
    assert np.isclose(length(), 1) and np.isclose(length(dw=short), 0.1)
    assert np.isclose(length("always_scaled", dw=short), 1) and np.isclose(length("never_shrinks", dw=short), 1)
    assert length("never_shrinks") == 13
    assert length("root_missing") < 0.1 and np.isclose(length("root_missing", dw=np.array([0.6, 0.3]), limit=0.5), 0.6708, 1e-3)
    assert length("mean_of_squares") > 1 and length("largest_entry") > 1 and length("sum_of_sizes") < 1
    assert np.isclose(length("unit_length", limit=2.0), 1)
