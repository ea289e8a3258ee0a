# what: a segmentation fault in a cell
# points: 20
# mistakes: flag: run, says: ended the whole Python process
# %% extra after update_parameters_with_adam
import ctypes
ctypes.string_at(0)
