# what: cells that each end just before they would be stopped: together they take no longer than all cells may
# points: 20
# mistakes: flag: run, at most
# %% extra before initialize_adam
import time
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
# %% extra after update_parameters_with_adam
time.sleep(1.8)
