"""Measured points: all of them together cost three serial commands."""

from functools import partial
from typing import Final

from .catalog_types import Parameter, Part, Shown
from .models import DataType, Kind

Measured = partial(Parameter, Kind.MEASURED)
Standard = partial(Measured, standard=True)
BOOL, INT, FLOAT = DataType.BOOL, DataType.INT, DataType.FLOAT
BINARY = Shown.BINARY_SENSOR
CELSIUS, KELVIN, PERCENT = "°C", "K", "%"
RUNNING, PROBLEM, POWER = "running", "problem", "power"
FRESH_WATER, BUFFER = "FWS Type", "Puffer Type"
HK, M1, M2, HW = Part.CIRCUIT, Part.MIXING_1, Part.MIXING_2, Part.HOT_WATER

# A row a line: it is a table.
# fmt: off

# In the table that comes with HtREST.
STANDARD_MEASURED: Final = (
    Standard(0, FLOAT, -20, 40, "Temp. Aussen", "outdoor_temperature", unit=CELSIUS),
    Standard(1, FLOAT, -20, 40, "Temp. Aussen verzoegert", "outdoor_temperature_delayed", unit=CELSIUS, rare=True),
    Standard(2, FLOAT, 0, 70, "Temp. Brauchwasser", "hot_water_temperature", part=HW, unit=CELSIUS),
    Standard(3, FLOAT, 0, 70, "Temp. Vorlauf", "flow_temperature", unit=CELSIUS),
    Standard(4, FLOAT, 0, 70, "Temp. Ruecklauf", "return_temperature", unit=CELSIUS),
    Standard(6, FLOAT, -20, 30, "Temp. EQ_Eintritt", "source_inlet_temperature", unit=CELSIUS),
    Standard(7, FLOAT, -20, 30, "Temp. EQ_Austritt", "source_outlet_temperature", unit=CELSIUS),
    Standard(9, FLOAT, -20, 30, "Temp. Sauggas", "suction_gas_temperature", unit=CELSIUS, rare=True),
    Standard(11, FLOAT, 0, 70, "Temp. Frischwasser_Istwert", "fresh_water_temperature", part=HW, unit=CELSIUS, needs=FRESH_WATER),
    Standard(12, FLOAT, -50, 30, "Temp. Verdampfung", "evaporation_temperature", unit=CELSIUS, rare=True),
    Standard(13, FLOAT, -50, 60, "Temp. Kondensation", "condensation_temperature", unit=CELSIUS, rare=True),
    Standard(15, FLOAT, 0, 150, "Temp. Heissgas", "hot_gas_temperature", unit=CELSIUS, rare=True),
    Standard(20, FLOAT, 0, 18, "Niederdruck (bar)", "low_pressure", unit="bar", rare=True),
    Standard(21, FLOAT, 0, 40, "Hochdruck (bar)", "high_pressure", unit="bar", rare=True),
    Standard(22, BOOL, 0, 1, "Heizkreispumpe", "heating_circuit_pump", BINARY, HK, sense=RUNNING),
    Standard(24, BOOL, 0, 1, "EQ Pumpe (Ventilator)", "source_pump", BINARY, sense=RUNNING),
    Standard(25, BOOL, 0, 1, "Warmwasservorrang", "hot_water_priority", BINARY, HW, sense=RUNNING),
    Standard(29, BOOL, 0, 1, "Zirkulationspumpe WW", "circulation_pump", BINARY, HW, sense=RUNNING),
    Standard(30, BOOL, 0, 1, "Verdichter", "compressor", BINARY, sense=RUNNING),
    Standard(31, BOOL, 0, 1, "Stoerung", "fault", BINARY, sense=PROBLEM),
    Standard(36, BOOL, 0, 1, "Hauptschalter", "main_switch", BINARY, sense=POWER, rare=True),
    Standard(38, BOOL, 0, 1, "FWS Stroemungsschalter", "fresh_water_flow", BINARY, HW, sense=RUNNING, rare=True, needs=FRESH_WATER),
    Standard(41, INT, 0, 100000, "BSZ Verdichter Schaltungen", "compressor_starts", counter=True, diagnostic=True),
    Standard(50, INT, 0, 100, "Frischwasserpumpe", "fresh_water_pump", part=HW, unit=PERCENT, needs=FRESH_WATER),
    Standard(56, INT, 0, 5, "Verdichteranforderung", "compressor_demand", code=True),
    Standard(57, FLOAT, 0, 50, "HKR_Sollwert", "return_set_point", part=HK, unit=CELSIUS),
)

