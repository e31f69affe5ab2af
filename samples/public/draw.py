"""Draws the sample in this folder: python3 draw.py RELEASE.csv.gz OUT.csv.gz ROWS SEED

Keeps the banner and header lines, and of the data lines those whose SHA-256 over "SEED:LINE NUMBER" is among the
smallest ROWS, in their original order. Lines are copied byte for byte; no row spans lines in these releases.
"""

import gzip
import hashlib
import sys

BANNER_AND_HEADER_LINES = 6

release, out, rows, seed = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
with gzip.open(release, "rb") as file:
    lines = file.readlines()
numbers = range(BANNER_AND_HEADER_LINES, len(lines))
rank = sorted(numbers, key=lambda n: hashlib.sha256(f"{seed}:{n + 1}".encode()).digest())
drawn = sorted(rank[:rows])
with open(out, "wb") as raw, gzip.GzipFile(fileobj=raw, mode="wb", mtime=0, filename="") as file:
    file.writelines(lines[:BANNER_AND_HEADER_LINES])
    file.writelines(lines[n] for n in drawn)
