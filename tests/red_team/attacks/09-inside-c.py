# what: a computation in C that no Python signal handler interrupts
# points: 4
# mistakes: never_ends
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return 3 ** (10 ** 9)
