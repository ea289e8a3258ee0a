# what: errors with a message of 20 MB, and of a class with such a name
# points: 0
# mistakes: raises
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    raise type("Long" * 1_000_000, (Exception,), {})("x")
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    raise ValueError("x" * 20_000_000)
