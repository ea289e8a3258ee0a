# what: a million small outputs
# points: 20
# mistakes: says: this cell shows too much
# %% extra after update_parameters_with_adam
for n in range(1_000_000):
    try:
        get_ipython().display_pub.publish({"text/plain": "x"})
    except BaseException:
        break
