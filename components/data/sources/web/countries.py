"""Countries and groups of them, as a choice before a table of the whole world is fetched."""

from functools import cache

from babel import Locale

from components.data.sources.web.source import Choice

WORLD = "WLD"
# By ISO 3166: two letters, whose names Babel knows, then three, which data services go by.
_CODES = """
AF AFG AL ALB DZ DZA AD AND AO AGO AG ATG AR ARG AM ARM AU AUS AT AUT AZ AZE BS BHS BH BHR BD BGD BB BRB
BY BLR BE BEL BZ BLZ BJ BEN BT BTN BO BOL BA BIH BW BWA BR BRA BN BRN BG BGR BF BFA BI BDI CV CPV KH KHM
CM CMR CA CAN CF CAF TD TCD CL CHL CN CHN CO COL KM COM CG COG CD COD CR CRI CI CIV HR HRV CU CUB CY CYP
CZ CZE DK DNK DJ DJI DM DMA DO DOM EC ECU EG EGY SV SLV GQ GNQ ER ERI EE EST SZ SWZ ET ETH FJ FJI FI FIN
FR FRA GA GAB GM GMB GE GEO DE DEU GH GHA GR GRC GD GRD GT GTM GN GIN GW GNB GY GUY HT HTI HN HND HK HKG
HU HUN IS ISL IN IND ID IDN IR IRN IQ IRQ IE IRL IL ISR IT ITA JM JAM JP JPN JO JOR KZ KAZ KE KEN KI KIR
KP PRK KR KOR KW KWT KG KGZ LA LAO LV LVA LB LBN LS LSO LR LBR LY LBY LI LIE LT LTU LU LUX MG MDG MW MWI
MY MYS MV MDV ML MLI MT MLT MH MHL MR MRT MU MUS MX MEX FM FSM MD MDA MC MCO MN MNG ME MNE MA MAR MZ MOZ
MM MMR NA NAM NR NRU NP NPL NL NLD NZ NZL NI NIC NE NER NG NGA MK MKD NO NOR OM OMN PK PAK PW PLW PS PSE
PA PAN PG PNG PY PRY PE PER PH PHL PL POL PT PRT QA QAT RO ROU RU RUS RW RWA KN KNA LC LCA VC VCT WS WSM
SM SMR ST STP SA SAU SN SEN RS SRB SC SYC SL SLE SG SGP SK SVK SI SVN SB SLB SO SOM ZA ZAF SS SSD ES ESP
LK LKA SD SDN SR SUR SE SWE CH CHE SY SYR TJ TJK TZ TZA TH THA TL TLS TG TGO TO TON TT TTO TN TUN TR TUR
TM TKM TV TUV UG UGA UA UKR AE ARE GB GBR US USA UY URY UZ UZB VU VUT VE VEN VN VNM YE YEM ZM ZMB ZW ZWE
"""
_GROUPS = {
    "large": ("10 large countries", "USA CHN IND DEU JPN GBR FRA BRA ITA CAN"),
    "g20": (
        "Countries of the G20",
        "ARG AUS BRA CAN CHN FRA DEU IND IDN ITA JPN MEX RUS SAU ZAF KOR TUR GBR USA",
    ),
}


@cache
def country_names() -> dict[str, str]:
    """Return the English names of countries by their codes of three letters, sorted by name."""
    territories = Locale("en").territories
    codes = _CODES.split()
    named = {long: territories[short] for short, long in zip(codes[::2], codes[1::2], strict=True)}
    return dict(sorted(named.items(), key=lambda item: item[1]))


def country_choice() -> Choice:
    """Return the choice of the world, of several countries beside each other, or of one."""
    groups = {key: label for key, (label, _) in _GROUPS.items()}
    return Choice(
        "country",
        "Country",
        {WORLD: "World", **groups, **country_names()},
        "Several countries make one table with a column for each.",
    )


def country_codes(chosen: str) -> tuple[str, ...]:
    """Return the codes that a choice stands for: "WLD", or those of countries."""
    return tuple(_GROUPS[chosen][1].split()) if chosen in _GROUPS else (chosen,)
