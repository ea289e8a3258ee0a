"""`random_mini_batches` (lesson 03) as students write it."""
import numpy as np
import pytest
from student_code import student

KEY = '''
def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    order = rng.permutation(m)
    batches = []
    for start in range(0, m, batch_size):
        chosen = order[start:start + batch_size]
        batches.append((X[:, chosen], Y[:, chosen]))
    return batches
'''
TEMPLATE = '''
import numpy as np

def random_mini_batches(X, Y, batch_size, rng):
    m = X.shape[1]
    {start}
    perm = {perm}
    X, Y = {shuffled}
    batches = []
    for k in {starts}:
        batches.append({pair})
        {after}
    {end}
    return {result}
'''
CORRECT = {
    "start": "pass", "perm": "rng.permutation(m)", "shuffled": "X[:, perm], Y[:, perm]",
    "starts": "range(0, m, batch_size)", "pair": "(X[:, k:k + batch_size], Y[:, k:k + batch_size])",
    "after": "pass", "end": "pass", "result": "batches",
}
SLIPS = {
    "two_lists": {"end": "batches = [list(x) for x in zip(*batches)]"},
    "pair_swapped": {"pair": "(Y[:, k:k + batch_size], X[:, k:k + batch_size])"},
    "transposed": {"pair": "(X[:, k:k + batch_size].T, Y[:, k:k + batch_size].T)"},
    "along_rows": {"pair": "(X[k:k + batch_size], Y[k:k + batch_size])"},
    "rows_shuffled": {"shuffled": "rng.permuted(X, axis=0)[:, perm], Y[:, perm]"},
    "first_batch_only": {"after": "break"},
    "drops_short_batch": {"starts": "range(0, m // batch_size * batch_size, batch_size)"},
    "short_batch_merged": {"end": "if m > batch_size and m % batch_size:\n"
                                  "        (a, b), (c, d) = batches[-2:]\n"
                                  "        batches[-2:] = [(np.hstack([a, c]), np.hstack([b, d]))]"},
    "padded": {"pair": "(X[:, (k + np.arange(batch_size)) % m], Y[:, (k + np.arange(batch_size)) % m])"},
    "empty_batch": {"starts": "range(0, m + (m % batch_size == 0), batch_size)"},
    "number_for_size": {"end": "batches = list(zip(np.array_split(X, batch_size, axis=1),"
                               " np.array_split(Y, batch_size, axis=1)))"},
    "even_sizes": {"end": "n = int(np.ceil(m / batch_size)); batches = list(zip(np.array_split(X, n, axis=1),"
                          " np.array_split(Y, n, axis=1)))"},
    "repeats_examples": {"perm": "rng.choice(m, m)"},
    "misses_examples": {"pair": "(X[:, k:k + batch_size - 1], Y[:, k:k + batch_size - 1])"},
    "shuffled_apart": {"shuffled": "X[:, perm], Y[:, rng.permutation(m)]"},
    "not_shuffled": {"perm": "np.arange(m)"},
    "within_batches": {"perm": "np.concatenate([rng.permutation(np.arange(m)[i:i + batch_size])"
                               " for i in range(0, m, batch_size)])"},
    "order_without_rng": {"start": "rng = np.random.default_rng(0)"},
    "other_randomness": {"perm": "np.random.permutation(m)"},
}
WAYS = (
    ("first_batch_only", """
        perm = rng.permutation(X.shape[1])
        for k in range(0, X.shape[1], batch_size):
            return X[:, perm[k:k + batch_size]], Y[:, perm[k:k + batch_size]]"""),
    ("shuffled_apart", """
        X = X[:, rng.permutation(X.shape[1])]
        return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]"""),
    ("within_batches", """
        batches = [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]
        return [batches[i] for i in rng.permutation(len(batches))]"""),
    ("padded", """
        m = X.shape[1]
        perm = rng.permutation(m)
        more = -m % batch_size
        X = np.hstack([X[:, perm], np.zeros((X.shape[0], more))])
        Y = np.hstack([Y[:, perm], np.zeros((Y.shape[0], more))])
        return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, m, batch_size)]"""),
    ("drops_short_batch", """
        m = X.shape[1]
        perm, batches = rng.permutation(m), []
        for k in range(m // batch_size):
            chosen = perm[k * batch_size:(k + 1) * batch_size]
            batches.append((X[:, chosen], Y[:, chosen]))
        return batches"""),
)
STYLES = {
    "array_split at the borders": """
        p = rng.permutation(X.shape[1])
        cuts = range(batch_size, X.shape[1], batch_size)
        return list(zip(np.array_split(X[:, p], cuts, axis=1), np.array_split(Y[:, p], cuts, axis=1)))""",
    "shuffle of a list of numbers": """
        order = list(range(X.shape[1]))
        rng.shuffle(order)
        return [[X[:, order[k:k + batch_size]], Y[:, order[k:k + batch_size]]]
                for k in range(0, len(order), batch_size)]""",
    "sorted by random keys": """
        order = np.argsort(rng.random(X.shape[1]))
        return tuple((X[:, c], Y[:, c]) for c in np.split(order, range(batch_size, len(order), batch_size)))""",
    "stacked and shuffled together": """
        both = np.vstack([X, Y])
        rng.shuffle(both, axis=1)
        return [(both[:len(X), k:k + batch_size], both[len(X):, k:k + batch_size])
                for k in range(0, X.shape[1], batch_size)]""",
    "full batches, then the rest": """
        m = X.shape[1]
        p, batches, full = rng.permutation(m), [], m // batch_size
        X, Y = X[:, p], Y[:, p].reshape(Y.shape)
        for k in range(full):
            batches.append((X[:, k * batch_size:(k + 1) * batch_size], Y[:, k * batch_size:(k + 1) * batch_size]))
        if m % batch_size != 0:
            batches.append((X[:, full * batch_size:], Y[:, full * batch_size:]))
        return batches""",
    "drawn without replacement": """
        left, batches = np.arange(X.shape[1]), []
        while len(left):
            c = rng.choice(left, min(batch_size, len(left)), replace=False)
            left = np.setdiff1d(left, c)
            batches.append((X[:, c], Y[:, c]))
        return batches""",
    "float32": """
        p = rng.permutation(X.shape[1])
        X, Y = X[:, p].astype(np.float32), Y[:, p].astype(np.float32)
        return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]""",
}
TOGETHER = (
    ("not_shuffled", "drops_short_batch"),
    ("shuffled_apart", "padded"),
    ("order_without_rng", "transposed"),
    ("pair_swapped", "other_randomness"),
)


IN_PLACE = {"X and Y shuffled": """
    p = rng.permutation(X.shape[1])
    X[...] = X[:, p]
    Y[...] = Y[:, p]
    return [(X[:, k:k + batch_size], Y[:, k:k + batch_size]) for k in range(0, X.shape[1], batch_size)]"""}
READ_OFF = True
EVERY_PAIR = False  # most hide each other: what is cut otherwise cannot be told apart as well
BY_FORM = frozenset({"misses_examples"})


# --- what its hints say ------------------------------------------------------

def check_the_mean_over_an_empty_batch_is_nan():
    cut, rng = student("random_mini_batches", "empty_batch"), np.random.default_rng(0)
    batches = cut(np.ones((2, 8)), np.ones((1, 8)), 4, rng)
    with np.errstate(all="ignore"), pytest.warns(RuntimeWarning):
        assert np.isnan(batches[-1][0].mean())
