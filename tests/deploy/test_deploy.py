"""What is in deploy/ is accepted by the tools for it, and agrees with sordiff."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from sordiff.errors import Exit
from sordiff.settings import load_settings
from tests.scenarios.telling import ROOT

DEPLOY = ROOT / "deploy"
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"]
CRON = (DEPLOY / "cron" / "sordiff").read_text(encoding="utf-8")
SERVICE = (DEPLOY / "systemd" / "sordiff.service").read_text(encoding="utf-8")
CONTAINERFILE = (DEPLOY / "container" / "Containerfile").read_text(encoding="utf-8")
needs_systemd = pytest.mark.skipif(
    not shutil.which("systemd-analyze"), reason="systemd-analyze is not installed"
)


def tool(name: str) -> str:
    """One that `make check-deploy` brings, or that is there."""
    brought = ROOT / ".cache" / "checks" / "bin" / name
    found = str(brought) if brought.exists() else shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed; `make check-deploy` brings it")
    return found


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def units(tmp_path: Path) -> Path:
    """The units, with a program that is there."""
    for path in (DEPLOY / "systemd").glob("sordiff.[st]*"):
        text = path.read_text(encoding="utf-8").replace("/usr/local/bin/sordiff", "/bin/true")
        (tmp_path / path.name).write_text(text)
    return tmp_path


def manifests() -> dict[str, Any]:
    text = (DEPLOY / "kubernetes" / "cronjob.yaml").read_text(encoding="utf-8")
    return {one["kind"]: one for one in yaml.safe_load_all(text)}


@needs_systemd
@pytest.mark.parametrize("unit", ["sordiff.service", "sordiff.timer"])
def test_systemd_accepts_the_units(unit: str, units: Path) -> None:
    done = run("systemd-analyze", "verify", "--man=no", units / unit)
    assert (done.returncode, done.stderr) == (0, "")


@needs_systemd
def test_the_service_is_confined(units: Path) -> None:
    path = units / "sordiff.service"
    done = run("systemd-analyze", "security", "--offline=yes", "--threshold=15", path)
    assert done.returncode == 0, done.stdout


@needs_systemd
def test_the_timer_comes_through_when_clocks_change() -> None:
    [calendar] = re.findall(
        r"^OnCalendar=(.+)$", (DEPLOY / "systemd" / "sordiff.timer").read_text(), re.MULTILINE
    )
    night = "2024-03-31 00:00:00 UTC"  # in which 02:15 is left out
    done = run("systemd-analyze", "calendar", f"--base-time={night}", calendar)
    assert "2024-03-31 01:15:00 UTC" in done.stdout


def test_a_program_of_systemd_is_not_repeated_where_a_person_must_look() -> None:
    settings = dict(re.findall(r"^(\w+)=(.*)$", SERVICE, re.MULTILINE))
    assert settings["SuccessExitStatus"] == str(int(Exit.HELD))
    assert settings["RestartPreventExitStatus"].split() == ["2", "5"]
    assert "ProcSubset" not in settings


def test_hadolint_accepts_the_containerfile() -> None:
    done = run(tool("hadolint"), DEPLOY / "container" / "Containerfile")
    assert (done.returncode, done.stdout) == (0, "")


def test_the_container_is_no_root_and_copies_what_is_there() -> None:
    assert re.findall(r"^USER (.+)$", CONTAINERFILE, re.MULTILINE) == ["10001:10001"]
    copied = re.findall(r"^COPY (?!--)(\S+)", CONTAINERFILE, re.MULTILINE)
    assert copied == ["deploy/requirements.lock", "dist/*.whl"]


def test_the_manifests_fit_their_schemas() -> None:
    manifest = DEPLOY / "kubernetes" / "cronjob.yaml"
    done = run(tool("kubernetes-validate"), "--strict", manifest)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_job_is_confined_and_never_runs_twice_at_once() -> None:
    job = manifests()["CronJob"]["spec"]
    pod = job["jobTemplate"]["spec"]["template"]["spec"]
    [container] = pod["containers"]
    assert job["concurrencyPolicy"] == "Forbid"
    assert container["securityContext"]["readOnlyRootFilesystem"]
    assert pod["securityContext"]["runAsNonRoot"]
    assert container["image"] == f"sordiff:{VERSION}"
    mounted = {mount["name"]: mount["mountPath"] for mount in container["volumeMounts"]}
    assert mounted.keys() == {volume["name"] for volume in pod["volumes"]}
    assert {"/var/lib/sordiff", "/tmp"} <= set(mounted.values())  # noqa: S108  # in the container


@pytest.mark.parametrize("where", ["file", "manifest"])
def test_the_settings_are_settings_below_the_folder_that_is_written_to(
    where: str, tmp_path: Path
) -> None:
    path = DEPLOY / "sordiff.toml"
    if where == "manifest":
        path = tmp_path / "sordiff.toml"
        path.write_text(manifests()["ConfigMap"]["data"]["sordiff.toml"])
    settings = load_settings(path)
    folders = (settings.db, settings.fetch.dir, settings.archive.dir)
    assert all(str(folder).startswith("/var/lib/sordiff/") for folder in folders)
    assert settings.fetch.urls


def test_every_call_is_one_of_sordiff() -> None:
    from tests.contract.commands import all_commands

    calls = [
        *re.findall(r"sordiff ((?:run|status)[^|&)]*)", CRON),
        *re.findall(r"^ExecStart=\S+/sordiff (.+)$", SERVICE, re.MULTILINE),
        " ".join(
            manifests()["CronJob"]["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][
                0
            ]["args"]
        ),
        " ".join(re.findall(r'"([^"]+)"', CONTAINERFILE.partition("\nCMD ")[2])),
    ]
    assert len(calls) == 5
    for call in calls:
        command, *words = call.split()
        known = {
            name for one in all_commands()[f"sordiff {command}"].parameters for name in one.names
        }
        assert {word for word in words if word.startswith("--")} <= known, call


def test_what_is_installed_are_the_versions_that_were_tested() -> None:
    def pins(name: str) -> set[str]:
        return set(
            re.findall(r"^([\w.-]+==[^\s;]+)", (ROOT / name).read_text("utf-8"), re.MULTILINE)
        )

    installed = pins("deploy/requirements.lock")
    assert installed
    assert installed <= pins("requirements.lock")
    needed = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", line)[0].lower() for line in needed}  # type: ignore[index]  # each has a name
    assert names <= {pin.partition("==")[0].replace("_", "-") for pin in installed} | {
        pin.partition("==")[0].replace("-", ".") for pin in installed
    }
