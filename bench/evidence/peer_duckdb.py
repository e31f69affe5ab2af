"""The peer: DuckDB loads a court release from its zip archive into Parquet, with the types of our mapping.

usage: peer_duckdb.py RELEASE.zip MAPPING.toml OUT_DIR [--unpacked DIR]

DuckDB cannot read a member of a zip archive, so the archive is unpacked first; that time is told apart. Every column is
read as text and cast, as loaders of this release do; options are those that lose the fewest rows without stopping.
"""
import json
import os
import re
import resource
import sys
import time
import zipfile

import duckdb

release, mapping_path, out = sys.argv[1:4]
os.makedirs(out, exist_ok=True)
with open(mapping_path) as file:
    mapping = file.read()
# Inline tables over several lines are TOML 1.1, which tomllib does not read yet.
types = {}
for table in mapping.split("[[table]]")[1:]:
    name = re.search(r'name = "([^"]+)"', table)[1].lower()
    columns = re.findall(r'\{\s*name = "([^"]+)",\s*as = "[^"]+"([^}]*)', table)
    kinds = {column.lower(): re.search(r'type = "(\w+)"', rest) for column, rest in columns}
    types[name] = {column: kind[1] for column, kind in kinds.items() if kind}
casts = {"integer": "BIGINT", "date": "DATE", "datetime": "TIMESTAMP"}

begin = time.time()
unpacked = os.path.join(out, "unpacked")
with zipfile.ZipFile(release) as archive:
    names = [n for n in archive.namelist() if not n.endswith("/")]
    archive.extractall(unpacked)
unpack_seconds = time.time() - begin

declared = {}
for name in names:
    if os.path.basename(name).lower() == "count.txt":
        with open(os.path.join(unpacked, name)) as file:
            for line in file:
                parts = line.rstrip("\r\n").split("\t")
                if len(parts) == 2 and parts[1].isdigit():
                    declared[parts[0].lower()] = int(parts[1])

con = duckdb.connect()
con.execute("SET threads = 2")
rows_in, bytes_in, missing = 0, 0, {}
for name in names:
    stem, ending = os.path.splitext(os.path.basename(name))
    if ending.lower() != ".csv":
        continue
    path = os.path.join(unpacked, name)
    bytes_in += os.path.getsize(path)
    known = types.get(stem.lower(), {})
    source = (
        f"read_csv('{path}', delim='\\t', quote='', escape='', header=true, all_varchar=true, null_padding=true,"
        " ignore_errors=true, strict_mode=false, encoding='latin-1', parallel=true)"
    )
    try:
        columns = [row[0] for row in con.execute(f"DESCRIBE SELECT * FROM {source}").fetchall()]
        select = ", ".join(
            f'TRY_CAST(TRIM("{c}") AS {casts[known[c.lower()]]}) AS "{c}"' if known.get(c.lower()) in casts else f'"{c}"'
            for c in columns
        )
        target = os.path.join(out, f"{stem}.parquet")
        rows = con.execute(f"COPY (SELECT {select} FROM {source}) TO '{target}' (FORMAT PARQUET)").fetchone()[0]
    except duckdb.Error as error:
        print(f"failed: {name}: {str(error).splitlines()[0]}", file=sys.stderr)
        rows = 0
    rows_in += rows
    wanted = declared.get(stem.lower())
    if wanted is not None and wanted != rows:
        missing[stem] = wanted - rows
total = time.time() - begin
print(
    json.dumps(
        {
            "seconds": round(total, 2),
            "of_which_unpacking": round(unpack_seconds, 2),
            "rows": rows_in,
            "bytes": bytes_in,
            "peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
            "cpu_seconds": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2]), 2),
            "rows_wrong_by_table": missing,
        }
    )
)
