"""Files to install are the same bytes each time, hold what they must, and nothing is tagged too early."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path

import pytest

from tests.scenarios.telling import ROOT


def build(folder: Path, kind: str) -> Path:
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "1700000000"}
    command = [
        sys.executable,
        "-m",
        "hatchling",
        "build",
        "--target",
        kind,
        "--directory",
        str(folder),
    ]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    [found] = folder.iterdir()
    return found


def test_a_wheel_is_the_same_each_time_and_holds_what_is_read_at_run_time(tmp_path: Path) -> None:
    wheel, again = (build(tmp_path / str(turn), "wheel") for turn in range(2))
    assert wheel.read_bytes() == again.read_bytes()
    names = set(zipfile.ZipFile(wheel).namelist())
    for path in (ROOT / "sordiff").rglob("*"):
        if path.is_file() and "__pycache__" not in path.parts:
            assert str(path.relative_to(ROOT)) in names
    assert any(name.endswith("share/man/man1/sordiff-fetch.1") for name in names)


def test_an_sdist_holds_what_is_built_of_it_and_no_tests(tmp_path: Path) -> None:
    with tarfile.open(build(tmp_path, "sdist")) as archive:
        names = {Path(*Path(name).parts[1:]) for name in archive.getnames()}
    assert {Path("pyproject.toml"), Path("LICENSE"), Path("CHANGELOG.md")} <= names
    assert not [name for name in names if name.parts[:1] in {("tests",), ("fixtures",)}]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """What a release looks at, committed."""
    for name in ("pyproject.toml", "scripts/release.sh", "deploy/kubernetes/cronjob.yaml"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes((ROOT / name).read_bytes())
    (tmp_path / "CHANGELOG.md").write_text("## [Unreleased]\n")
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    commit(tmp_path)
    return tmp_path


def commit(folder: Path) -> None:
    person = ["-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", "-C", folder, "add", "-A"], check=True)
    subprocess.run(["git", "-C", folder, *person, "commit", "-qm", "x"], check=True)


def released(folder: Path, tagged: str = "") -> str:
    done = subprocess.run(
        ["sh", "scripts/release.sh"], cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode != 0
    tags = subprocess.run(["git", "-C", folder, "tag"], capture_output=True, text=True, check=True)
    assert tags.stdout == tagged
    return done.stderr


def test_nothing_is_released_that_is_not_ready(repository: Path) -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    assert f'no section "## [{version}] - DATE"' in released(repository)
    (repository / "CHANGELOG.md").write_text(f"## [{version}] - 2026-12-01\n")
    assert "something is not committed" in released(repository)
    commit(repository)
    manifest = repository / "deploy/kubernetes/cronjob.yaml"
    good = manifest.read_text()
    manifest.write_text(good.replace(f"sordiff:{version}", "sordiff:0.0.9"))
    commit(repository)
    assert "names another version" in released(repository)
    manifest.write_text(good)
    commit(repository)
    subprocess.run(["git", "-C", repository, "tag", f"v{version}"], check=True)
    assert f"v{version} is there already" in released(repository, f"v{version}\n")


def test_what_names_the_version_names_the_one_that_is_released() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
    for name in ("docs/deployment.md", "deploy/kubernetes/cronjob.yaml"):
        named = re.findall(r"sordiff[-:](\d+\.\d+\.\d+)", (ROOT / name).read_text("utf-8"))
        assert set(named) == {version}, name
    changelog = (ROOT / "CHANGELOG.md").read_text("utf-8")
    assert re.search(rf"^## \[{re.escape(version)}\] - \d{{4}}-\d\d-\d\d$", changelog, re.MULTILINE)


def test_the_bill_of_materials_says_what_the_lock_says_and_names_no_host(tmp_path: Path) -> None:
    python = ROOT / ".cache" / "sbom" / "bin" / "python"
    if not python.exists():
        pytest.skip("cyclonedx-python-lib is not installed; `make sbom` brings it")
    lock = ROOT / "deploy" / "requirements.lock"
    written = []
    for number in (1, 2):
        file = tmp_path / f"{number}.json"
        subprocess.run(
            [python, "scripts/sbom.py", lock, file],
            cwd=ROOT,
            env={**os.environ, "SOURCE_DATE_EPOCH": "1700000000"},
            check=True,
            capture_output=True,
        )
        written.append(file.read_text(encoding="utf-8"))
    assert written[0] == written[1]
    bill = json.loads(written[0])
    pinned = re.findall(r"^([\w.-]+)==([^ ;]+)", lock.read_text("utf-8"), re.MULTILINE)
    found = {(one["name"], one["version"]) for one in bill["components"]}
    assert found == set(pinned)
    needed = {one["ref"]: one.get("dependsOn", []) for one in bill["dependencies"]}
    own = needed[bill["metadata"]["component"]["bom-ref"]]
    assert any("kafka-python" in ref for ref in own)
    assert not any("httpcore" in ref for ref in own)
    assert set(re.findall(r"https?://[^\"/]+", written[0])) == {"http://cyclonedx.org"}
