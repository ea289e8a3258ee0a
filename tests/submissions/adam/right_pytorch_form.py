# what: PyTorch's form of the denominator, and its names
# points: 20
# mistakes:
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    exp_avg = [np.zeros(s) for s in [(n_h, n_x), (n_h, 1), (n_y, n_h), (n_y, 1)]]
    exp_avg_sq = [np.zeros_like(a) for a in exp_avg]
    vW1, vb1, vW2, vb2 = exp_avg
    sW1, sb1, sW2, sb2 = exp_avg_sq
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    bias_correction1 = 1 - beta1 ** t
    bias_correction2 = 1 - beta2 ** t
    step_size = learning_rate / bias_correction1
    bias_correction2_sqrt = bias_correction2 ** 0.5
    params, avgs, sqs = [], [], []
    for p, grad, exp_avg, exp_avg_sq in zip([W1, b1, W2, b2], [dW1, db1, dW2, db2],
                                            [vW1, vb1, vW2, vb2], [sW1, sb1, sW2, sb2]):
        exp_avg = exp_avg + (grad - exp_avg) * (1 - beta1)
        exp_avg_sq = exp_avg_sq * beta2 + (1 - beta2) * grad * grad
        denom = np.sqrt(exp_avg_sq) / bias_correction2_sqrt + epsilon
        params.append(p - step_size * exp_avg / denom)
        avgs.append(exp_avg)
        sqs.append(exp_avg_sq)
    return tuple(params + avgs + sqs)
