"""Settings and counters: each costs a serial command."""

from functools import partial
from typing import Final

from .catalog_types import Parameter, Part, Shown
from .models import DataType, Kind

Setting = partial(Parameter, Kind.SETTING)
Standard = partial(Setting, standard=True)
Flag = partial(Setting, static=True)
StandardFlag = partial(Flag, standard=True)
BOOL, INT, FLOAT = DataType.BOOL, DataType.INT, DataType.FLOAT
BINARY, BUTTON = Shown.BINARY_SENSOR, Shown.BUTTON
NUMBER, SELECT = Shown.NUMBER, Shown.SELECT
CELSIUS, KELVIN, PERCENT = "°C", "K", "%"
HK, M1, M2, HW = Part.CIRCUIT, Part.MIXING_1, Part.MIXING_2, Part.HOT_WATER

# A row a line: it is a table.
# fmt: off

# What the pump is made of; in the table that comes with HtREST.
FLAGS: Final = (
    StandardFlag(3, INT, 0, 2_147_483_647, "Liegenschaft", "property_id", code=True, rare=True),
    StandardFlag(4, INT, 1, 2, "WP_System", "system_type", code=True, rare=True),
    StandardFlag(5, INT, 0, 4, "WW Type", "hot_water_type", part=HW, code=True, rare=True),
    StandardFlag(6, BOOL, 0, 1, "FWS Type", "fresh_water_station", BINARY, HW, rare=True),
    StandardFlag(7, BOOL, 0, 1, "Puffer Type", "buffer_tank", BINARY, rare=True),
    StandardFlag(222, INT, 0, 2, "MKR2 Aktiviert", "active", part=M2, code=True, rare=True),
    StandardFlag(263, INT, 0, 2, "Energiezaehler", "energy_meter_type", code=True, rare=True),
)

# In the table that comes with HtREST.
STANDARD_SETTINGS: Final = (
    Standard(10, INT, 0, 11, "Verdichter_Status", "compressor_status_code", code=True, rare=True),
    Standard(11, INT, 0, 100000, "Verdichter laeuft seit", "compressor_running_for", rare=True),
    Standard(12, INT, 0, 10800, "Verdichter Einschaltverz.(sec)", "compressor_restart_delay", unit="s", rare=True),
    Standard(13, INT, 0, 7, "Betriebsart", "operating_mode", SELECT),
    Standard(69, FLOAT, 10, 25, "HKR Soll_Raum", "room_set_point", NUMBER, HK, unit=CELSIUS, enabled=False),
    Standard(71, INT, 1, 10, "HKR Aufheiztemp. (K)", "boost_offset", NUMBER, HK, unit=KELVIN, enabled=False),
    Standard(72, INT, -10, -1, "HKR Absenktemp. (K)", "setback_offset", NUMBER, HK, unit=KELVIN, enabled=False),
    Standard(76, INT, 0, 45, "HKR Heizgrenze", "heating_limit", NUMBER, HK, unit=CELSIUS),
    Standard(80, FLOAT, 15, 40, "HKR RLT Soll_oHG (Heizkurve)", "curve_at_limit", NUMBER, HK, unit=CELSIUS, enabled=False),
    Standard(81, FLOAT, 20, 50, "HKR RLT Soll_0 (Heizkurve)", "curve_at_zero", NUMBER, HK, unit=CELSIUS, enabled=False),
    Standard(82, FLOAT, 25, 60, "HKR RLT Soll_uHG (Heizkurve)", "curve_at_minus_15", NUMBER, HK, unit=CELSIUS, enabled=False),
    Standard(83, INT, 10, 75, "WW Normaltemp.", "hot_water_set_point", NUMBER, HW, unit=CELSIUS, enabled=False),
    Standard(84, INT, 1, 10, "WW Hysterese Normaltemp.", "hot_water_hysteresis", NUMBER, HW, unit=KELVIN, enabled=False),
    Standard(85, INT, 5, 45, "WW Minimaltemp.", "hot_water_minimum", NUMBER, HW, unit=CELSIUS),
    Standard(86, INT, 1, 10, "WW Hysterese Minimaltemp.", "hot_water_minimum_hysteresis", NUMBER, HW, unit=KELVIN, enabled=False),
    Standard(153, INT, 0, 100000, "BSZ HKP Betriebsstunden", "heating_pump_hours", part=HK, unit="h", counter=True, rare=True),
    Standard(155, INT, 0, 100000, "BSZ HKP Schaltung", "heating_pump_starts", part=HK, counter=True, rare=True),
    Standard(162, INT, 0, 100000, "BSZ EQ Betriebsstunden", "source_hours", unit="h", counter=True, rare=True),
    Standard(164, INT, 0, 100000, "BSZ EQ Schaltungen", "source_starts", counter=True, rare=True),
    Standard(165, INT, 0, 100000, "BSZ WWV Betriebsstunden", "hot_water_priority_hours", part=HW, unit="h", counter=True, rare=True),
    Standard(167, INT, 0, 100000, "BSZ WWV Schaltungen", "hot_water_priority_starts", part=HW, counter=True, rare=True),
    Standard(168, INT, 0, 100000, "BSZ ZIPWW Betriebsstunden", "circulation_hours", part=HW, unit="h", counter=True, rare=True),
    Standard(170, INT, 0, 100000, "BSZ ZIPWW Schaltungen", "circulation_starts", part=HW, counter=True, rare=True),
    Standard(171, INT, 0, 100000, "BSZ Verdichter Betriebsst. WW", "compressor_hours_hot_water", unit="h", counter=True, diagnostic=True),
    Standard(172, INT, 0, 100000, "BSZ Verdichter Betriebsst. HKR", "compressor_hours_heating", unit="h", counter=True, diagnostic=True),
    Standard(173, INT, 0, 100000, "BSZ Verdichter Betriebsst. ges", "compressor_hours", unit="h", counter=True, diagnostic=True),
    Standard(174, INT, 0, 100000, "BSZ Verdichter akt. Laufzeit", "compressor_run_time", rare=True),
    Standard(375, INT, 0, 100000, "BSZ Verdichter Schaltung WW", "compressor_starts_hot_water", counter=True, rare=True),
)

