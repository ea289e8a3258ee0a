import pytest
from IPython.core.formatters import DisplayFormatter

from optimlab.explorables import predict, stage


@pytest.fixture
def shown(monkeypatch):
    """What a notebook would be sent: one dictionary of MIME types for each thing displayed."""
    sent, formatter = [], DisplayFormatter()

    def display(thing, raw=False):
        sent.append(thing if raw else formatter.format(thing)[0])

    for module in (predict, stage):
        monkeypatch.setattr(module, "display", display)
    return sent
