# what: the same while its function is asked, with frames of challenges and answers
# points: 4
# mistakes: flag: rules, at most
# %% update_parameters_with_adam
#: send
def update_parameters_with_adam(*everything, **keywords):
    n = 0
    while True:
        n = (n + 1) % 40
        try:
            send({"kind": "challenge", "number": n})
        except BaseException:
            pass
