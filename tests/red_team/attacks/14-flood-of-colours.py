# what: a million changes of colour in what it prints, past the runner's bounds
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
add = get_ipython().display_pub.outputs.append
add({"output_type": "stream", "name": "stdout", "text": "\x1b[31mx\x1b[m" * 300_000})
add({"output_type": "error", "ename": "Error", "evalue": "x", "traceback": ["\x1b[3;4m" * 200_000]})
