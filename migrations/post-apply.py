"""Reloads all code after migrations that yoyo itself applied; `worker.py migrate` needs no hook."""

import sys
from pathlib import Path

from yoyo import step

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from sql.code import load_code

step(load_code)
