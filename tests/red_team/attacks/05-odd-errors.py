# what: error outputs, from which the feedback quotes, of other types and with numbers beyond all lines
# points: 0
# mistakes: at most
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    pass

del initialize_adam
get_ipython().display_pub.outputs.append({"output_type": "error", "ename": [], "evalue": {}, "traceback": 5})
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    pass

del update_parameters_with_adam
get_ipython().display_pub.outputs.append({
    "output_type": "error", "ename": "Error", "evalue": "x", "traceback": ["line " + "9" * 5000]})
