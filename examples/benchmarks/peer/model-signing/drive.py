"""Hashes a folder with the model-signing package, again and again, and prints what each round took.

Usage: drive.py FOLDER WORKERS ROUNDS. One line for each round, "seconds S", and at the end "resident KIB", the most memory
that the process held.
"""

import pathlib
import resource
import sys
import time

from model_signing import hashing


def main(folder: str, workers: int, rounds: int) -> None:
    config = hashing.Config().use_file_serialization(max_workers=workers)
    for _ in range(rounds):
        start = time.perf_counter()
        config.hash(pathlib.Path(folder))
        print("seconds", time.perf_counter() - start)
    print("resident", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
