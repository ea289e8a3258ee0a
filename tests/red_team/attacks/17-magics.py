# what: honest: magics for times and tests, help, and an async cell
# points: 20
# mistakes:
# %% extra after update_parameters_with_adam
%matplotlib inline
%timeit -n 1 -r 1 initialize_adam(2, 3, 1)
%whos
initialize_adam?
# %% extra after update_parameters_with_adam
import asyncio
await asyncio.sleep(0.01)
# %% extra after update_parameters_with_adam
%%time
print(initialize_adam(2, 3, 1)[0])
