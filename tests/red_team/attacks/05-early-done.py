# what: says that it is done before anything was asked, then leaves
# points: 20
# mistakes: flag: rules, at most
# %% extra after update_parameters_with_adam
#: send
send({"kind": "missing", "functions": []})
send({"kind": "done"})
os._exit(0)
