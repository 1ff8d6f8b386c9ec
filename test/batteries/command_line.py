"""What every battery is asked on the command line: a folder, and which of its models."""

import argparse
from pathlib import Path


def folder_and_names(description: str, names: str) -> argparse.Namespace:
    """`folder`, made when it is not there, and `only`, None for all; `names`: what `--only` takes."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--only", nargs="*", help=f"{names}; without it, all")
    arguments = parser.parse_args()
    arguments.folder.mkdir(parents=True, exist_ok=True)
    return arguments
