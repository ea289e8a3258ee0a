# what: structured arrays, dates and texts where numbers belong
# points: 0
# mistakes: says: an array of
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)] * 2
    return tuple(np.zeros(s, dtype=[("v", float), ("s", "U40")]) for s in shapes)
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return tuple(np.zeros(x.shape, dtype="datetime64[s]") for x in everything[:4] + everything[8:16])
