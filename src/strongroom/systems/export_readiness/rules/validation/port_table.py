"""Large ports by their country, for those who write a name and no UN/LOCODE."""

from __future__ import annotations

#: names that no other country has a large port of
PORTS = """
AE Jebel Ali; Port Rashid; Sharjah; Khor Fakkan
AR Buenos Aires; Rosario
AU Sydney; Brisbane; Fremantle; Adelaide; Port Botany
BD Chittagong; Chattogram; Mongla
BE Antwerp; Zeebrugge; Ghent
BH Khalifa Bin Salman
BR Santos; Paranagua; Itajai; Rio de Janeiro; Rio Grande
CA Montreal; Halifax; Toronto; Prince Rupert
CL Valparaiso; Iquique
CN Shanghai; Shenzhen; Ningbo; Qingdao; Tianjin; Xiamen; Guangzhou; Dalian; Yantian
CO Buenaventura; Barranquilla
DE Hamburg; Bremerhaven; Bremen
DK Aarhus; Copenhagen
EG Port Said; Damietta; Sokhna
ES Algeciras; Bilbao; Las Palmas
FI Helsinki; Kotka
FR Le Havre; Marseille; Fos-sur-Mer; Dunkirk
GB Felixstowe; Southampton; Liverpool; London Gateway; Tilbury; Immingham
GR Piraeus; Thessaloniki
HR Rijeka
ID Jakarta; Surabaya; Tanjung Priok; Belawan
IE Dublin Port; Cork
IL Haifa; Ashdod
IN Nhava Sheva; Mundra; Chennai; Mumbai; Kolkata; Kandla; Cochin; Kochi; Tuticorin; Visakhapatnam; Pipavav; Ennore
IN Krishnapatnam; Hazira
IQ Umm Qasr
IT Genoa; Naples; La Spezia; Trieste; Livorno; Gioia Tauro; Venice; Ravenna
JO Aqaba
JP Tokyo; Yokohama; Osaka; Kobe; Nagoya; Hakata
KE Mombasa
KR Busan; Incheon; Gwangyang
KW Shuwaikh; Shuaiba
LB Beirut
LK Colombo; Hambantota
MA Casablanca; Tanger Med; Agadir
MX Veracruz; Altamira; Lazaro Cardenas
MY Port Klang; Tanjung Pelepas; Penang; Pasir Gudang
MZ Maputo; Beira
NG Lagos; Apapa; Tin Can Island; Onne; Lekki
NL Rotterdam; Amsterdam
NO Oslo; Bergen
NZ Auckland; Tauranga; Lyttelton
OM Sohar; Salalah; Muscat
PE Callao; Paita
PH Manila; Cebu; Subic Bay
PK Karachi; Port Qasim
PL Gdansk; Gdynia; Szczecin
PT Lisbon; Sines; Leixoes
QA Hamad; Doha
RO Constanta
RU Saint Petersburg; Novorossiysk; Vladivostok
SA Jeddah; Dammam; Jubail; Yanbu
SE Gothenburg; Stockholm
SI Koper
TH Laem Chabang; Bangkok
TR Istanbul; Izmir; Mersin; Ambarli; Gemlik
TW Kaohsiung; Keelung; Taichung
TZ Dar es Salaam
UA Odesa; Odessa; Chornomorsk
US New York; Los Angeles; Long Beach; Houston; Savannah; Norfolk; Seattle; Oakland; Miami; Baltimore; Newark; Tacoma
US New Orleans; Port Everglades
VN Haiphong; Hai Phong; Cat Lai; Cai Mep; Ho Chi Minh City; Da Nang
YE Aden; Hodeidah
ZA Durban; Cape Town; Port Elizabeth; Coega
"""
