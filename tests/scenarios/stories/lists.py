"""The codes that the stories use, with their real texts before and after the revision of April 2018."""

from __future__ import annotations

from typing import NamedTuple

from tests.making.plain import PlainEntry, PlainList


class Code(NamedTuple):
    """A code and its text; None where it did not exist, or its text is unknown."""

    code: str
    before: str | None
    after: str | None


# Owners.
KOMMUNE = Code("547211000005108", "kommune", "kommune")
PRIVAT = Code("550891000005100", "privat", "privat")
REGION = Code("550881000005103", "region", "region")
# Institutions; organizational units may carry them too.
ADMINISTRATIV = Code("550811000005108", "administrativ enhed", "administrativ enhed")
ALMEN_PRAKSIS = Code("394761003", "lægepraksis", "almen lægepraksis")
ALTERNATIV = Code("557521000005101", None, "klinik for alternativ behandling")
ANDET = Code("550411000005105", "andet sundhedsvæsen", "anden sundhedsinstitution")
APOTEK = Code("264372000", "apotek", "apotek")
APOTEKSFILIAL = Code("557501000005109", None, "apoteksfilial")
ASYLCENTER = Code("554851000005102", "asylcenter", "asylcenter")
BOSTED = Code("554221000005108", "bosted", "bosted")
FODTERAPEUT = Code("554061000005105", "Statsautoriseret fodterapeut", "fodterapeutklinik")
FYSIOTERAPI = Code("547011000005103", "fysioterapiklinik", "fysioterapiklinik")
GENOPTRAENING = Code("546811000005109", "genoptræningscenter", "genoptræningsenhed")
HANDICAP_PSYKIATRI = Code("554881000005108", "handicap og psykiatri", "handicap- og psykiatrienhed")
HJEMMEPLEJE = Code("554821000005109", "hjemmepleje", "hjemmeplejeenhed")
HJEMMESYGEPLEJE = Code("550621000005101", "hjemmesygepleje", "hjemmesygeplejeenhed")
HOSPITAL = Code("22232009", "hospital", "hospital")
JOBCENTER = Code("554411000005101", "jobcenter", "jobcenter")
KIROPRAKTOR = Code("550641000005106", "kiropraktor klinik", "kiropraktorklinik")
PLEJEHJEM = Code("42665001", "plejehjem", "plejehjem")
PRAEHOSPITAL = Code("554211000005102", "præhospitals enhed", "præhospitalsenhed")
PSYKOLOG = Code("550711000005101", "psykologisk rådgivningsklinik", "psykologisk rådgivningsklinik")
SERVICE = Code("550821000005102", "service enhed", "serviceenhed")
SPECIALLAEGE = Code("550671000005100", "speciallægepraksis", "speciallægepraksis")
STOFMISBRUGERE = Code(
    "20078004", "behandlingscenter for stofmisbrugere", "behandlingscenter for stofmisbrugere"
)
SUNDHEDSCENTER = Code("264361005", "sundhedscenter", "sundhedscenter")
SUNDHEDSFORVALTNING = Code("554041000005106", "sundhedsforvaltning", "sundhedsforvaltning")
SUNDHEDSPLEJE = Code("554021000005101", "sundhedspleje", "sundhedsplejen")
TANDLAEGE = Code("550681000005102", "tandlægepraksis", "tandlægepraksis")
TANDPLEJE = Code("550691000005104", "tandpleje klinik", "tandplejeklinik")
AKUPUNKTUR = Code("557511000005107", None, "akupunkturklinik")
KOSMETISK = Code("557541000005106", None, "kosmetisk klinik")
OPTIKER = Code("557581000005102", None, "optikervirksomhed")
ZONETERAPI = Code("554051000005108", "zoneterapiklinik", "zoneterapiklinik")
# Organizational units only.
AKUTMODTAGE = Code("550871000005101", "akut modtage enhed", "akutmodtageenhed")
INTENSIV = Code("309904001", "intensiv enhed", "intensivenhed")
KLINISK_ENHED = Code("550851000005109", "klinisk enhed", "klinisk enhed")
OPERATIONSGANG = Code("551611000005102", "operationsgang", "operationsgang")
SKADESTUE = Code("225728007", "skadestue", "skadestue")
SUPPLERENDE = Code("255203001", None, "supplerende oplysninger")
# Specialities.
ALMEN_MEDICIN = Code("408443003", "almen medicin", "almen medicin")
INTERN_MEDICIN = Code("419192003", "intern medicin", "intern medicin")
KARDIOLOGI = Code("394579002", "kardiologi", "kardiologi")
ODONTOLOGI = Code("394812008", "odontologi", "odontologi")
OFTALMOLOGI = Code("394594003", "oftalmologi", "oftalmologi")
ORTOPAEDI = Code("394801008", "ortopædisk kirurgi", "ortopædisk kirurgi")
PLASTIKKIRURGI = Code("394611003", "plastik kirurgi", "plastikkirurgi")


def entries(*codes: Code, revised: bool = False) -> list[PlainEntry]:
    """These codes with the texts that held before, or after, the revision of April 2018."""
    texts = [(c.code, c.after if revised else c.before) for c in codes]
    assert all(text for _, text in texts), [code for code, text in texts if not text]
    return [PlainEntry(code=code, text=text) for code, text in texts]


def unit_types(*codes: Code, revised: bool = False) -> PlainList:
    """The list of unit types with these codes."""
    return PlainList(name="EntityType", entries=entries(*codes, revised=revised))


def specialities(*codes: Code, revised: bool = False) -> PlainList:
    """The list of specialities with these codes."""
    return PlainList(name="Speciality", entries=entries(*codes, revised=revised))