# In an owner's table only.
FURTHER_MEASURED: Final = (
    Measured(5, FLOAT, 0, 70, "Temp. Pufferspeicher", "buffer_temperature", unit=CELSIUS, needs=BUFFER),
    Measured(8, FLOAT, -20, 70, "Temp. Verdichterfuss", "compressor_sump_temperature", unit=CELSIUS, rare=True),
    Measured(14, FLOAT, 0, 60, "Temp. KM_Unterkuehlung", "subcooling_temperature", unit=CELSIUS, rare=True),
    Measured(16, FLOAT, 0, 60, "Temp. Raumfuehler1", "room_temperature_1", unit=CELSIUS),
    Measured(17, FLOAT, 0, 60, "Temp. Raumfuehler2", "room_temperature_2", unit=CELSIUS, enabled=False),
    Measured(18, FLOAT, 0, 60, "Temp. Raumfuehler3", "room_temperature_3", unit=CELSIUS, enabled=False),
    Measured(19, FLOAT, 0, 60, "Temp. Raumfuehler4", "room_temperature_4", unit=CELSIUS, enabled=False),
    Measured(23, BOOL, 0, 1, "Pufferladepumpe", "buffer_pump", BINARY, sense=RUNNING),
    Measured(26, BOOL, 0, 1, "Carterheizung", "crankcase_heater", BINARY, sense=RUNNING, rare=True),
    Measured(27, BOOL, 0, 1, "Kuehlen UmV Passiv", "passive_cooling_valve", BINARY, sense=RUNNING, rare=True),
    Measured(28, BOOL, 0, 1, "Externe Pumpe", "external_pump", BINARY, sense=RUNNING, rare=True),
    Measured(32, BOOL, 0, 1, "Vierwegeventil Luft", "defrost_valve", BINARY, sense=RUNNING),
    Measured(33, BOOL, 0, 1, "Hochdruckschalter", "high_pressure_switch", BINARY, rare=True),
    Measured(34, BOOL, 0, 1, "EQ Motorschutz", "source_motor_protection", BINARY, rare=True),
    Measured(37, BOOL, 0, 1, "EVU_Sperre", "utility_lock", BINARY),
    Measured(39, BOOL, 0, 1, "EQ Druckwaechter", "source_pressure_guard", BINARY, rare=True),
    Measured(40, INT, 0, 7, "ModStatus", "modulation_status", code=True, rare=True),
    Measured(43, FLOAT, -30, 120, "Solar KT1", "solar_collector_temperature", unit=CELSIUS),
    Measured(44, INT, 0, 3, "Ausheizstatus", "screed_heating_state", code=True, rare=True),
    Measured(45, BOOL, 0, 1, "Solar_Pumpe WW", "solar_pump_hot_water", BINARY, HW, sense=RUNNING, enabled=False),
    Measured(46, BOOL, 0, 1, "Solar_Pumpe Puffer", "solar_pump_buffer", BINARY, sense=RUNNING, enabled=False),
    Measured(47, INT, 0, 100, "AO1 HKP", "heating_pump_output", part=HK, unit=PERCENT, rare=True),
    Measured(48, INT, 0, 100, "AO2 Energiequelle", "source_output", unit=PERCENT, rare=True),
    Measured(49, INT, 0, 100, "Anforderung 2.Stufe", "second_stage_demand", unit=PERCENT, enabled=False),
    Measured(51, FLOAT, 0, 100, "Expansionsventil", "expansion_valve", unit=PERCENT, rare=True),
    Measured(52, FLOAT, 0, 12_157_522, "WMZ_Heizung (kWh)", "heat_energy_heating", unit="kWh", counter=True),
    Measured(53, FLOAT, 0, 12_157_522, "Stromz_Heizung (kWh)", "electric_energy_heating", unit="kWh", counter=True),
    Measured(54, FLOAT, 0, 12_157_522, "WMZ_Brauchwasser (kWh)", "heat_energy_hot_water", unit="kWh", counter=True),
    Measured(55, FLOAT, 0, 12_157_522, "Stromz_Brauchwasser (kWh)", "electric_energy_hot_water", unit="kWh", counter=True),
    Measured(58, FLOAT, 0, 130, "Heissgassollwert", "hot_gas_set_point", unit=CELSIUS, rare=True),
    Measured(59, FLOAT, -10, 50, "Druckdifferenz HD_ND", "pressure_difference", unit="bar", rare=True),
    Measured(60, FLOAT, -10, 50, "EQ_Temp.differenz", "source_spread", unit=KELVIN, rare=True),
    Measured(62, FLOAT, -20, 50, "VL_RL_Temp.diff.", "heating_spread", unit=KELVIN, enabled=False),
    Measured(63, FLOAT, 0, 70, "MKR1_Temp. VLT", "flow_temperature", part=M1, unit=CELSIUS),
    Measured(64, FLOAT, 0, 70, "MKR1_Temp. RLT", "return_temperature", part=M1, unit=CELSIUS, enabled=False),
    Measured(65, BOOL, 0, 1, "MKR1_Pumpe", "mixing_circuit_pump", BINARY, M1, sense=RUNNING),
    Measured(66, FLOAT, 0, 60, "MKR1_Sollwert", "circuit_set_point", part=M1, unit=CELSIUS),
    Measured(67, FLOAT, 0, 100, "MKR1_Stellposition", "valve", part=M1, unit=PERCENT, rare=True),
    Measured(69, FLOAT, 0, 70, "MKR2_Temp. VLT", "flow_temperature", part=M2, unit=CELSIUS),
    Measured(70, FLOAT, 0, 70, "MKR2_Temp. RLT", "return_temperature", part=M2, unit=CELSIUS, enabled=False),
    Measured(71, BOOL, 0, 1, "MKR2_Pumpe", "mixing_circuit_pump", BINARY, M2, sense=RUNNING),
    Measured(72, FLOAT, 0, 60, "MKR2_Sollwert", "circuit_set_point", part=M2, unit=CELSIUS),
    Measured(73, FLOAT, 0, 100, "MKR2_Stellposition", "valve", part=M2, unit=PERCENT, rare=True),
    Measured(75, FLOAT, 0, 141_006_544, "Stromz_Gesamt (kWh):", "electric_energy", unit="kWh", counter=True),
    Measured(76, FLOAT, 0, 250, "Volt L1-N:", "voltage_l1", unit="V", rare=True),
    Measured(77, FLOAT, 0, 250, "Volt L2-N:", "voltage_l2", unit="V", rare=True),
    Measured(78, FLOAT, 0, 250, "Volt L3-N:", "voltage_l3", unit="V", rare=True),
    Measured(79, FLOAT, 0, 100, "Strom L1:", "current_l1", unit="A", rare=True),
    Measured(80, FLOAT, 0, 100, "Strom L2:", "current_l2", unit="A", rare=True),
    Measured(81, FLOAT, 0, 100, "Strom L3:", "current_l3", unit="A", rare=True),
    Measured(82, FLOAT, 0, 60, "Netzfrequenz:", "mains_frequency", unit="Hz", rare=True),
    Measured(83, FLOAT, 0, 141_006_544, "Stromz_Leistung (W):", "electric_power", unit="W"),
    Measured(84, FLOAT, 0, 141_006_544, "WMZ_Gesamt (kWh):", "heat_energy", unit="kWh", counter=True),
    Measured(85, INT, 0, 1_000_000_000, "WMZ_Durchfluss:", "flow_rate", rare=True),
    Measured(86, FLOAT, 0, 100, "WMZ_Temp. Ein.:", "meter_inlet_temperature", unit=CELSIUS, rare=True),
    Measured(87, FLOAT, 0, 100, "WMZ_Temp. Aus.:", "meter_outlet_temperature", unit=CELSIUS, rare=True),
    Measured(88, FLOAT, 0, 500, "OpFrequenz", "inverter_frequency", unit="Hz", rare=True),
    Measured(89, FLOAT, 0, 141_006_544, "WMZ_Leistung (kW):", "thermal_power", unit="kW"),
    Measured(90, INT, 0, 100, "n-Soll Verdichter(%)", "compressor_speed", unit=PERCENT),
    Measured(91, BOOL, 0, 1, "OpVerdichter", "inverter_running", BINARY, sense=RUNNING, rare=True),
    Measured(92, FLOAT, 0, 10, "COP", "cop"),
    Measured(93, INT, 0, 23, "OpErrors", "inverter_error_code", code=True, rare=True),
)
# fmt: on
