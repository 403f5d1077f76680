"""The command line, run as one would."""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import ROOT


def postil(
    folder: Path, *arguments: str, piped: bytes = b"", environment: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command on a library in this folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POSTIL_")}
    ran = subprocess.run(
        [sys.executable, "-m", "app.cli", *arguments],
        cwd=ROOT,
        env=kept | {"POSTIL_DATA_DIR": str(folder), "NO_COLOR": "1"} | (environment or {}),
        input=piped,
        capture_output=True,
        timeout=120,
        check=False,
    )
    return subprocess.CompletedProcess(ran.args, ran.returncode, ran.stdout.decode(), ran.stderr.decode())
