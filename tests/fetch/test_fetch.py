"""Fetching night after night: nothing twice, mirrors, closed hours, TLS and proxies, and what lies in the folder."""

from __future__ import annotations

import json
import ssl
from datetime import datetime, timedelta, timezone
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from sordiff.errors import Locked, NotASnapshot, NotFetched, SordiffError
from sordiff.fetch.folder import FetchFolder
from sordiff.fetch.settings import FetchSettings
from sordiff.fetch.timing import seconds_until_open
from tests.fetch.fetching import MONDAY, MORNING, TUESDAY, Fetching, fetched_files, kept_aside
from tests.fetch.site import Site, serve, status, whole

PAGE = b"<html><title>Closed</title></html>"
NOWHERE = "http://127.0.0.1:9/Sor.zip"


def test_nothing_is_fetched_twice(fetching: Fetching) -> None:
    with serve(Site(MONDAY)) as site:
        first = fetching.fetch(site.url)
        again = fetching.fetch(site.url)
        assert (first.is_new, again.is_new, again.path) == (True, False, first.path)
        asked = site.gets[-1].headers
        assert asked["If-None-Match"] == '"one"'
        assert asked["If-Modified-Since"] == site.last_modified
        site.content, site.etag = TUESDAY, '"two"'
        fetching.now += timedelta(days=1)
        other = fetching.fetch(site.url)
    assert other.is_new
    assert fetched_files(fetching.folder) == ["Sor-2024-03-06.zip", "Sor-2024-03-07.zip"]


def test_the_same_bytes_are_nothing_new_whatever_the_server_says(fetching: Fetching) -> None:
    with serve(Site(MONDAY, knows_conditions=False)) as site:
        first = fetching.fetch(site.url)
        assert not fetching.fetch(site.url).is_new
        site.etag = '"of another server"'
        assert fetching.fetch(site.url).path == first.path
        site.knows_conditions = True
        fetching.fetch(site.url)
        assert site.gets[-1].headers["If-None-Match"] == '"of another server"'
    assert fetched_files(fetching.folder) == ["Sor-2024-03-06.zip"]


def test_two_files_of_one_day_have_two_names(fetching: Fetching) -> None:
    with serve(Site(MONDAY)) as site:
        fetching.fetch(site.url)
        site.content, site.etag = TUESDAY, '"two"'
        fetching.fetch(site.url)
    assert fetched_files(fetching.folder) == ["Sor-2024-03-06-2.zip", "Sor-2024-03-06.zip"]


def test_a_file_that_waits_is_never_removed(fetching: Fetching) -> None:
    folder = FetchFolder(fetching.folder)
    with serve(Site(MONDAY)) as site:
        older = fetching.fetch(site.url).path
        site.content, site.etag = TUESDAY, '"two"'
        newer = fetching.fetch(site.url).path
    folder.note_taken(newer, "2024-03-06T05:00:00+00:00")
    folder.remove_older(1)
    assert folder.list_waiting() == [older]
    folder.note_taken(older, "2024-03-06T05:00:00+00:00")
    folder.remove_older(1)
    assert fetched_files(fetching.folder) == [newer.name]


@pytest.mark.parametrize("harm", ["removed", "changed", "cut"])
def test_a_file_that_is_not_as_it_came_is_fetched_again(harm: str, fetching: Fetching) -> None:
    with serve(Site(MONDAY)) as site:
        path = fetching.fetch(site.url).path
        if harm == "removed":
            path.unlink()
        else:
            path.write_bytes(MONDAY[:-9] + (b"" if harm == "cut" else bytes(9)))
        found = fetching.fetch(site.url)
        assert "If-None-Match" not in site.gets[-1].headers
    assert found.is_new
    assert found.path.read_bytes() == MONDAY


def test_a_file_of_tonight_does_not_lean_on_a_part_of_last_night(fetching: Fetching) -> None:
    from tests.fetch.site import cut

    with serve(Site(MONDAY, answers=[cut(1000)])) as site:
        with pytest.raises(NotFetched):
            fetching.fetch(site.url, attempts=1)
        site.content, site.etag = TUESDAY, '"two"'
        assert fetching.fetch(site.url).path.read_bytes() == TUESDAY
    assert site.gets[-1].headers["Range"] == "bytes=1000-"


def test_a_part_from_before_the_machine_was_restarted_is_not_trusted(fetching: Fetching) -> None:
    from tests.fetch.site import cut

    with serve(Site(MONDAY, answers=[cut(1000)])) as site:
        with pytest.raises(NotFetched):
            fetching.fetch(site.url, attempts=1)
        [note] = (fetching.folder / ".partial").glob("*.json")
        note.write_text(json.dumps(json.loads(note.read_text()) | {"boot": "another"}))
        fetching.fetch(site.url)
    assert "Range" not in site.gets[-1].headers


