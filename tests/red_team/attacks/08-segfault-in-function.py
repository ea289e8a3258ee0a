# what: a segmentation fault in a function
# points: 4
# mistakes: raises, says: ended the whole Python process
# %% extra before update_parameters_with_adam
import ctypes
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    return ctypes.string_at(1)
