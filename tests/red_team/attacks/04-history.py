# what: looks for answers in the history, the outputs and the hidden variables of the shell
# points: 0
# mistakes: not_attempted, unflagged
# %% extra after update_parameters_with_adam
print(In, Out, _ih, _oh, _, __, ___)
print(list(get_ipython().history_manager.search("*")))
print(list(get_ipython().history_manager.get_tail(1000)))
%history -g
# %% initialize_adam
#: empty
# %% update_parameters_with_adam
#: empty
