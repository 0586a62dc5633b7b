"""Content Credentials with a test certificate: signed last, measured after, and never blocking a bulletin."""

from __future__ import annotations

import base64
import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import soundfile
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from lxml import etree

from bulletin.audio.quality.inspect_sound_file import inspect
from bulletin.config.load_profile import load_profile
from bulletin.diagnostics.run_station_self_checks import check_station
from bulletin.errors import ConfigError
from bulletin.model import RecordedClip, Sentence
from bulletin.pipeline.make_bulletin import make_bulletin
from bulletin.runtime.read_sound_file import read_sound
from bulletin.station.build_station_object import open_station
from bulletin.station.sign_bulletin_mp3s import sign_bulletin
from tests.publishing.podcast.feed_rules import PODCAST
from tests.service.slots.test_publish_best_standby import ITEM, TEXT
from tests.support.factories import make_bulletin as make_bulletin_of
from tests.support.factories import make_passage
from tests.support.speech_like_sounds import RATE_HZ, speech_like

pytestmark = pytest.mark.slow

c2pa = pytest.importorskip("c2pa", reason="the extra c2pa is not installed")

NOW = datetime(2026, 11, 25, 7, 1, tzinfo=UTC)
PROFILE = """\
name = "Valley Radio"
length = "0:40"
[[feeds]]
url = "gazette.rss"
[speech]
chain = ["tone"]
[outputs]
make = ["podcast", "speaker", "fm"]
[credentials]
certificate = "cert.pem"
key = "key.pem"
"""


def make_certificate(folder: Path) -> None:
    """Root and station certificate for e-mail and documents, as the standard requires."""
    now = datetime.now(UTC)
    keys = [ec.generate_private_key(ec.SECP256R1()) for _ in range(2)]
    names = [
        x509.Name(
            [
                x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Valley Radio"),
                x509.NameAttribute(NameOID.COMMON_NAME, name),
            ]
        )
        for name in ("root", "news")
    ]
    pems = []
    for subject, key, is_root in ((names[1], keys[1], False), (names[0], keys[0], True)):
        usage = dict.fromkeys(
            (
                "content_commitment",
                "key_encipherment",
                "data_encipherment",
                "key_agreement",
                "encipher_only",
                "decipher_only",
            ),
            False,
        )
        builder = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(names[0])
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(days=1))
            .not_valid_after(now + timedelta(days=30))
            .add_extension(x509.BasicConstraints(ca=is_root, path_length=None), critical=True)
            .add_extension(
                x509.KeyUsage(digital_signature=True, key_cert_sign=is_root, crl_sign=is_root, **usage),
                critical=True,
            )
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(
                x509.AuthorityKeyIdentifier.from_issuer_public_key(keys[0].public_key()), critical=False
            )
        )
        if not is_root:
            builder = builder.add_extension(
                x509.ExtendedKeyUsage([ExtendedKeyUsageOID.EMAIL_PROTECTION]), critical=False
            )
        certificate = builder.sign(keys[0], hashes.SHA256())
        pems.append(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "cert.pem").write_bytes(b"".join(pems))
    (folder / "key.pem").write_bytes(
        keys[1].private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )


def lay_out(folder: Path) -> Path:
    item = ITEM.format(title="Bridge over the Wex to close for repairs", n=1, text=TEXT)
    (folder / "gazette.rss").write_text(
        f'<rss version="2.0"><channel><title>Gazette</title>{item}</channel></rss>', encoding="utf-8"
    )
    make_certificate(folder)
    path = folder / "valley.toml"
    path.write_text(PROFILE, encoding="utf-8")
    return path


