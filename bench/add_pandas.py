"""The peer of bench/add.sh: pandas reads an ICE release as text, parses its dates and writes Parquet.

Needs `pip install pandas pyarrow`. Usage: python3 add_pandas.py FILE.csv.gz OUT.parquet
"""

import sys

import pandas as pd

BANNER_ROWS = 5

frame = pd.read_csv(sys.argv[1], sep="|", skiprows=BANNER_ROWS, dtype=str, keep_default_na=False)
for column in [name for name in frame.columns if name.endswith("Date") and name != "Birth Date"]:
    frame[column + " parsed"] = pd.to_datetime(frame[column], format="%m/%d/%Y", errors="coerce")
frame.to_parquet(sys.argv[2])
print(len(frame), "rows")
