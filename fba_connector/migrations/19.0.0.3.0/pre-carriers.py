"""Carriers of this version that a person has entered already get our external ids.

Else the data file would make a second one beside it, which would take its parcels.
"""

NEW = {
    "carrier_sagawa": "SAGAWA",
    "carrier_deutsche_post": "DEUTSCHEPOST",
    "carrier_la_poste": "LAPOSTE",
    "carrier_chronopost": "CHRONOPOST",
    "carrier_poste_italiane": "POSTEITALIANE",
    "carrier_parcelforce": "PARCELFORCE",
    "carrier_yodel": "YODEL",
    "carrier_evri": "EVRI",
    "carrier_australia_post": "AUSTRALIAPOST",
}
# The version before compared the start of Amazon's word, with its blanks.
ADOPT = r"""
    INSERT INTO ir_model_data (module, name, model, res_id, noupdate)
    SELECT 'fba_connector', %(name)s, 'fba.carrier', carrier.id, TRUE
      FROM fba_carrier carrier
     WHERE starts_with(%(code)s, upper(regexp_replace(carrier.code, '[\s_-]', '', 'g')))
       AND regexp_replace(carrier.code, '[\s_-]', '', 'g') != ''
       AND NOT EXISTS (
               SELECT FROM ir_model_data known
                WHERE known.module = 'fba_connector' AND known.model = 'fba.carrier' AND known.res_id = carrier.id
           )
  ORDER BY length(carrier.code) DESC
     LIMIT 1
ON CONFLICT DO NOTHING
"""


def migrate(cr, version):
    for name, code in NEW.items():
        cr.execute(ADOPT, {"name": name, "code": code})