def make(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Make a bulletin; return the public folder and the notes of the run."""
    output = path.parent / "output"
    with open_station(load_profile(str(path)), output=output) as station:
        run = make_bulletin(station, now=NOW, again=True)
    return output / "valley", run.bulletin.notes


@pytest.fixture(scope="module")
def signed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, notes = make(lay_out(tmp_path_factory.mktemp("signed")))
    assert not [note for note in notes if "Credentials" in note]
    return folder


def manifest(path: Path) -> dict[str, object]:
    with c2pa.Reader(path) as reader:
        data = json.loads(reader.json())
    active: dict[str, object] = data["manifests"][data["active_manifest"]] | {
        "state": data["validation_state"]
    }
    return active


@pytest.mark.slow
def test_the_mp3s_declare_how_they_were_made(signed: Path) -> None:
    for path in (next(signed.glob("valley-*.mp3")), signed / "latest.mp3", signed / "speaker.mp3"):
        text = json.dumps(manifest(path))
        assert "compositeWithTrainedAlgorithmicMedia" in text
        assert "synthetic voice" in text
        assert manifest(path)["state"] == "Valid"


@pytest.mark.slow
def test_a_recorded_voice_is_declared_not_to_be_synthetic(tmp_path: Path) -> None:
    profile = load_profile(str(lay_out(tmp_path))).profile
    recording = RecordedClip(sha256="a" * 64, duration_s=2.0, speaker="Ann Fox")
    said = make_passage(sentences=(Sentence(text="Yes.", spoken="", recording=recording),), story_id="1")
    soundfile.write(tmp_path / "a.mp3", speech_like(sentences=1), RATE_HZ, format="MP3")
    made = make_bulletin_of(tmp_path / "a.mp3")
    made = replace(made, renditions=tuple(replace(r, aired=(said,)) for r in made.renditions))

    assert sign_bulletin(made, profile, folder=tmp_path).notes == made.notes

    text = json.dumps(manifest(tmp_path / "a.mp3"))
    assert "Read by a synthetic voice" in text
    assert "Not synthetic: the recorded voice of Ann Fox." in text


def test_the_feed_describes_the_signed_file(signed: Path) -> None:
    path = next(signed.glob("valley-*.mp3"))
    item = etree.parse(signed / "feed.xml").find("channel/item")
    digest = base64.b64encode(hashlib.sha256(path.read_bytes()).digest()).decode()

    assert item.find("enclosure").get("length") == str(path.stat().st_size)
    integrity = item.find(f"{PODCAST}alternateEnclosure/{PODCAST}integrity")
    assert integrity.get("value") == f"sha256-{digest}"


@pytest.mark.slow
def test_a_signed_file_plays_and_keeps_its_chapters(signed: Path) -> None:
    report = inspect(next(signed.glob("valley-*.mp3")))

    assert report.faults == ()
    assert report.title
    assert report.chapters
    assert report.duration_s == pytest.approx(40, abs=0.2)


def test_a_changed_byte_invalidates_the_signature(signed: Path, tmp_path: Path) -> None:
    data = bytearray((signed / "latest.mp3").read_bytes())
    data[-20_000] ^= 0xFF
    (tmp_path / "changed.mp3").write_bytes(data)

    assert manifest(tmp_path / "changed.mp3")["state"] == "Invalid"


@pytest.mark.slow
def test_signing_does_not_change_the_sound(signed: Path, tmp_path: Path) -> None:
    """Signing adds to the head of the file only."""
    path = lay_out(tmp_path)
    path.write_text(PROFILE.partition("[credentials]")[0], encoding="utf-8")
    plain, _ = make(path)

    before, _ = read_sound(next(plain.glob("valley-*.mp3")))
    after, _ = read_sound(next(signed.glob("valley-*.mp3")))
    assert (before == after).all()


@pytest.mark.slow
def test_an_invalid_certificate_does_not_stop_the_bulletin(tmp_path: Path) -> None:
    path = lay_out(tmp_path)
    (tmp_path / "cert.pem").write_text("-----BEGIN CERTIFICATE-----\nbroken\n-----END CERTIFICATE-----\n")

    folder, notes = make(path)

    assert (folder / "latest.mp3").is_file()
    assert any("no Content Credentials" in note for note in notes)
    findings = check_station(load_profile(str(path)), output=tmp_path / "output", now=NOW, asks=False)
    assert [finding.verdict for finding in findings if finding.part == "credentials"] == ["failure"]


def test_a_valid_certificate_passes_the_check(tmp_path: Path) -> None:
    path = lay_out(tmp_path)

    findings = check_station(load_profile(str(path)), output=tmp_path / "output", now=NOW, asks=False)

    assert [finding.verdict for finding in findings if finding.part == "credentials"] == ["ok"]


def test_a_certificate_without_its_key_is_refused(tmp_path: Path) -> None:
    path = lay_out(tmp_path)
    path.write_text(PROFILE.replace('key = "key.pem"\n', ""), encoding="utf-8")

    with pytest.raises(ConfigError, match="a certificate needs its key"):
        load_profile(str(path))
