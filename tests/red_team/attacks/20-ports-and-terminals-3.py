# what: looks for what an earlier one left in the network, the terminals and the folders' times, then leaves it there (3 of 3)
# points: 20
# mistakes: flagged
# %% extra after update_parameters_with_adam
port = 4003
#: leaves_ports