def test_a_mirror_serves_where_the_first_address_fails(fetching: Fetching) -> None:
    with serve(Site(b"", answers=[status(200, PAGE)])) as first, serve(Site(MONDAY)) as second:
        found = fetching.fetch(NOWHERE, first.url, second.url)
    assert found.is_new
    assert found.url == second.url
    assert found.warnings[0] == f"fetching from {NOWHERE} failed: no connection: Connection refused"
    assert "an HTML page with the title Closed" in found.warnings[1]
    assert kept_aside(fetching.folder) == [PAGE]
    assert not fetching.pauses


def test_a_page_counts_for_more_than_silence(fetching: Fetching) -> None:
    with serve(Site(b"", answers=[status(200, PAGE)])) as site, pytest.raises(NotASnapshot):
        fetching.fetch(NOWHERE, site.url)
    assert fetching.pauses == [2, 4, 8]


def test_every_address_is_named_where_none_serves(fetching: Fetching) -> None:
    with serve(Site(b"", answers=[status(404)])) as site, pytest.raises(NotFetched) as error:
        fetching.fetch(NOWHERE, f"{site.url}?key=secret", attempts=1)
    assert error.value.message == (
        f"Nothing could be fetched from {NOWHERE}: no connection: Connection refused. "
        f"Nothing could be fetched from {site.url}: it answered 404 Not Found."
    )


def test_what_is_put_aside_has_its_headers_beside_it_and_only_once(fetching: Fetching) -> None:
    with serve(Site(b"", answers=[status(200, PAGE, X_Firewall="f5")] * 2)) as site:
        for _ in range(2):
            with pytest.raises(NotASnapshot) as error:
                fetching.fetch(site.url)
            fetching.now += timedelta(hours=1)
    assert kept_aside(fetching.folder) == [PAGE]
    [note] = (fetching.folder / "aside").glob("*.json")
    told = json.loads(note.read_text())
    assert {name: value for name, value in told["headers"] if name.startswith("x-")} == {
        "x-firewall": "f5"
    }
    assert (told["status"], told["url"]) == (200, site.url)
    assert str(note).removesuffix(".headers.json") in error.value.problems[0].message


def test_what_is_put_aside_does_not_fill_the_disk(fetching: Fetching) -> None:
    pages = [PAGE + b"%d" % number for number in range(22)]
    with serve(Site(b"", answers=[status(200, page) for page in pages])) as site:
        for _ in pages:
            with pytest.raises(NotASnapshot):
                fetching.fetch(site.url)
            fetching.now += timedelta(minutes=1)
    assert kept_aside(fetching.folder) == pages[2:]


@pytest.mark.parametrize("off", [-3, 3])
def test_a_clock_that_is_off_is_told_and_changes_nothing(off: int, fetching: Fetching) -> None:
    site = Site(MONDAY, date=MORNING + timedelta(hours=off), etag=None)
    with serve(site):
        found = fetching.fetch(site.url)
        assert found.is_new
        [warning] = found.warnings
        assert warning == (
            f"the clock of 127.0.0.1 says 2024-03-06 0{5 + off}:00 UTC, and that of this machine "
            "2024-03-06 05:00: see to the one that is wrong"
        )
        assert not fetching.fetch(site.url).is_new
    assert site.gets[-1].headers["If-Modified-Since"] == site.last_modified


@pytest.mark.parametrize(
    ("utc", "minutes"),
    [
        ("2024-03-06T00:44:59", 0),
        ("2024-03-06T00:45:00", 15),
        ("2024-03-06T00:59:30", 0.5),
        ("2024-03-06T01:00:00", 0),
        ("2024-07-01T23:50:00", 10),
        # Clocks go from 02:00 to 03:00 at 01:00 UTC.
        ("2024-03-31T00:44:00", 0),
        ("2024-03-31T00:50:00", 10),
        ("2024-03-31T01:00:00", 0),
        # Clocks go from 03:00 back to 02:00 at 01:00 UTC; 01:45 is there once.
        ("2024-10-26T23:50:00", 10),
        ("2024-10-27T00:00:00", 0),
        ("2024-10-27T00:50:00", 0),
        ("2024-10-27T01:00:00", 0),
    ],
)
def test_the_closed_quarter_of_an_hour(utc: str, minutes: float) -> None:
    from sordiff.fetch.settings import read_window

    now = datetime.fromisoformat(f"{utc}+00:00")
    assert seconds_until_open(now, read_window("01:45-02:00")) == minutes * 60


def test_closed_hours_of_another_kind() -> None:
    from sordiff.fetch.settings import read_window

    # Closed from 02:30 to 03:30: half past two is there twice in October, and not at all in March.
    october, march = (
        datetime.fromisoformat(f"{day}+00:00") for day in ("2024-10-27T00:30", "2024-03-31T00:59")
    )
    window = read_window("02:30-03:30")
    assert seconds_until_open(october, window) == 30 * 60
    assert seconds_until_open(march, window) == 0
    assert seconds_until_open(march + timedelta(minutes=1), window) == 30 * 60
    over_midnight = read_window("23:00-01:00")
    assert seconds_until_open(datetime(2024, 1, 1, 22, 30, tzinfo=timezone.utc), over_midnight) == (
        90 * 60
    )
    assert seconds_until_open(october, read_window("")) == 0


