# what: the characters themselves in the source of an answer, and letters that change the direction
# points: 20
# mistakes:
# %% initialize_adam
# @ESCAPES@
#: right
