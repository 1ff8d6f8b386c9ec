"""The library of OpenSSF Model Signing, asked over its public interface.

    peer.py sign FOLDER KEY SIGNATURE
    peer.py verify FOLDER KEY SIGNATURE

Exits with 1, and the reason, where a signature does not hold.
"""

import sys
from pathlib import Path

import model_signing


def sign(folder: str, key: str, signature: str) -> None:
    hashing = model_signing.hashing.Config().set_ignored_paths(paths=[signature])
    config = model_signing.signing.Config().use_elliptic_key_signer(private_key=Path(key)).set_hashing_config(hashing)
    config.sign(Path(folder), Path(signature))


def verify(folder: str, key: str, signature: str) -> None:
    config = model_signing.verifying.Config().use_elliptic_key_verifier(public_key=Path(key)).set_ignore_unsigned_files(True)
    try:
        config.verify(Path(folder), Path(signature))
    except ValueError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    {"sign": sign, "verify": verify}[sys.argv[1]](*sys.argv[2:])
