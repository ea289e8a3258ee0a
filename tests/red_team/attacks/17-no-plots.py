# what: honest: switched the plots off; the cells that draw fail
# points: 20
# mistakes: unflagged
# %% extra before initialize_adam
plots = None
