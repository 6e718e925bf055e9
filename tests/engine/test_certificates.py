"""The app's own cluster answers nobody but its own processes."""

import os
import ssl
from pathlib import Path

import httpx
import psutil
import pytest
from distributed import Client, Security

from components.engine.certificates import write_certificates
from components.engine.cluster import start_cluster


@pytest.fixture(scope="module")
def cluster():
    cluster = start_cluster(1, 2**30, ())
    with Client(cluster, set_as_default=False) as client:
        client.wait_for_workers(1, timeout=60)
        yield cluster
    cluster.close()


def _ports(cluster) -> set[int]:
    """Return the ports that the cluster's processes listen on."""
    parts = [cluster.scheduler, *cluster.workers.values()]
    roots = [psutil.Process(part.process.pid) for part in parts]
    family = [process for root in roots for process in (root, *root.children(recursive=True))]
    connections = [connection for process in family for connection in process.net_connections("inet")]
    return {each.laddr.port for each in connections if each.status == psutil.CONN_LISTEN}


@pytest.mark.parametrize("security", [None, Security.temporary()], ids=["none", "another's"])
def test_who_lacks_the_certificate_cannot_speak_to_the_scheduler(cluster, security):
    address = cluster.scheduler_address
    assert address.startswith("tls://127.0.0.1:")
    with pytest.raises((OSError, TypeError)):
        Client(address, security=security, timeout=3, set_as_default=False)
    with pytest.raises(OSError):
        Client(address.replace("tls://", "tcp://"), timeout=3, set_as_default=False)


def test_no_port_answers_a_stranger(cluster):
    found = _ports(cluster)
    assert len(found) >= 3
    for port in found:
        for path in ("", "health", "metrics", "json/identity.json", "info/main/workers.html"):
            try:
                answer = httpx.get(f"http://127.0.0.1:{port}/{path}", timeout=3)
            except httpx.HTTPError:
                continue
            assert answer.status_code == 404, f"{port}/{path}"


def test_the_key_is_its_owners_alone_and_gone_with_the_cluster(tmp_path):
    options = write_certificates(tmp_path)
    key = Path(str(options["tls_worker_key"]))
    assert key.stat().st_mode & 0o077 == 0
    ssl.create_default_context(cafile=str(options["tls_ca_file"]))

    cluster = start_cluster(1, 2**30, ())
    command_lines = " ".join(
        psutil.Process(part.process.pid).cmdline()[-1]
        for part in (cluster.scheduler, *cluster.workers.values())
    )
    assert "PRIVATE KEY" not in command_lines
    folder = Path(cluster.security.tls_ca_file).parent
    assert folder.stat().st_mode & 0o077 == 0
    assert folder.stat().st_uid == os.getuid()
    cluster.close()
    del cluster
    assert not folder.exists()
