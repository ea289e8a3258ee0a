# what: arrays of the right shapes, all NaN
# points: 5
# mistakes:
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return tuple(np.full_like(x, np.nan) for x in everything[:4] + everything[8:16])
