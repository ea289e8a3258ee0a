# what: the library's Adam, fetched by unpickling its name in two halves: nothing in the text names it
# points: 20
# mistakes: says: runs optimlab.optimizers.Adam.step
# %% update_parameters_with_adam
import pickle
Rule, State = (pickle.loads(b"coptimlab.opt" + b"imizers\n" + name + b"\n.") for name in (b"Ad" + b"am", b"Mom" + b"ents"))

def update_parameters_with_adam(*a, **k):
    names = ("learning_rate", "beta1", "beta2", "epsilon")
    rule = Rule(**dict(zip(names, (0.001, 0.9, 0.999, 1e-8))) | dict(zip(names, a[17:])) | k)
    new = [rule.step(w, g, State(a[16] - 1, v, s)) for w, g, v, s in zip(a[0:4], a[4:8], a[8:12], a[12:16])]
    return tuple([w for w, _ in new] + [m.v for _, m in new] + [m.s for _, m in new])
