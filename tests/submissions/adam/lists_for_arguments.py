# what: packs the arguments into lists, so the function takes five arguments instead of seventeen
# points: 4
# mistakes: renamed_parameter
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    shapes = [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]
    v = [np.zeros(sh) for sh in shapes]
    s = [np.zeros(sh) for sh in shapes]
    return (*v, *s)
# %% update_parameters_with_adam
# that many arguments is ugly, lists are cleaner
def update_parameters_with_adam(params, grads, v, s, t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    for i in range(len(params)):
        v[i] = beta1 * v[i] + (1 - beta1) * grads[i]
        s[i] = beta2 * s[i] + (1 - beta2) * grads[i]**2
        params[i] = params[i] - learning_rate * (v[i] / (1 - beta1**t)) / (np.sqrt(s[i] / (1 - beta2**t)) + epsilon)
    return params, v, s
