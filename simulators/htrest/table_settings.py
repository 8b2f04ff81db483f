"""Settings of software 3.0.20, as owners' tables list them.

A line is: number, type (F, I, B) with * if the point is in the packaged table, limits, value at the
start, name.
"""

ROWS = """\
0 I- 0:4 2 Language
1 B- : 0 TBF_BIT
2 B- : 0 Rueckruferlaubnis
3 I* 0:2147483647 4711 Liegenschaft
4 I* 1:2 1 WP_System
5 I* 0:4 1 WW Type
6 B* : 1 FWS Type
7 B* : 0 Puffer Type
8 B- : 0 Initialisieren
10 I* 0:11 4 Verdichter_Status
11 I* 0:100000 1834 Verdichter laeuft seit
12 I* 0:10800 0 Verdichter Einschaltverz.(sec)
13 I* 0:7 1 Betriebsart
14 B- : 0 Entstoerung
15 I- 10:40 25 EXV HGSoll_diff_max
16 I- 10:30 20 EXV HGSoll_diff_min
17 I- 30:60 45 EXV KondTemp_max
18 I- 10:30 20 EXV KondTemp_min
19 I- 0:10000 0 EXV Regler PID_P_Kp
20 I- 0:30000 0 EXV Regler PID_I_Tn
21 I- 0:1000 0 EXV Regler PID_D_Tv (sec)
22 I- 0:50 25 max_End_Differenzdruck
23 I- 0:80 40 EXV Regler PID_min (%)
24 I- 0:100 50 EXV Einspritzzeit (sec)
25 I- 0:0 0 BSZ seit:
26 I- 70:1000 70 EXV Vorregelzeit (sec)
27 I- 10:100 55 EXV Vorregelwert (%)
28 I- 1:10 6 Pu_AbsHysterese
29 I- 0:20 10 Pu_AbsTemp
30 I- 0:180 90 Wartungslaufdauer alle Pumpen
31 I- 0:6 3 Wartungslauftag alle Pumpen
32 I- 0:23 12 Wartungslaufzeit alle Pumpen
33 I- 0:600 0 HKP_Puls_ein (sec)
34 I- 0:10800 0 HKP_Puls_aus (sec)
35 I- 0:10800 0 HKP_Vorlaufzeit (sec)
36 I- 0:10800 0 HKP_Nachlaufzeit (Sec)
37 I- 0:2 1 HKP_Modus
38 I- 0:10800 0 WW_Vorrang Vorlaufzeit (Sec)
39 I- 0:10800 0 WW_Vorrang Nachlaufzeit (Sec)
40 I- 0:7200 0 EQ Vorlaufzeit (Sec)
41 I- 0:7200 0 EQ Nachlaufzeit (Sec)
42 I- 0:10800 0 PUP_Vorlaufzeit (Sec)
43 I- 0:10800 0 PUP_Nachlaufzeit (Sec)
44 I- 0:600 0 MKP1_Puls_ein (Sec)
45 I- 0:10800 0 MKP1_Puls_aus (Sec)
46 I- 0:10800 0 MKP1_Vorlaufzeit (Sec)
47 I- 0:10800 0 MKP1_Nachlaufzeit (Sec)
48 I- 0:2 1 MKP1_Modus
49 I- 0:900 0 WW Zirk.Pumpe Sperrzeit (Sec)
50 I- 0:600 0 WW Zirk.Pumpe Nachl.Zeit (Sec)
51 B- : 0 WW Zirk.Pumpe Schaltuhr
52 B- : 0 2.Stufe bei Stoerung
53 I- 0:3 2 2.Stufe HKR Betriebsart
54 I- -15:40 12 2.Stufe HKR Paralell Gw.AT
55 I- 0:36000 0 2.Stufe HKR Zeitverz. (Sec)
56 I- 1:10 6 2.Stufe HKR Schalthysterese
57 I- 0:10 5 2.Stufe HKR Solldifferenz
58 I- 0:0 0 2.Stufe HKR Gesamtdifferenz
59 I- 1:10 6 2.Stufe HKR AT Hysterese
60 I- -15:40 12 2.Stufe HKR Alternativ Gw.AT
61 I- 0:3 2 2. Stufe WW Betriebsart
62 I- -15:40 12 2. Stufe WW Paralell Gw.AT
63 I- 0:36000 0 2. Stufe WW Zeitverz. (Sec)
64 I- 1:10 6 2. Stufe WW Schalthysterese
65 I- 0:10 5 2. Stufe WW Solldifferenz
66 I- 0:0 0 2. Stufe WW Gesamtdifferenz
67 I- 1:10 6 2. Stufe WW AT Hysterese
68 I- -15:40 12 2. Stufe WW Alternativ Gw.AT
69 F* 10:25 21.5 HKR Soll_Raum
70 I- 10:75 42 WW Enthitzung_Hgt_Gw
71 I* 1:10 3 HKR Aufheiztemp. (K)
72 I* -10:-1 -3 HKR Absenktemp. (K)
73 F- 0.1:5 2.5 HKR Soll_RaumVerst
74 I- 1:10 6 HKR Soll_Hys_oHG
75 I- 1:9 5 HKR Soll_Hys_uHG
76 I* 0:45 18 HKR Heizgrenze
77 I- 1:10 6 HKR AT_Hysterese
78 I- 5:45 25 HKR RLT_min
79 I- 10:60 35 HKR RLT_max
80 F* 15:40 24.0 HKR RLT Soll_oHG (Heizkurve)
81 F* 20:50 29.5 HKR RLT Soll_0 (Heizkurve)
82 F* 25:60 34.0 HKR RLT Soll_uHG (Heizkurve)
83 I* 10:75 50 WW Normaltemp.
84 I* 1:10 5 WW Hysterese Normaltemp.
85 I* 5:45 15 WW Minimaltemp.
86 I* 1:10 5 WW Hysterese Minimaltemp.
87 I- 10:50 30 FWS Zieltemp
88 I- 40:100 70 FWS Vorregelwert (%)
89 I- 0:10000 0 FWS Regler PID_P
90 I- 0:30000 0 FWS Regler PID_I_Tn (sec)
91 I- 0:1000 0 FWS Regler PID_D_Tv (sec)
92 I- 40:100 70 FWS Min (%)
93 I- 40:100 70 FWS Max (%)
94 I- 0:300 0 HDS Anspr.verz.Zeit (sec)
95 I- 0:10800 0 HDS Einschaltverz. (sec)
96 I- 0:6 3 HDS Fehlerwiederh. (24 h)
97 I- 0:300 0 EQ MS Anspr.verz.Zeit (sec)
98 I- 0:10800 0 EQ MS Einschaltverz. (sec)
99 I- 0:6 3 EQ MS Fehlerwiederh. (24 h)
100 I- 5:45 25 HD Transm. Grenzwert
101 F- 1:5 3.0 HD Transm. Hysterese
102 I- 0:300 0 HD Transm.Anspr.verz.Zeit(sec)
103 I- 0:10800 0 HD Transm.Einschaltverz. (sec)
104 I- 0:6 3 HD Transm.Fehlerwiederh.(24 h)
105 F- 0.1:7 3.5 ND Transm. Grenzwert
106 F- 0.1:5 2.5 ND Transm. Hysterese
107 I- 0:300 0 ND Transm.Anspr.verz.Zeit(Sec)
108 I- 0:10800 0 ND Transm.Einschaltverz.(Sec)
109 I- 0:6 3 ND Transm.Fehlerwiederh.(24 h)
110 I- 90:130 110 HG Begrenzung Grenzwert
111 F- 1:20 10.5 HG Begrenzung Hysterese
112 I- 0:300 0 HG Begr.Anspr.verz.Zeit(Sec)
113 I- 0:10800 0 HG Begrenzung EinschVz.(Sec)
114 I- 0:6 3 HG Begr. Fehlerwiederh. (24 h)
115 F- -20:20 0.0 HD_ND Diff. Grenzwert
116 F- 1:10 5.5 HD_ND Diff. Hysterese
117 I- 0:300 0 HD_ND Anspr.verz.Zeit (Sec)
118 I- 0:10800 0 HD_ND Diff.Einschaltverz.(Sec)
119 I- 0:6 3 HD_ND Fehlerwiederh. (24 h)
120 I- -20:20 0 Sauggas Grenzwert
121 F- 1:10 5.5 Sauggas Hysterese
122 I- 0:300 0 Sauggas Anspr.verz.Zeit(Sec)
123 I- 0:10800 0 Sauggas Einschaltverz. (Sec)
124 I- 0:6 3 Sauggas Fehlerwiederh. (24 h)
125 I- -10:20 5 EQ Diff. Maximaltemp. (K)
126 F- 1:10 5.5 EQ Diff. Hysterese Max. (K)
127 I- 0:300 0 EQ Diff. Anspr.verz.Zeit (Sec)
128 I- 0:10800 0 EQ Diff. Einschaltverz. (Sec)
129 I- 0:6 3 EQ Diff. Fehlerwiederh. (24 h)
130 I- -10:10 0 EQ Aus. Minimaltemp. (K)
131 F- 1:10 5.5 EQ Aus. Hysterese (K)
132 I- 0:300 0 EQ Aus. Anspr.verz.Zeit (Sec)
133 I- 0:10800 0 EQ Aus. Einschaltverz. (Sec)
134 I- 0:6 3 EQ Aus. Fehlerwiederh. (24 h)
135 I- 10:80 45 KondTemp Grenzwert (C)
136 F- 1:10 5.5 KondTemp Hysterese (h)
137 I- 0:300 0 KondTemp Anspr.Verz.Zeit(Sec)
138 I- 0:10800 0 KondTemp Einschaltverz.(Sec)
139 I- 0:6 3 KondTemp Fehlerwiederh.(24 h)
140 I- -10:5 -2 Abtaufreigabetemp. Verdampfung
141 B- : 0 Externe Anforderung VNG
142 I- 600:1800 600 Abtauzeit maximal
143 I- 1:120 60 Abtaufreigabeverz.(Min)
144 I- 0:100000 0 BSZ Abtau aktuelle Laufzeit
145 F- 1:30 15.5 Abtaudiff. Luftein_Verdampf.GW
146 I- 0:0 0 Abtauzeit_letzter Vorgang
147 B- : 0 Vollversion
148 I- 5:25 15 Abtauendtemp. Kondensation
149 I- 0:6 3 Z WM_Zaehlung Faktor
150 I- 0:6 3 Z Stromzaehlung Faktor
151 I- 0:0 0 O
152 I- 0:60 30 Solar KTmin
153 I* 0:100000 41231 BSZ HKP Betriebsstunden
154 I- 0:100000 0 BSZ HKP aktuelle Laufzeit
155 I* 0:100000 3121 BSZ HKP Schaltung
156 I- 0:100000 0 BSZ_PUP Betriebsstunden
157 I- 0:100000 0 BSZ_PUP aktuelle Laufzeit
158 I- 0:100000 0 BSZ_PUP Schaltung
159 I- 0:100000 0 BSZ_MKP1 Betriebsstunden
160 I- 0:100000 0 BSZ_MKP1 aktuelle Laufzeit
161 I- 0:100000 0 BSZ_MKP1 Schaltung
162 I* 0:100000 20110 BSZ EQ Betriebsstunden
163 I- 0:100000 0 BSZ EQ aktuelle Laufzeit
164 I* 0:100000 12001 BSZ EQ Schaltungen
165 I* 0:100000 3456 BSZ WWV Betriebsstunden
166 I- 0:100000 0 BSZ WWV aktuelle Laufzeit
167 I* 0:100000 4312 BSZ WWV Schaltungen
168 I* 0:100000 812 BSZ ZIPWW Betriebsstunden
169 I- 0:100000 0 BSZ ZIPWW aktuelle Laufzeit
170 I* 0:100000 9021 BSZ ZIPWW Schaltungen
171 I* 0:100000 3301 BSZ Verdichter Betriebsst. WW
172 I* 0:100000 16423 BSZ Verdichter Betriebsst. HKR
173 I* 0:100000 19724 BSZ Verdichter Betriebsst. ges
174 I* 0:100000 1834 BSZ Verdichter akt. Laufzeit
175 I- 5:25 15 Kuehlen RLT min.
176 I- 0:100000 0 BSZ 2.Stufe Betriebsst. WW
177 I- 0:100000 0 BSZ 2.Stufe Betriebsst. HKR
178 I- 0:100000 0 BSZ 2.Stufe Betriebsst. ges
179 I- 0:100000 0 BSZ 2.Stufe akt. Laufzeit
180 I- 0:100000 0 BSZ 2.Stufe Schaltungen
181 I- 10:25 18 Ausheizprog. RL Starttemperatu
182 I- 26:50 38 Ausheizprog. RL Zieltemperatur
183 I- 10:25 18 Ausheizprog. RL Endtemperatur
184 I- 1:10 6 Ausheizprog. Aufheiztage
185 I- 0:5 2 Ausheizprog. Haltetage
186 I- 0:10 5 Ausheizprog. Absenktage
187 I- 0:3 2 Ausheizprog. HKR
188 I- 0:100000 0 BSZ Abtau Betriebsstunden
189 I- 0:100000 0 BSZ Abtau Schaltungen
190 F- 1:20 10.5 RLVL Diff. Maximaldiff. (K)
191 F- 1:10 5.5 RLVL Diff. Hysterese Max. (K)
192 I- 0:300 0 RLVL Diff. Anspr.verz.Zeit (Se
193 I- 0:10800 0 RLVL Diff. Einschaltverz. (Sec
194 I- 0:6 3 RLVL Diff. Fehlerwiederh. (24
195 I- 10:30 20 Abtau RLTmin
196 I- 1:10 6 Abtau RLThys
197 I- 1:15 8 Abtaudiff.bei -15C (uGw)
198 I- 5:20 12 Abtaudiff.bei  7C (oGw)
199 I- 0:2 1 MKR1 Aktiviert
200 F- 10:25 21.0 MKR1 Soll_Raum
201 I- 0:10 5 MKR1 Soll_ZP_Korr
202 I- 1:10 6 MKR1 Aufheiztemp. (K)
203 I- -10:-1 -6 MKR1 Absenktemp. (K)
204 F- 0.1:5 2.5 MKR1 Soll_RaumVerst
205 I- 0:45 22 MKR1 Heizgrenze
206 I- 1:10 6 MKR1 AT_Hysterese
207 I- 5:20 12 MKR1 RLT_min
208 I- 10:60 35 MKR1 RLT_max
209 F- 15:40 27.5 MKR1 RLT Soll_oHG (Heizkurve)
210 F- 20:50 35.0 MKR1 RLT Soll_0 (Heizkurve)
211 F- 25:60 42.5 MKR1 RLT Soll_uHG (Heizkurve)
212 I- 0:70 35 n_0 bei Heizanforderung(%)
213 I- 0:10 5 MKR1 3PR SollHys
214 F- 0.1:10 5.0 MKR1 3PR SchaltHys
215 I- 0:10000 0 MKR1 PID_P_Kp
216 I- 0:30000 0 MKR1 PID_I_Tn (sec)
217 I- 0:1000 0 MKR1 PID_D_Tv (sec)
218 I- 0:100 50 MKR1 Min(%)
219 I- 0:10 5 MKR1 Spreizung(K)
220 I- 50:500 50 MKR1 Stellzeit
221 I- 0:7 1 MKR1 Betriebsart
222 I* 0:2 0 MKR2 Aktiviert
223 F- 10:25 20.0 MKR2 Soll_Raum
224 I- 0:10 5 MKR2 Soll_ZP_Korr
225 I- 1:10 6 MKR2 Aufheiztemp. (K)
226 I- -10:-1 -6 MKR2 Absenktemp. (K)
227 F- 0.1:5 2.5 MKR2 Soll_RaumVerst
228 I- 0:45 22 MKR2 Heizgrenze
229 I- 1:10 6 MKR2 AT_Hysterese
230 I- 5:20 12 MKR2 RLT_min
231 I- 10:60 35 MKR2 RLT_max
232 F- 15:40 27.5 MKR2 RLT Soll_oHG (Heizkurve)
233 F- 20:50 35.0 MKR2 RLT Soll_0 (Heizkurve)
234 F- 25:60 42.5 MKR2 RLT Soll_uHG (Heizkurve)
235 I- 0:30 15 Verdichter-Oelsumpftemp.GW
236 I- 0:10 5 MKR2 3PR SollHys
237 F- 0.1:10 5.0 MKR2 3PR SchaltHys
238 I- 0:10000 0 MKR2 PID_P
239 I- 0:30000 0 MKR2 PID_I_Tn (sec)
240 I- 0:1000 0 MKR2 PID_D_Tv (sec)
241 I- 0:100 50 MKR2 Min(%)
242 I- 0:10 5 MKR2 Spreizung(K)
243 I- 50:500 50 MKR2 Stellzeit
244 I- 0:7 4 MKR2 Betriebsart
245 I- 0:60 30 n_min bei Heizanforderung(%)
246 I- 0:100 50 n_max bei WW-Bereitung
247 I- 0:100 50 n_max bei Heizanforderung(%)
248 I- 0:50 25 n_min bei WW-Bereitung
249 I- 20:40 30 HKR Party RLT min.
250 I- 20:40 30 MKR1 Party RLT min.
251 I- 20:40 30 MKR2 Party RLT min.
252 I- 300:610000 300 Int. Lebenszeichen (s)
253 I- 0:100000 0 BSZ EXTP aktuelle Laufzeit
254 I- 0:100000 0 BSZ EXTP Schaltungen
255 B- : 0 Abtaueinleitung
256 I- -20:-5 -12 HKR Soll_Hys_uHGmin
257 I- 1:100 50 n_Steigung (ppm)
258 I- 20:60 40 Regeldiff Grenzwert (K)
259 F- 1:10 5.5 Regeldiff Hysterese (h)
260 I- 0:300 0 Regeldiff Anspr.Verz.Zeit(Sec)
261 I- 0:10800 0 Regeldiff Einschaltverz.(Sec)
262 I- 0:6 3 Regeldiff Fehlerwiederh.(24 h)
263 I* 0:2 0 Energiezaehler
264 I- 0:3 0 Kuehlen
265 I- 0:5 2 Kuehlen Esd dummy
266 I- 1:5 3 Kuehlen Schalthysterese
267 I- 0:2 1 Externe Anforderung
268 I- 1:10 6 Ausheizprog Aufheiztage2
269 I- 0:0 0 Ausheizprog AufheizCounter
270 I- 0:2 1 Heizen nach WW Bereitung
271 I- 0:3 0 Solaranlage
272 I- 60:120 90 Solar KTmax
273 I- 1:5 3 Solar KTmax Hysterese
274 I- 1:15 8 Solar Norm. Hysterese
275 I- 0:600 0 Solar Puls_ein (Sec)
276 I- 0:10800 0 Solar Puls_aus (Sec)
277 I- 0:100000 0 Solar BSZ P1 Betriebsstunden
278 I- 0:100000 0 Solar BSZ P1 aktuelle Laufzeit
279 I- 0:100000 0 Solar BSZ P1 Schaltungen
280 I- 0:100000 0 Solar BSZ P2 Betriebsstunden
281 I- 0:100000 0 Solar BSZ P2 aktuelle Laufzeit
282 I- 0:100000 0 Solar BSZ P2 Schaltungen
283 I- 0:80 40 Solar Grenzwert Puffer
284 I- 0:80 40 Solar Grenzwert Brauchwasser
285 I- 0:0 0 Solar Anforderung
286 B- : 0 Reset Effizienz
287 I- 0:100000 0 BSZ EXTP Betriebsstunden
288 I- 0:2 1 BG1 Verwenden
289 B- : 0 BG2 Verwenden
290 B- : 0 BG3 Verwenden
291 B- : 0 BG4 Verwenden
292 I- 2:10 6 Verdichter-Oelsumpf dT
293 I- 10:30 20 Kuehlgrenze
294 B- : 0 HKP bei EVU-Sperre
295 B- : 0 HKP Anforderungsabhaengig
296 B- : 0 MKP1 bei EVU-Sperre
297 B- : 0 MKP1 Anforderungsabhaengig
298 B- : 0 MKP2 bei EVU-Sperre
299 B- : 0 MKP2 Anforderungsabhaengig
300 B- : 0 BWP bei EVU-Sperre
301 B- : 0 PUP bei EVU-Sperre
302 F- 1:20 10.5 Abtau RL_VLdT_GW_BWP
303 B- : 0 ExtP bei EVU-Sperre
304 I- 0:10800 0 ExtP_Vorlaufzeit (Sec)
305 I- 0:10800 0 ExtP_Nachlaufzeit (Sec)
306 I- 0:10800 0 Ext.Anf.Verz.-zeit
307 I- -20:20 0 Sauggas Grenzwert Kuehlen
308 F- 1:10 5.5 ND Transm. Grenzwert Kuehlen
309 I- -50:0 -25 EXV offset bei n_0% (%)
310 I- 0:50 25 EXV offset_0 bei n (%)
311 I- 0:100 50 n bei Abtauung
312 I- 0:60 30 AO2min bei Heizanf (%)
313 I- 5:100 52 AO2max bei WW-Bereitung
314 I- 5:100 52 AO2max bei Heizanf (%)
315 B- : 0 Verdichter modulierend
316 I- 0:600 0 MKP2_Puls_ein (Sec)
317 I- 0:10800 0 MKP2_Puls_aus (Sec)
318 I- 0:10800 0 MKP2_Vorlaufzeit (Sec)
319 I- 0:10800 0 MKP2_Nachlaufzeit (Sec)
320 I- 0:2 1 MKP2_Modus
321 I- 0:100000 0 BSZ_MKP2 Betriebsstunden
322 I- 0:100000 0 BSZ_MKP2 aktuelle Laufzeit
323 I- 0:100000 0 BSZ_MKP2 Schaltung
324 I- 0:250 0 Ausheizprog. Verz.-tage
325 I- 1:10 6 Ausheizprog. Sollhys.
326 I- 1:45 23 Mindest-Abtaufreigabeverz.(Min
327 I- 5:70 38 AO2min bei WW-Bereitung
328 I- 0:180 90 Verz.Zeit Heizen nach WW (sec)
329 I- 0:7 4 TF22 Offset
330 B- : 0 Sollwert M1 aktiv
331 B- : 0 Sollwert M2 aktiv
332 I- 0:15 8 Solar Min. Hysterese
333 I- 1:30 16 Solar Pendel Ladezeit (Min)
334 I- 1:30 16 Solar Pendel Pausezeit (Min)
335 I- 0:100 50 n Regelabweichung(%)
336 I- 7:50 28 Exv_v_Rampe (ms)
337 I- 0:10800 0 Verd.Abtau Einschaltvz.(Sec)
338 I- 0:90 45 Luefterverz.(sec)
339 I- 10:75 42 Grenzw.WW_2teStufe
340 I- 1:20 10 Kuehlgrenze_Hys(K)
341 I- 0:300 0 SDS Anspr.verz.Zeit (sec)
342 I- 0:10800 0 SDS Einschaltverz. (sec)
343 I- 0:6 3 SDS Fehlerwiederh. (24 h)
344 I- 1:40 20 max_Start_Differenzdruck
345 I- 15:50 32 n Start_Drehzahl (%)
346 I- 0:30 15 n_GW Oel_Rueckfuehrung(%)
347 I- 45:75 60 WW Normaltemp_Gw_max
348 I- 5:25 15 MKR1 Kuehlen RLT min.
349 I- 0:5 2 MKR1 Kuehlen Esd dummy
350 I- 1:5 3 MKR1 Kuehlen Schalthys.
351 I- 1:10 6 MKR1 Sollhysterese(K)
352 I- 5:25 15 MKR2 Kuehlen RLT min.
353 I- 0:5 2 MKR2 Kuehlen Esd dummy
354 I- 1:5 3 MKR2 Kuehlen Schalthys.
355 I- 1:10 6 MKR2 Sollhysterese(K)
356 I- 0:10000 0 HKP PID_P
357 I- 0:30000 0 HKP PID_I_Tn (sec)
358 I- 0:1000 0 HKP PID_D_Tv (sec)
359 I- 20:100 60 HKP n_min(%)
360 I- 0:2 1 Legionellenshutz
361 I- 0:36000 0 Legionellenschutz Dauer
362 I- 0:6 3 Legionellenschutz Tag
363 I- 0:23 12 Legionellenschutz Zeitpunkt
364 I- 30:70 50 Legionellenschutz Temp
365 I- 0:100000 0 Legionellenschutz Laufzeit
366 B- : 0 Legionellenschutz WW Zirk.
367 I- 0:50 25 n_min bei Ext Anforderung
368 I- 0:100 50 n_max bei Ext Anforderung
369 I- 0:10 5 HKP Ziel_dT
370 I- 0:10000 0 EQP PID_P
371 I- 0:30000 0 EQP PID_I_Tn (sec)
372 I- 0:1000 0 EQP PID_D_Tv (sec)
373 I- 5:100 52 EQP n_min(%)
374 I- 0:10 5 EQP Ziel_dT
375 I* 0:100000 4290 BSZ Verdichter Schaltung WW
376 I- 0:100 50 EXV Fehler 100% (min)
377 I- 0:300 0 FU_ERR Anspr.verz.Zeit (sec)
378 I- 0:10800 0 FU_ERR Einschaltverz. (sec)
379 I- 0:6 3 FU_ERR Fehlerwiederh. (24 h)
380 I- 1:32000 1 n_Rampe (ppm)
381 I- 0:100 50 n bei Kuehlen (%)
382 I- 10:30 20 Abtau RLTmin_WW
383 I- 1:240 1 Abtau Vorlaufzeit (Sec)
384 I- 0:120 60 Abtauverz.(sec)
385 B- : 0 2.Stufe bei EVU
386 I- 0:120 60 Sauggas Fehler.verz.(Sec)
387 I- 5:15 10 Abtau Exv Start_ND(bar)
388 B- : 0 HKP im Kuehlbetrieb
389 B- : 0 MKP1 im Kuehlbetrieb
390 B- : 0 MKP2 im Kuehlbetrieb
391 I- 120:420 120 HKP VRZ
392 I- 20:100 60 HKP VRW
393 I- 120:420 120 EQP VRZ
394 I- 20:100 60 EQP VRW
395 I- 120701:999000 120701 S_BSZ Startzeit
396 I- 0:100000 0 S_BSZ seit Startzeit
397 I- 0:100000 0 S_BSZ Jahr1
398 I- 0:100000 0 S_BSZ Jahr2
399 I- 0:13 6 ph_type
400 I- -50:50 0 WMZ kWh Offset
401 F- 0:1000 0.0 Mo (g/s)
402 B- : 0 2.Stufe bei Frostanforderung
403 B- : 0 2.Stufe bei AHZP
404 I- 0:100 50 AO2 bei Kuehlanforderung
405 I- 10:50 30 Externe Anforderung RLTmax
406 I- 1:5 3 Externe Anforderung RLThys
407 I- 0:3 2 2.Stufe EXT Betriebsart
408 I- -15:40 12 2.Stufe EXT Paralell Gw.AT
409 I- 0:36000 0 2.Stufe EXT Zeitverz. (Sec)
410 I- 1:10 6 2.Stufe EXT Schalthysterese
411 I- 0:10 5 2.Stufe EXT Solldifferenz
412 I- 0:0 0 2.Stufe EXT Gesamtdifferenz
413 I- 1:10 6 2.Stufe EXT AT Hysterese
414 I- -15:40 12 2.Stufe EXT Alternativ Gw.AT
415 I- 0:99999 0 Pairingcode:
416 I- 30:60 45 n Start_Drehzahl 2 (%)
417 I- 10:30 20 Verz.Start_Drehzahl 2
"""
