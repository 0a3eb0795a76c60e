"""A directory on a server for each test."""

import pytest

from tests.postgres import Cluster
from tests.shared_directories import OnServer, installed


@pytest.fixture
def on_server(cluster: Cluster) -> OnServer:
    """An empty directory on the server."""
    return installed(cluster)
