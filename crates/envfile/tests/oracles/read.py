"""Reads every case with python-dotenv: <cases>/<n>/.env gives <out>/<n>, one KEY=value per entry, entries ended by NUL.
A file that the parser rejects gives none."""

import logging
import pathlib
import sys

import dotenv

cases, out = map(pathlib.Path, sys.argv[1:])
logging.disable()
out.mkdir(parents=True)
for case in cases.iterdir():
    try:
        values = dotenv.dotenv_values(case / ".env")
    except UnicodeDecodeError:
        continue
    entries = (f"{key}={value}\0" for key, value in values.items() if value is not None)
    (out / case.name).write_bytes("".join(entries).encode())
