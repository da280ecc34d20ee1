"""The sentences of errors, warnings, alarms and findings: every one in every language, told with all its facts."""

from __future__ import annotations

import re

import pytest

from sordiff.render.language import ENGLISH, LANGUAGES, catalogue, language_file
from sordiff.render.language.sentences import HOLE
from tests.language.prose import files_outside, prose_in

OTHERS = [language for language in LANGUAGES if language != ENGLISH]

# Words for people lie here in the language files, or they are for developers and machines.
ELSEWHERE = (
    "render/",
    "schemas/",
    "events/",
    "http/openapi.py",
    "http/operations.py",
    "http/deciding/operations.py",
    "http/parameters.py",
    "kafka/asyncapi.py",
    "notices/metrics.py",
    "store/views.py",
    "store/plain_columns.py",
    "store/plain_views.py",
    "store/early_migrations.py",
    "store/migrations.py",
)
# Texts of several words that nobody reads as a sentence.
NOT_SAID = {
    "--run, --date, --since",
    " --db {}",
    "--set {}",
    "uid {}",
    "sordiff {}",
    "sordiff: {}",
    "sordiff: {}\n",
    "sordiff: {}: {}\n",
    r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)\Z",  # a header
    "sordiff report --run {}{}",
    "sordiff report --run {} --list {}{}",
    "sordiff reconcile {}{}",
    "sordiff events --run {}",
    "sordiff check {}",
    "Sor.xml, Sor.zip or a CSV file of SOR, plain or as .gz; FILE@DAY for its day.",  # the help of an argument
    "organisatorisk enhed",  # a word of the file
    "unexpected end of data",  # what libraries say, looked for
    "column {}",  # the name of a column without one
    "sordiff release {} --reason TEXT{}",
    "sordiff reject {} --reason TEXT{}",
    "The language of messages and reports; see SORDIFF_LANG and lang in sordiff.toml.",  # the same
    "--to {} ",
    # Written by the handler of a signal, which can look nothing up.
    "sordiff: {} was cut short while it was read; nothing of it was recorded. Call again when the file is complete.\n",
    "application/json; charset=utf-8",
    "Accept-Encoding, Accept-Language",
    "Accept-Encoding, Accept-Language, Cookie",
    'attachment; filename="{}.{}"',
    "text/csv; charset=utf-8",
    "text/html; charset=utf-8",
    'numbers : "{}"',  # what full-text search is asked for
    'name : ^ "{}" *',
    "text/plain; version=0.0.4; charset=utf-8",
    "%s failed",  # in the log of the server
    "kafka-python %s is used as it comes: sordiff knows %s from within",  # in the log
    "GET, HEAD",
    "id: {}\ndata: {}\n\n",  # a block of a stream
    ": still here\n",
    "last change",  # a key
    "serve.webhooks.{}",
    "webhook {}",  # the name of a thread
    "application/cloudevents+json; charset=utf-8",
    '<{}?{}>; rel="next"',
    "DecisionSent | CorrectionSent",
    'Bearer realm="sordiff"',
    '{}, error="invalid_token"',
    '{}, error="insufficient_scope"',
    "refused {}",  # a key
    "proxy {}",  # the same
    "{} audit {} {}",  # in the log of the server
    "{} (token)",
    "private, no-cache",
    "whole state",  # a kind of row
    "{} (SorDataTypes.xml)",
    ", line ",  # what libraries say, looked for
    "Start tag expected",
    "Excessive depth",
    r"\[Error \d+\] (\w+Error)\b",
    "the second half",  # the name of a part of a file
    "Region Nordjylland",
    "Region Midtjylland",
    "Region Syddanmark",
    "Region Hovedstaden",
    "Region Sjælland",
    "events.sequence > ?",
    "events.sequence <= ?",
    "events.run_id = ?",
    "{}events.type = ?",
    "events.subject = ?",
}
_COLUMNS = re.compile(r'(?:[\w".]+, ){3,}[\w".]+\Z|.*\bIS NULL OR\b')
# What the sentence before says is not said again.
_LEFT_OUT = {"{percent:n} % of the {what:s} are {place:s}": {"what"}}


def _said() -> dict[str, str]:
    """Every sentence of the source by its skeleton, with the place where it stands."""
    return {
        prose.skeleton: f"{prose.file}:{prose.line}"
        for path in files_outside(*ELSEWHERE)
        for prose in prose_in(path)
        if prose.skeleton not in NOT_SAID and not _COLUMNS.match(prose.skeleton)
    }


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_of_the_source_is_in_every_language(language: str) -> None:
    known = {HOLE.sub("{}", key) for key in language_file(language).sentences}
    missing = {skeleton: place for skeleton, place in _said().items() if skeleton not in known}
    assert not missing


@pytest.mark.parametrize("language", OTHERS)
def test_every_translation_fills_the_holes_of_its_sentence(language: str) -> None:
    for key, translation in language_file(language).sentences.items():
        holes = {hole[1] for hole in HOLE.finditer(key)} - _LEFT_OUT.get(key, set())
        assert {hole[1] for hole in HOLE.finditer(translation)} == holes, key
        assert key == key.strip() or key[0] == " ", key


