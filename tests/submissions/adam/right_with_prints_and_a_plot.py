# what: other names for the locals; added cells with prints and a plot
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    mom_w1, mom_b1, mom_w2, mom_b2 = np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    rms_w1, rms_b1, rms_w2, rms_b2 = np.zeros((n_h, n_x)), np.zeros((n_h, 1)), np.zeros((n_y, n_h)), np.zeros((n_y, 1))
    return mom_w1, mom_b1, mom_w2, mom_b2, rms_w1, rms_b1, rms_w2, rms_b2
# %% extra after initialize_adam
for arr in initialize_adam(3, 4, 1):
    print(arr.shape, arr.dtype)
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    thetas = [W1, b1, W2, b2]
    gradients = [dW1, db1, dW2, db2]
    momentum = [vW1, vb1, vW2, vb2]
    rms = [sW1, sb1, sW2, sb2]
    for idx, gradient in enumerate(gradients):
        momentum[idx] = beta1 * momentum[idx] + (1 - beta1) * gradient
        rms[idx] = beta2 * rms[idx] + (1 - beta2) * gradient ** 2
        unbiased_momentum = momentum[idx] / (1 - beta1 ** t)
        unbiased_rms = rms[idx] / (1 - beta2 ** t)
        thetas[idx] = thetas[idx] - learning_rate * unbiased_momentum / (unbiased_rms ** 0.5 + epsilon)
    return (*thetas, *momentum, *rms)
# %% extra after update_parameters_with_adam
# my own test: f(w) = w^2, only W1 matters
import matplotlib.pyplot as plt
w = [np.full((1, 1), 3.0) for _ in range(4)]
moments = initialize_adam(1, 1, 1)
path = []
for t in range(1, 101):
    out = update_parameters_with_adam(*w, *[2 * x for x in w], *moments, t, learning_rate=0.1)
    w, moments = out[:4], out[4:]
    path.append(w[0].item())
plt.plot(path)
plt.xlabel("step")
plt.title("does it go to 0?")
plt.show()
# %% extra after update_parameters_with_adam
print("last value:", path[-1])
