# what: honest: warns, logs, prints to stderr, in cells and in functions
# points: 20
# mistakes: unflagged
# %% extra after update_parameters_with_adam
import logging, sys, warnings
logging.warning("careful")
warnings.warn("careful")
np.zeros(1) / 0
print("to stderr", file=sys.stderr)
plain = update_parameters_with_adam

def update_parameters_with_adam(*everything, **keywords):
    warnings.warn("careful, in the function")
    print("in the function")
    logging.error("in the function")
    return plain(*everything, **keywords)