# What the pump is made of; in an owner's table only.
FURTHER_FLAGS: Final = (
    Flag(199, INT, 0, 2, "MKR1 Aktiviert", "active", part=M1, code=True, rare=True),
)

# In an owner's table only.
FURTHER_SETTINGS: Final = (
    Setting(14, BOOL, 0, 1, "Entstoerung", "reset_fault", BUTTON, enabled=False),
    Setting(175, INT, 5, 25, "Kuehlen RLT min.", "cooling_return_minimum", NUMBER, unit=CELSIUS, enabled=False),
    Setting(178, INT, 0, 100000, "BSZ 2.Stufe Betriebsst. ges", "second_stage_hours", unit="h", counter=True, rare=True),
    Setting(180, INT, 0, 100000, "BSZ 2.Stufe Schaltungen", "second_stage_starts", counter=True, rare=True),
    Setting(188, INT, 0, 100000, "BSZ Abtau Betriebsstunden", "defrost_hours", unit="h", counter=True, rare=True),
    Setting(189, INT, 0, 100000, "BSZ Abtau Schaltungen", "defrost_count", counter=True, rare=True),
    Setting(200, FLOAT, 10, 25, "MKR1 Soll_Raum", "room_set_point", NUMBER, M1, unit=CELSIUS, enabled=False),
    Setting(202, INT, 1, 10, "MKR1 Aufheiztemp. (K)", "boost_offset", NUMBER, M1, unit=KELVIN, enabled=False),
    Setting(203, INT, -10, -1, "MKR1 Absenktemp. (K)", "setback_offset", NUMBER, M1, unit=KELVIN, enabled=False),
    Setting(205, INT, 0, 45, "MKR1 Heizgrenze", "heating_limit", NUMBER, M1, unit=CELSIUS, enabled=False),
    Setting(209, FLOAT, 15, 40, "MKR1 RLT Soll_oHG (Heizkurve)", "curve_at_limit", NUMBER, M1, unit=CELSIUS, enabled=False),
    Setting(210, FLOAT, 20, 50, "MKR1 RLT Soll_0 (Heizkurve)", "curve_at_zero", NUMBER, M1, unit=CELSIUS, enabled=False),
    Setting(211, FLOAT, 25, 60, "MKR1 RLT Soll_uHG (Heizkurve)", "curve_at_minus_15", NUMBER, M1, unit=CELSIUS, enabled=False),
    Setting(221, INT, 0, 7, "MKR1 Betriebsart", "operating_mode", SELECT, M1),
    Setting(223, FLOAT, 10, 25, "MKR2 Soll_Raum", "room_set_point", NUMBER, M2, unit=CELSIUS, enabled=False),
    Setting(225, INT, 1, 10, "MKR2 Aufheiztemp. (K)", "boost_offset", NUMBER, M2, unit=KELVIN, enabled=False),
    Setting(226, INT, -10, -1, "MKR2 Absenktemp. (K)", "setback_offset", NUMBER, M2, unit=KELVIN, enabled=False),
    Setting(228, INT, 0, 45, "MKR2 Heizgrenze", "heating_limit", NUMBER, M2, unit=CELSIUS, enabled=False),
    Setting(232, FLOAT, 15, 40, "MKR2 RLT Soll_oHG (Heizkurve)", "curve_at_limit", NUMBER, M2, unit=CELSIUS, enabled=False),
    Setting(233, FLOAT, 20, 50, "MKR2 RLT Soll_0 (Heizkurve)", "curve_at_zero", NUMBER, M2, unit=CELSIUS, enabled=False),
    Setting(234, FLOAT, 25, 60, "MKR2 RLT Soll_uHG (Heizkurve)", "curve_at_minus_15", NUMBER, M2, unit=CELSIUS, enabled=False),
    Setting(244, INT, 0, 7, "MKR2 Betriebsart", "operating_mode", SELECT, M2),
    Setting(293, INT, 10, 30, "Kuehlgrenze", "cooling_limit", NUMBER, unit=CELSIUS, enabled=False),
    Setting(347, INT, 45, 75, "WW Normaltemp_Gw_max", "hot_water_upper_limit", NUMBER, HW, unit=CELSIUS, enabled=False),
    Setting(360, INT, 0, 2, "Legionellenshutz", "legionella_mode", NUMBER, HW, enabled=False),
    Setting(362, INT, 0, 6, "Legionellenschutz Tag", "legionella_day", NUMBER, HW, enabled=False),
    Setting(363, INT, 0, 23, "Legionellenschutz Zeitpunkt", "legionella_hour", NUMBER, HW, enabled=False),
    Setting(364, INT, 30, 70, "Legionellenschutz Temp", "legionella_temperature", NUMBER, HW, unit=CELSIUS, enabled=False),
)
# fmt: on
