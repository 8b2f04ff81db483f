"""Titles of points: translated in parts, and as untidy as on a real pump.

Sources: owners' reports and published answers. `Accept-Language` changes titles; German, Swedish
and Dutch are known to work, all other languages get English, and single points stay English in
any language. Titles contain soft hyphens, no-break spaces and leftovers of a wrong encoding, the
same title stands on several points, and some points have none. The wording here is our own.
"""

from functools import cache
from random import Random

SOFT_HYPHEN = "\u00ad"
NO_BREAK = "\u00a0"
ENGLISH = "en"
_FOREIGN = ("de", "sv", "nl")
LANGUAGES = (ENGLISH, *_FOREIGN)

# English phrase: German, Swedish, Dutch. Longer phrases are replaced before shorter ones.
_PHRASES: dict[str, tuple[str, str, str]] = {
    "Outdoor temperature": ("Außentemperatur", "Utetemperatur", "Buitentemperatuur"),
    "Average outdoor temperature": (
        "Mittlere Außentemperatur",
        "Medeltemperatur ute",
        "Gemiddelde buitentemperatuur",
    ),
    "Room temperature": ("Raumtemperatur", "Rumstemperatur", "Kamertemperatuur"),
    "Room sensor": ("Raumfühler", "Rumsgivare", "Kamersensor"),
    "Supply line": ("Vorlauf", "Framledning", "Aanvoer"),
    "Return line": ("Rücklauf", "Returledning", "Retour"),
    "Hot water": ("Brauchwasser", "Varmvatten", "Warmwater"),
    "Brine": ("Sole", "Köldbärare", "Bron"),
    "Evaporator": ("Verdampfer", "Förångare", "Verdamper"),
    "Condenser": ("Kondensator", "Kondensor", "Condensor"),
    "Suction gas": ("Sauggas", "Suggas", "Zuiggas"),
    "Hot gas": ("Heißgas", "Hetgas", "Heet gas"),
    "Compressor": ("Verdichter", "Kompressor", "Compressor"),
    "Additional heat": ("Zusatzheizung", "Tillsats", "Bijverwarming"),
    "Degree minutes": ("Gradminuten", "Gradminuter", "Graadminuten"),
    "Heating curve": ("Heizkurve", "Värmekurva", "Stooklijn"),
    "Climate system": ("Klimatisierungssystem", "Klimatsystem", "Klimaatsysteem"),
    "Energy log": ("Energieprotokoll", "Energilogg", "Energielog"),
    "over the past hour": ("der letzten Stunde", "senaste timmen", "van het laatste uur"),
    "Operating mode": ("Betriebsmodus", "Driftläge", "Bedrijfsmodus"),
    "Exhaust air": ("Fortluft", "Avluft", "Afvoerlucht"),
    "Extract air": ("Abluft", "Frånluft", "Extractielucht"),
    "Return time fan": ("Rückstellzeit Ventilator", "Återgångstid fläkt", "Terugkeertijd vent."),
    "Active days": ("Aktive Tage", "Aktiva dagar", "Actieve dagen"),
    "Night cooling": ("Nachtkühlung", "Nattsvalka", "Nachtkoeling"),
    "Number of starts": ("Anzahl Starts", "Antal starter", "Aantal starts"),
    "Operating time": ("Betriebszeit", "Drifttid", "Bedrijfstijd"),
    "Set point": ("Sollwert", "Börvärde", "Ingestelde waarde"),
    "Heat pump": ("Wärmepumpe", "Värmepump", "Warmtepomp"),
    "Charge pump": ("Ladepumpe", "Laddpump", "Laadpomp"),
    "Circulation pump": ("Umwälzpumpe", "Cirkulationspump", "Circulatiepomp"),
    "Current": ("Stromstärke", "Ström", "Stroom"),
    "Cooling": ("Kühlung", "Kyla", "Koeling"),
    "Heating": ("Heizung", "Värme", "Verwarming"),
    "Defrosting": ("Abtauung", "Avfrostning", "Ontdooien"),
    "Alarm": ("Alarm", "Larm", "Alarm"),
    "Priority": ("Priorität", "Prioritering", "Prioriteit"),
    "climate system": ("Klimatisierungssystem", "klimatsystem", "klimaatsysteem"),
    "set point": ("Sollwert", "börvärde", "ingestelde waarde"),
    "offset": ("Verschiebung", "förskjutning", "verschuiving"),
    "operating time": ("Betriebszeit", "drifttid", "bedrijfstijd"),
    "status": ("Status", "status", "status"),
    "frequency": ("Frequenz", "frekvens", "frequentie"),
    "produced": ("erzeugt", "producerad", "geproduceerd"),
    "used": ("verbraucht", "använd", "verbruikt"),
    "hour": ("Stunde", "timme", "uur"),
    "back": ("zurück", "bakåt", "terug"),
    "active": ("aktiv", "aktiv", "actief"),
    "Accessory": ("Zubehör", "Tillbehör", "Accessoire"),
    "Schedule": ("Zeitplan", "Schema", "Schema"),
    "Permit": ("Zulassen", "Tillåt", "Toestaan"),
    "Pool": ("Pool", "Pool", "Zwembad"),
    "Zone": ("Zone", "Zon", "Zone"),
    "humidity": ("Feuchte", "fuktighet", "vochtigheid"),
    "temperature": ("Temperatur", "temperatur", "temperatuur"),
    "heat pump": ("Wärmepumpe", "värmepump", "warmtepomp"),
    "hot water": ("Brauchwasser", "varmvatten", "warm water"),
    "heating": ("Heizung", "värme", "verwarming"),
    "cooling": ("Kühlung", "kyla", "koeling"),
}

