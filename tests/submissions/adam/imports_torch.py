# what: imports torch, which is not installed, in the second answer cell
# points: 4
# mistakes: raises
# %% initialize_adam
def initialize_adam(n_x, n_h, n_y):
    vW1 = np.zeros((n_h, n_x))
    vb1 = np.zeros((n_h, 1))
    vW2 = np.zeros((n_y, n_h))
    vb2 = np.zeros((n_y, 1))
    sW1 = np.zeros((n_h, n_x))
    sb1 = np.zeros((n_h, 1))
    sW2 = np.zeros((n_y, n_h))
    sb2 = np.zeros((n_y, 1))
    return vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
# %% update_parameters_with_adam
import torch

def update_parameters_with_adam(W1, b1, W2, b2, dW1, db1, dW2, db2,
                                vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2,
                                t, learning_rate=0.001, beta1=0.9, beta2=0.999, epsilon=1e-8):
    params = [torch.tensor(p, requires_grad=True) for p in (W1, b1, W2, b2)]
    opt = torch.optim.Adam(params, lr=learning_rate, betas=(beta1, beta2), eps=epsilon)
    for p, g in zip(params, (dW1, db1, dW2, db2)):
        p.grad = torch.tensor(g)
    opt.step()
    W1, b1, W2, b2 = [p.detach().numpy() for p in params]
    return W1, b1, W2, b2, vW1, vb1, vW2, vb2, sW1, sb1, sW2, sb2
