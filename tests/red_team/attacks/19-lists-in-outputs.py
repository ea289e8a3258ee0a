# what: outputs of a MB whose keys and lines number a hundred thousand, past the runner's bounds
# points: 20
# mistakes: says: the cells of this notebook show too much
# %% extra after update_parameters_with_adam
add = get_ipython().display_pub.outputs.append
add({"output_type": "display_data", "data": {f"a/{n}": "" for n in range(60_000)}, "metadata": {}})
add({"output_type": "error", "ename": "Error", "evalue": "x", "traceback": ["x"] * 100_000})