@pytest.mark.parametrize(
    "text", ["02:00", "1-2", "02:00-02:00", "01:00-02:00-03:00", "25:00-02:00"]
)
def test_closed_hours_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"closed of \[fetch\]"):
        FetchSettings(closed=text)


def test_the_closed_hours_are_waited_out(fetching: Fetching) -> None:
    fetching.now = datetime(2024, 3, 6, 0, 50, tzinfo=timezone.utc)
    with serve(Site(MONDAY, date=fetching.now)) as site:
        assert fetching.fetch(site.url).is_new
    assert fetching.pauses == [600]
    assert fetching.said == ["the site is closed until 02:00; waiting"]


def test_they_are_waited_out_before_another_attempt_too(fetching: Fetching) -> None:
    fetching.now = datetime(2024, 3, 6, 0, 44, 59, tzinfo=timezone.utc)
    with serve(Site(MONDAY, date=fetching.now, answers=[status(500)])) as site:
        fetching.fetch(site.url)
    assert fetching.pauses == [2, 899]


def test_pauses_grow_and_chance_takes_up_to_half_of_them() -> None:
    from sordiff.fetch.timing import choose_pause

    assert [choose_pause(n, 0, 0.0) for n in range(4)] == [2, 4, 8, 16]
    assert [choose_pause(n, 0, 1.0) for n in range(4)] == [1, 2, 4, 8]
    assert choose_pause(0, 45, 0.5) == 45
    assert choose_pause(19, 0, 0.0) == 600


def test_only_a_trusted_certificate_will_do(
    fetching: Fetching, certificate: ssl.SSLContext, authority: trustme.CA, tmp_path: Path
) -> None:
    ca = tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(ca))
    with serve(Site(MONDAY), certificate) as site:
        with pytest.raises(NotFetched, match="its certificate is not trusted") as error:
            fetching.fetch(site.url)
        assert not fetching.pauses, error
        assert not site.asked
        assert fetching.fetch(site.url, tls_ca_file=str(ca)).is_new


def test_the_usual_variable_names_an_authority(
    fetching: Fetching,
    certificate: ssl.SSLContext,
    authority: trustme.CA,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "ca.pem"))
    with serve(Site(MONDAY), certificate) as site:
        assert fetching.fetch(site.url).is_new


def test_an_authority_that_cannot_be_used_is_told(fetching: Fetching) -> None:
    with pytest.raises(SordiffError, match=r"tls_ca_file of .fetch., nowhere\.pem, can't be used"):
        fetching.fetch(NOWHERE, tls_ca_file="nowhere.pem")


def test_no_redirect_leads_from_https_to_http(
    fetching: Fetching, certificate: ssl.SSLContext, authority: trustme.CA, tmp_path: Path
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    with (
        serve(Site(MONDAY)) as plain,
        serve(Site(b"", answers=[status(301, Location=plain.url)]), certificate) as site,
    ):
        with pytest.raises(NotFetched, match="it redirects from https to http"):
            fetching.fetch(site.url, tls_ca_file=str(tmp_path / "ca.pem"))
        assert not plain.asked


def test_the_usual_variable_names_a_proxy(
    fetching: Fetching, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    class Proxy(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Content-Length", str(len(MONDAY)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(MONDAY)

        do_HEAD = do_GET  # noqa: N815  # http.server's name

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Proxy) as server:
        thread = Thread(target=lambda: server.serve_forever(poll_interval=0.01))
        thread.start()
        monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{server.server_port}")
        found = fetching.fetch("http://sor.invalid/Sor.zip")
        server.shutdown()
        thread.join()
    assert found.is_new
    assert asked == ["http://sor.invalid/Sor.zip"] * 2


def test_one_call_at_a_time_works_in_a_folder(fetching: Fetching) -> None:
    with (
        FetchFolder(fetching.folder).lock(),
        pytest.raises(Locked, match="Another sordiff is fetching into"),
    ):
        fetching.fetch(NOWHERE)


def test_a_folder_that_cannot_be_made_is_told(fetching: Fetching) -> None:
    fetching.folder.write_text("a file")
    with pytest.raises(SordiffError, match="can't be written to: File exists"):
        fetching.fetch(NOWHERE)


def test_whoever_watches_sees_the_bytes_come(fetching: Fetching) -> None:
    with serve(Site(MONDAY)) as site:
        fetching.fetch(site.url)
    assert fetching.seen[-1] == (len(MONDAY), len(MONDAY))


def test_a_file_has_the_name_that_its_address_gives_it(fetching: Fetching) -> None:
    with serve(Site(MONDAY, answers=[whole])) as site:
        found = fetching.fetch(site.url.replace("Sor.zip", "a%2F..%2Fb%20c.xml.gz?x=y"))
        assert found.path.name == "b-c-2024-03-06.xml.gz"
        site.content = TUESDAY
        assert fetching.fetch(f"{site.url}/").path.name == "Sor-2024-03-06.zip"
