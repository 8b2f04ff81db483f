"""What the measured points and the counters show of the plant."""

from .physics import DEMAND_COOLING, DEMAND_HEATING, DEMAND_HOT_WATER, Plant
from .points import Value

NOT_FITTED = -50.0

_VOLTS = (231.2, 230.4, 232.0)


def readings(plant: Plant) -> dict[str, Value]:
    """Return all readings of the present, by name."""
    return _standard(plant) | _counters(plant) | _extended(plant)


def _standard(plant: Plant) -> dict[str, Value]:
    runs, tank = plant.runs, plant.runs and plant.demand == DEMAND_HOT_WATER
    since = int(plant.since) if runs else 0
    # Which number means what is not published; these are made up.
    status = {DEMAND_COOLING: 6, DEMAND_HEATING: 4, DEMAND_HOT_WATER: 5}
    return {
        "Temp. Aussen": plant.outdoor,
        "Temp. Aussen verzoegert": plant.damped,
        "Temp. Brauchwasser": plant.tank,
        "Temp. Vorlauf": plant.flow,
        "Temp. Ruecklauf": plant.back,
        "Temp. EQ_Eintritt": plant.source,
        "Temp. EQ_Austritt": plant.source - (3.0 if runs else 0.2),
        "Temp. Sauggas": plant.source - (0.8 if runs else 0.0),
        "Temp. Frischwasser_Istwert": plant.tank - 3.9,
        "Temp. Verdampfung": plant.source - (4.3 if runs else 0.3),
        "Temp. Kondensation": plant.flow + (1.8 if runs else 0.0),
        "Temp. Heissgas": plant.hot_gas,
        "Niederdruck (bar)": 8.4 if runs else 9.9,
        "Hochdruck (bar)": 9.9 + (0.31 * (plant.flow + 0.3) if runs else 0.0),
        "Heizkreispumpe": plant.pumping,
        "EQ Pumpe (Ventilator)": runs,
        "Warmwasservorrang": tank,
        "Zirkulationspumpe WW": plant.circulating,
        "Verdichter": runs,
        "FWS Stroemungsschalter": plant.drawing,
        "Frischwasserpumpe": 62 if plant.drawing else 0,
        "Verdichteranforderung": plant.demand,
        "HKR_Sollwert": plant.target,
        "Verdichter_Status": status.get(plant.demand, 2) if runs else 2,
        "Verdichter laeuft seit": since,
        "BSZ Verdichter akt. Laufzeit": since,
    }


def _counters(plant: Plant) -> dict[str, Value]:
    return {
        name: value if "(kWh)" in name else int(value) for name, value in plant.counters.items()
    }


def _extended(plant: Plant) -> dict[str, Value]:
    runs, power = plant.runs, plant.power
    amperes = [power / 3 / volt for volt in _VOLTS]
    return {
        "Temp. Pufferspeicher": plant.back + 3.7,
        "Temp. Raumfuehler1": 21.3 + (plant.back - 27.7) * 0.05,
        "COP": plant.efficiency if runs else 0.0,
        "Stromz_Leistung (W):": power,
        "WMZ_Leistung (kW):": 7.6 if runs else 0.0,
        "WMZ_Durchfluss:": 1420 if runs else 0,
        "WMZ_Temp. Ein.:": plant.back,
        "WMZ_Temp. Aus.:": plant.flow,
        "Strom L1:": amperes[0],
        "Strom L2:": amperes[1],
        "Strom L3:": amperes[2],
        "EQ_Temp.differenz": 3.0 if runs else 0.2,
        "VL_RL_Temp.diff.": plant.flow - plant.back,
        "Druckdifferenz HD_ND": 1.5 + 0.31 * plant.flow if runs else 0.0,
        "MKR1_Temp. VLT": plant.flow - 0.4,
        "MKR1_Temp. RLT": plant.back - 1.2,
        "MKR1_Pumpe": plant.pumping,
        "MKR1_Sollwert": max(0.0, plant.target - 4.0),
        "Expansionsventil": 50.0 if runs else 0.0,
        "OpVerdichter": runs,
    }
