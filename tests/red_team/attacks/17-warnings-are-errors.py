# what: honest: turned warnings into errors and NumPy's too, to find a mistake
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import warnings
warnings.simplefilter("error")
np.seterr(all="raise")
