"""Bulletin: automatic radio news, from feeds to a finished bulletin on air."""

import os
import sys

from bulletin.runtime.renamed_import_paths import MovedModuleFinder

__version__ = "0.1.0"

# Before numpy is imported: our matrices are small, and OpenBLAS's threads cost more to start, and to keep
# waiting beside LAME's, than they save.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

sys.meta_path.append(MovedModuleFinder())