_BY_LENGTH = sorted(_PHRASES, key=lambda phrase: (-len(phrase), phrase))

# Where a display of few columns may break a word.
_BREAKS = {
    "temperature": "temper\u00adature",
    "Compressor": "Compres\u00adsor",
    "Additional": "Addi\u00adtional",
    "Circulation": "Circu\u00adlation",
    "ventilation": "venti\u00adlation",
    "Ventilation": "Venti\u00adlation",
    "Außentemperatur": "Außen\u00adtempe\u00adratur",
    "Raumtemperatur": "Raum\u00adtempe\u00adratur",
    "Brauchwasser": "Brauch\u00adwasser",
    "Zusatzheizung": "Zusatz\u00adheizung",
    "Klimatisierungssystem": "Klimati\u00adsierungs\u00adsystem",
    "Energieprotokoll": "Energie\u00adprotokoll",
    "Cirkulationspump": "Cirkula\u00adtions\u00adpump",
    "Bijverwarming": "Bij\u00adverwarming",
}

_SHARE_BROKEN = 0.3
_SHARE_NO_BREAK = 0.06
_SHARE_ENGLISH = 0.08


def preferred(header: str | None, default: str = ENGLISH) -> str:
    """Return the language that an `Accept-Language` header gets."""
    if not header:
        return default
    wanted: list[tuple[float, str]] = []
    for part in header.split(","):
        tag, _, parameters = part.partition(";")
        wanted.append((-_quality(parameters), tag.strip().lower().split("-")[0]))
    # The first of equal weight is taken.
    first = min(wanted, key=lambda pair: pair[0])[1]
    return first if first in LANGUAGES else ENGLISH


def _quality(parameters: str) -> float:
    name, _, number = parameters.strip().partition("=")
    try:
        return float(number) if name == "q" else 1.0
    except ValueError:
        return 0.0


def translations(title: str, random: Random) -> dict[str, str]:
    """Return the title in the other languages; none where the point stays English."""
    if random.random() < _SHARE_ENGLISH:
        return {}
    translated = {language: _translated(title, language) for language in _FOREIGN}
    return translated if translated != dict.fromkeys(_FOREIGN, title) else {}


@cache
def _translated(title: str, language: str) -> str:
    # Placeholders keep a word that is already translated from being translated again.
    done: list[str] = []
    for phrase in _BY_LENGTH:
        if phrase in title:
            title = title.replace(phrase, f"\0{len(done)}\0")
            done.append(_PHRASES[phrase][_FOREIGN.index(language)])
    for number, text in enumerate(done):
        title = title.replace(f"\0{number}\0", text)
    return title


def untidy(title: str, random: Random) -> str:
    """Return the title as a pump may spell it; `random` decides where."""
    if random.random() < _SHARE_BROKEN:
        for word, broken in _BREAKS.items():
            title = title.replace(word, broken)
    if " " in title and random.random() < _SHARE_NO_BREAK:
        head, _, tail = title.rpartition(" ")
        title = f"{head}{NO_BREAK}{tail}"
    return title
