"""Certificates of the app's own cluster: made at its start, so that none but its processes can speak to it.

Any program on the machine can reach a port of the loopback interface, and who can speak to a Dask scheduler
can have it call any function. With these, each end of a connection proves that it holds the key, which lies
in a folder that only the user of the app can read.
"""

from pathlib import Path

from distributed import Security

_ROLES = ("client", "scheduler", "worker")


def write_certificates(folder: Path) -> dict[str, str | bool]:
    """Write a new key and its certificate into a folder, and return what to give to `Security`.

    The paths can be handed to other processes, where a key on their command line could be read by anybody.
    The certificate holds for a year.
    """
    made = Security.temporary()
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    certificate.write_text(made.tls_ca_file)
    key.touch(mode=0o600)
    key.write_text(made.tls_client_key)
    files = {
        f"tls_{role}_{name}": str(path)
        for role in _ROLES
        for name, path in (("cert", certificate), ("key", key))
    }
    return {"require_encryption": True, "tls_ca_file": str(certificate), **files}
