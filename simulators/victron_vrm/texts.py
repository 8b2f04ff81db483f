"""Texts in the language of an account. What nobody has translated stays English.

Source: recorded answers of the demo account, which is Portuguese, with English rows in between.
"""

_PORTUGUESE = {
    "Idle": "Inativo",
    "Charging": "Carregar",
    "Discharging": "Descarregar",
    "Grid": "Rede elétrica",
    "Not active": "Não ativo",
    "Active": "Ativo",
    "Battery state": "Estado da bateria",
    "ResetType is missing": "ResetType em falta",
    "No alarm": "Sem alarme",
    "Installation not found": "Instalação não encontrada",
}
_GERMAN = {
    "Idle": "Untätig",
    "Charging": "Laden",
    "Discharging": "Entladen",
    "Grid": "Netz",
    "Generator": "Generator",
    "Not active": "Inaktiv",
    "Active": "Aktiv",
    "Off": "Aus",
    "On": "Ein",
    "Voltage": "Spannung",
    "Current": "Strom",
    "Battery SOC": "Batterie-Ladezustand",
    "Battery state": "Batteriestatus",
    "Temperature": "Temperatur",
    "Tank level": "Tankfüllstand",
    "Gateway": "Gateway",
    "Battery Monitor": "Batteriewächter",
    "Solar Charger": "Solarladegerät",
    "Temperature sensor": "Temperatursensor",
    "ResetType is missing": "ResetType fehlt",
    "No alarm": "Kein Alarm",
    "Inverting": "Invertieren",
    "Bulk": "Konstantstrom",
    "Installation not found": "Installation nicht gefunden",
}
_ITALIAN = {
    "Idle": "Inattivo",
    "Charging": "In carica",
    "Discharging": "In scarica",
    "Grid": "Rete",
    "Off": "Spento",
    "On": "Acceso",
    "Voltage": "Tensione",
    "Current": "Corrente",
    "Battery state": "Stato batteria",
    "No alarm": "Nessun allarme",
}
LANGUAGES: dict[str, dict[str, str]] = {
    "en": {},
    "pt": _PORTUGUESE,
    "de": _GERMAN,
    "it": _ITALIAN,
}


def translated(text: str, language: str) -> str:
    """Return a text in a language, or as it is."""
    return LANGUAGES[language].get(text, text)
