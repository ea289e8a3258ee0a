# what: valid tiny frames without end, so that the clock of the trusted side starts anew with each
# points: 20
# mistakes: flag: run, at most
# %% extra after update_parameters_with_adam
#: send
n = 0
while True:
    n = (n + 1) % 40
    send({"kind": "cell", "number": n})
    send({"kind": "outputs", "number": n, "outputs": []})
