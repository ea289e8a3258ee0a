# what: another framework's Adam inside the answer; here it is not even installed
# points: 4
# mistakes: raises, flag: ready-made
# %% update_parameters_with_adam
def update_parameters_with_adam(*everything, **keywords):
    import torch
    weights = [torch.tensor(w, requires_grad=True) for w in everything[:4]]
    for w, g in zip(weights, everything[4:8]):
        w.grad = torch.tensor(g)
    torch.optim.Adam(weights).step()
    return tuple(w.numpy() for w in weights) + everything[8:16]