@pytest.mark.parametrize(
    "sentence",
    [
        "The export out could not be written: {}.",
        "The changelog a.db could not be made: {}.",
        "The copy b.db could not be written: {}.",
        "The archive nights failed: {}.",
        "The frame n.zst of the archive is damaged: {}.",
        "The position p.json can't be read: {}.",
        "The output could not be written: {}.",
        "out failed while writing it: {}.",
        "night.xml can't be read: {}.",
        (
            "x.mark can't be written ({}): if a backup is restored, nobody will know how far the "
            "changelog had come"
        ),
    ],
)
def test_what_the_system_says_is_said_in_the_language_of_the_sentence(sentence: str) -> None:
    said = catalogue("da").sentence(sentence.format("No space left on device"))
    assert "der er ikke mere plads på disken" in said


def test_all_other_languages_have_the_same_sentences() -> None:
    first, *others = [language_file(language).sentences for language in OTHERS]
    for other in others:
        assert other.keys() == first.keys()


def test_english_is_what_the_source_says() -> None:
    assert not language_file(ENGLISH).sentences
    assert catalogue(ENGLISH).sentence("There is no run 3.") == "There is no run 3."


@pytest.mark.parametrize(
    ("english", "danish"),
    [
        ("There is no run 5.", "Der er ingen kørsel 5."),
        (
            "There is no run 5. `sordiff runs` lists them.",
            "Der er ingen kørsel 5. `sordiff runs` viser, hvilke der er.",
        ),
        (
            "Kafka at a:9092 failed while publishing run 3: no answer within 2.5 s.",
            "Kafka på a:9092 fejlede (publicering af kørsel 3): intet svar inden for 2,5 s.",
        ),
        (
            (
                "1,234 closings, where 200 is the limit (0.5 % of 231,000 open units, at least 200); "
                "the busiest of 12 ordinary nights from 2018-01-01 to 2018-02-01 had 12; "
                "80 % of the closings are under Region Nord (3510001000016008)"
            ),
            (
                "1.234 lukninger; grænsen er 200 (0,5 % af 231.000 åbne enheder, dog mindst 200); "
                "den travleste af 12 almindelige nætter fra 2018-01-01 til 2018-02-01 havde 12; "
                "heraf 80 % under Region Nord (3510001000016008)"
            ),
        ),
        (
            (
                "412 moves a night, over 3 nights; usually about 3 a night and at most 1,012, by 8 "
                "Mondays from 2018-01-01 to 2018-03-01, and up to 9 when a month began"
            ),
            (
                "412 flyttede enheder pr. nat over 3 nætter; normalt ca. 3 pr. nat og højst 1.012, "
                "målt over 8 mandage fra 2018-01-01 til 2018-03-01, og op til 9 ved et månedsskifte"
            ),
        ),
        (
            (
                "sordiff.toml with SORDIFF_DB is not a configuration of sordiff: each topic must have "
                "a name of its own."
            ),
            (
                "sordiff.toml sammen med SORDIFF_DB er ikke en gyldig sordiff-konfiguration: hvert "
                "topic skal have sit eget navn."
            ),
        ),
        (
            "No run was accepted for 2024-03-06: run 3 (2024-03-06) is held.",
            "Ingen kørsel er godkendt for 2024-03-06: kørsel 3 (2024-03-06) er tilbageholdt.",
        ),
        (
            "Error: Invalid value for --to: nats:x is neither kafka nor ndjson:DIR.",
            "Fejl: Ugyldig værdi for --to: nats:x er hverken kafka eller ndjson:MAPPE.",
        ),
        (
            "/a/b failed while making it: No such file or directory.",
            "/a/b: fejl under oprettelse: filen eller mappen findes ikke.",
        ),
        (
            "not well-formed: xmlParseEntityRef: no name",
            "ikke velformet: »xmlParseEntityRef: no name«",
        ),
        (
            "The mail to a@b.dk was refused by c.dk: 550 No such user.",
            "Mailen til a@b.dk blev afvist af c.dk: »550 No such user«.",
        ),
        ("that a published run was wrong", "that a published run was wrong"),
        ("a sentence of tomorrow about 1,000 things", "a sentence of tomorrow about 1,000 things"),
        ("", ""),
    ],
)
def test_a_sentence_is_told_in_danish_with_all_its_facts(english: str, danish: str) -> None:
    assert catalogue("da").sentence(english) == danish


def test_what_comes_from_outside_is_never_translated() -> None:
    say = catalogue("da").sentence
    assert say("Released by moves: closings") == "Frigivet af moves: closings"
    assert say("There is no changelog at moves; closings.") == (
        "Der er ingen ændringslog i moves; closings."
    )
    assert say("5 things") == "5 things"


def test_the_commands_keep_no_words_of_their_own() -> None:
    from sordiff.render import commands

    folder = f"{commands.__name__.replace('.', '/')}/".removeprefix("sordiff/")
    others = [p for p in files_outside() if f"/{folder}" in f"/{p.as_posix()}"]
    assert len(others) > 10
    words = [
        prose
        for path in others
        for prose in prose_in(path)
        # `whole state` is a kind of row; ids and codes stand alone.
        if prose.skeleton != "whole state" and re.search(r"[a-z]{2,} [a-z]{2,}", prose.skeleton)
    ]
    assert not words
