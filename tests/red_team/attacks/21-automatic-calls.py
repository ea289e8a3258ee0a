# what: the library's Adam in an added cell that only IPython can read: automatic calls, magics within magics, a prompt
# points: 20
# mistakes: flag: ready-made, flag: rules
# %% extra before update_parameters_with_adam
%%time
;print the rest of this cell is read by nobody
%timeit -n 1 -r 1 import ctypes
from optimlab.optimizers import Adam, Moments
# %% update_parameters_with_adam
def update_parameters_with_adam(*a, **k):
    a, extra = a[:17], a[17:]
    names = ("learning_rate", "beta1", "beta2", "epsilon")
    helper = Adam(**dict(zip(names, (0.001, 0.9, 0.999, 1e-8))) | dict(zip(names, extra)) | k)
    new = [helper.step(w, g, Moments(a[16] - 1, v, s)) for w, g, v, s in zip(a[0:4], a[4:8], a[8:12], a[12:16])]
    return tuple([w for w, _ in new] + [m.v for _, m in new] + [m.s for _, m in new])
