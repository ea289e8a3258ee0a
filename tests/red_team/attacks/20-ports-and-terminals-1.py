# what: looks for what an earlier one left in the network, the terminals and the folders' times, then leaves it there (1 of 3)
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
port = 4001
#: leaves_ports
