"""Measured points of software 3.0.20, as owners' tables list them.

A line is: number, type (F, I, B) with * if the point is in the packaged table, limits, value at the
start, name.
"""

ROWS = """\
0 F* -20:40 4.9 Temp. Aussen
1 F* -20:40 4.8 Temp. Aussen verzoegert
2 F* 0:70 50.1 Temp. Brauchwasser
3 F* 0:70 27.8 Temp. Vorlauf
4 F* 0:70 27.7 Temp. Ruecklauf
5 F- 0:70 31.4 Temp. Pufferspeicher
6 F* -20:30 6.1 Temp. EQ_Eintritt
7 F* -20:30 4.7 Temp. EQ_Austritt
8 F- -20:70 25.0 Temp. Verdichterfuss
9 F* -20:30 5.3 Temp. Sauggas
10 F- -8:8 0.0 TF 22
11 F* 0:70 46.2 Temp. Frischwasser_Istwert
12 F* -50:30 1.8 Temp. Verdampfung
13 F* -50:60 29.6 Temp. Kondensation
14 F- 0:60 26.1 Temp. KM_Unterkuehlung
15 F* 0:150 58.3 Temp. Heissgas
16 F- 0:60 21.3 Temp. Raumfuehler1
17 F- 0:60 -50.0 Temp. Raumfuehler2
18 F- 0:60 -50.0 Temp. Raumfuehler3
19 F- 0:60 -50.0 Temp. Raumfuehler4
20 F* 0:18 8.4 Niederdruck (bar)
21 F* 0:40 18.6 Hochdruck (bar)
22 B* : 1 Heizkreispumpe
23 B- : 0 Pufferladepumpe
24 B* : 1 EQ Pumpe (Ventilator)
25 B* : 0 Warmwasservorrang
26 B- : 0 Carterheizung
27 B- : 0 Kuehlen UmV Passiv
28 B- : 0 Externe Pumpe
29 B* : 0 Zirkulationspumpe WW
30 B* : 1 Verdichter
31 B* : 0 Stoerung
32 B- : 0 Vierwegeventil Luft
33 B- : 0 Hochdruckschalter
34 B- : 0 EQ Motorschutz
35 B- : 0 Externe Anforderung
36 B* : 1 Hauptschalter
37 B- : 0 EVU_Sperre
38 B* : 0 FWS Stroemungsschalter
39 B- : 0 EQ Druckwaechter
40 I- 0:7 0 ModStatus
41 I* 0:100000 11873 BSZ Verdichter Schaltungen
42 I- 0:255 0 DIP_SW
43 F- -30:120 -50.0 Solar KT1
44 I- 0:3 0 Ausheizstatus
45 B- : 0 Solar_Pumpe WW
46 B- : 0 Solar_Pumpe Puffer
47 I- 0:100 50 AO1 HKP
48 I- 0:100 50 AO2 Energiequelle
49 I- 0:100 0 Anforderung 2.Stufe
50 I* 0:100 0 Frischwasserpumpe
51 F- 0:100 50.0 Expansionsventil
52 F- 0:12157522 84211.4 WMZ_Heizung (kWh)
53 F- 0:12157522 20511.9 Stromz_Heizung (kWh)
54 F- 0:12157522 12944.0 WMZ_Brauchwasser (kWh)
55 F- 0:12157522 4120.7 Stromz_Brauchwasser (kWh)
56 I* 0:5 3 Verdichteranforderung
57 F* 0:50 32.2 HKR_Sollwert
58 F- 0:130 65.0 Heissgassollwert
59 F- -10:50 10.2 Druckdifferenz HD_ND
60 F- -10:50 1.4 EQ_Temp.differenz
61 F- -20:50 4.3 Abtau Luftein_Verdampf_diff.
62 F- -20:50 0.1 VL_RL_Temp.diff.
63 F- 0:70 27.4 MKR1_Temp. VLT
64 F- 0:70 26.0 MKR1_Temp. RLT
65 B- : 0 MKR1_Pumpe
66 F- 0:60 27.9 MKR1_Sollwert
67 F- 0:100 50.0 MKR1_Stellposition
68 I- 0:100 50 MKR1_StellSollPos
69 F- 0:70 -50.0 MKR2_Temp. VLT
70 F- 0:70 -50.0 MKR2_Temp. RLT
71 B- : 0 MKR2_Pumpe
72 F- 0:60 0.0 MKR2_Sollwert
73 F- 0:100 0.0 MKR2_Stellposition
74 I- 0:100 0 MKR2_StellSollPos
75 F- 0:141006544 24632.6 Stromz_Gesamt (kWh):
76 F- 0:250 231.2 Volt L1-N:
77 F- 0:250 230.4 Volt L2-N:
78 F- 0:250 232.0 Volt L3-N:
79 F- 0:100 2.7 Strom L1:
80 F- 0:100 2.6 Strom L2:
81 F- 0:100 2.7 Strom L3:
82 F- 0:60 50.0 Netzfrequenz:
83 F- 0:141006544 1840.0 Stromz_Leistung (W):
84 F- 0:141006544 97155.4 WMZ_Gesamt (kWh):
85 I- 0:1000000000 1420 WMZ_Durchfluss:
86 F- 0:100 27.6 WMZ_Temp. Ein.:
87 F- 0:100 32.1 WMZ_Temp. Aus.:
88 F- 0:500 0.0 OpFrequenz
89 F- 0:141006544 7.6 WMZ_Leistung (kW):
90 I- 0:100 50 n-Soll Verdichter(%)
91 B- : 0 OpVerdichter
92 F- 0:10 4.1 COP
93 I- 0:23 0 OpErrors
94 F- 0:100 0.0 OpStromabgabe
95 I- 0:500 0 OpAusgangsspannung
96 F- 0:100 0.0 Mdiffn10
97 F- 0:100 0.0 Mdiffp10
98 F- 0:100 0.0 flow_m
99 F- 0:100 0.0 h11
100 F- 0:100 0.0 h1
101 F- 0:100 0.0 h42
102 F- 0:100 0.0 h4
"""
