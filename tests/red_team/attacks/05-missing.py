# what: says that nothing is missing, and then that its own right functions are
# points: 20
# mistakes: flag: rules, at most
# %% extra after update_parameters_with_adam
#: send
send({"kind": "missing", "functions": []})
send({"kind": "missing", "functions": ["initialize_adam", "update_parameters_with_adam", "x" * 100_000]})
