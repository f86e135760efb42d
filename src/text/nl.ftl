# Nederlands. Gewone, korte zinnen (B1). Sleutels en variabelen zijn die van en.ftl; een test vergelijkt ze.

## Kleine woorden: datums, lijsten, waarden

say-date = { $day } { $month ->
    [1] januari
    [2] februari
    [3] maart
    [4] april
    [5] mei
    [6] juni
    [7] juli
    [8] augustus
    [9] september
    [10] oktober
    [11] november
   *[12] december
} { $year }
say-moment = { $date } om { $clock } uur
say-until-day = tot en met { $date }
say-until-moment = tot { $moment }
say-years = { $n } jaar
say-months = { $n } { $n ->
    [one] maand
   *[other] maanden
}
say-weeks = { $n } { $n ->
    [one] week
   *[other] weken
}
say-days = { $n } { $n ->
    [one] dag
   *[other] dagen
}
say-hours = { $n } uur
say-due-signing = binnen { $period } na ondertekening
say-due-delivery = binnen { $period } na de levering van de gegevens
say-due-incident = binnen { $period } na een incident
say-due-end = binnen { $period } na het einde van de datadeal
say-tariff = { $amount } { $per ->
    [year] per jaar
    [month] per maand
    [request] per verzoek
    [question] per vraag
   *[other] per { $per }
}
say-discount = { $percent }% minder: { $label }
say-and = { $first } en { $last }
say-or = { $first } of { $last }
say-pair = { $label }: { $value }
say-proof = bewijs voor { $label }: { $proof }
say-yes = ja
say-no = nee
say-none = geen
say-today = vandaag
say-not-stated = niet opgegeven
say-with-evidence = { $label } (met bewijs)
say-approval-by = goedkeuring van: { $label }
say-appointed-by-owner = te geven door iemand die de eigenaar heeft aangewezen
say-appointed-by-supplier = te geven door iemand van de leverancier die rechten heeft op de gegevens
say-appointed-by-portal = te geven door iemand die het portaal heeft aangewezen
say-wish-accepted = dat u deze bepaling aanvaardt
say-wish-wait = wachten tot { $values }
say-wish-too-late = niets: de tijd ervoor is voorbij
say-wish-is = { $label }: { $values }
say-wish-one-of = { $label }: alleen { $values }
say-wish-none-of = { $label }: niet { $values }
say-wish-at-most = { $label }: hooguit { $values }
say-wish-by-date = { $label }: uiterlijk { $values }
say-wish-less = { $label }: minder dan { $values }
say-wish-before = { $label }: vóór { $values }
say-wish-at-least = { $label }: minstens { $values }
say-wish-from-date = { $label }: { $values } of later
say-wish-more = { $label }: meer dan { $values }
say-wish-after = { $label }: later dan { $values }
say-wish-within = { $label }: { $values }, of een doel dat daaronder valt
say-wish-all-of = { $label }: in elk geval { $values }
say-wish-any-of = { $label }: in elk geval { $values }
say-wish-empty = { $label }: geen
say-uncounted = { $label }: { $reason } (document { $digest }…)
say-uncounted-signature = de handtekening klopt niet
say-uncounted-subject = het gaat over een andere organisatie
say-uncounted-issuer = wie het afgaf, staat voor dit feit niet op de vertrouwenslijst
say-uncounted-not-yet = het is nog niet geldig
say-uncounted-lapsed = het is niet meer geldig
say-uncounted-revoked = wie het afgaf, heeft het ingetrokken
say-uncounted-value = de waarde voldoet niet aan de controle van dit feit
say-alternative = { $title } ({ $kind ->
    [open-edition] open uitgave
    [aggregate] samengevoegde gegevens
    [synthetic] verzonnen testgegevens
    [custom-table] maatwerktabel
    [partner] via een partner
    [sample] voorbeeldbestand
   *[other] { $kind }
})
say-kind-promise = belofte
say-kind-duty = plicht
say-kind-delivery = manier van leveren
say-kind-fee = vergoeding

## De uitgelegde uitkomst

explain-asked = “{ $title }”, voor: { $purpose }
explain-asked-without-purpose = “{ $title }”
explain-open = Ja. Deze dataset is open: gebruik de gegevens onder de licentie { $licence }. Een datadeal is niet nodig.
explain-open-without-licence = Ja. Deze dataset is open. Een datadeal is niet nodig.
explain-none-published = Nee. De eigenaar heeft voor deze dataset geen voorwaarden gepubliceerd. Daarom kunnen de gegevens niet worden gegeven.
explain-permit = Ja. De wet staat het toe, en aan elke voorwaarde is voldaan of wordt voldaan als u de datadeal ondertekent.
explain-still = Ja. De datadeal voldoet nog aan de voorwaarden.
explain-review = Nog niet beslist. Eerst moet iemand het goedkeuren. Verder ontbreekt niets.
explain-incomplete = Nog niet beslist. Er ontbreken feiten. Het kan nog een ja worden.
explain-deny = Nee. { $n ->
    [one] Aan één voorwaarde is niet voldaan.
   *[other] Aan { $n } voorwaarden is niet voldaan.
}
explain-no-ground = Nee. De wet staat niet toe dat wij u deze gegevens voor dit doel geven ({ $articles }). Andere antwoorden van u veranderen dat niet.
explain-partial = Voor een deel. Van de { $asked } kolommen waar u om vroeg, kunt u er { $granted } krijgen.
explain-unfilled = Nog niet ingevuld: { $fields }. Zonder dat kan niets worden toegestaan.
explain-grounds = Grondslagen in de wet (één is genoeg)
explain-conditions = Voorwaarden (aan alle moet zijn voldaan)
explain-conditions-no-ground = Voorwaarden (zij veranderen deze uitkomst niet)
explain-ground = { $label } ({ $law })
explain-term = { $label } ({ $kind })
explain-due = Termijn: { $due }
explain-tariff = Tarief: { $tariff }
explain-marks = ok: voldaan · sign: voldaan door te ondertekenen · ask: iemand moet het goedkeuren · ?: er ontbreken feiten · no: niet voldaan
explain-seen = Wij zagen: { $seen }
explain-wishes = Wat helpt: { $wishes }
explain-needs = Nodig: { $needs }
explain-hint = Wat u kunt doen: { $hint }
explain-law = Wet: { $law }
explain-columns = Kolommen
explain-column-why = vanwege: { $why }
explain-column-no-ground = omdat geen grondslag in de wet voor deze kolommen geldt
explain-columns-ask = De kolommen met ok kunt u krijgen als u alleen die vraagt.
explain-uncounted = Bewijs dat niet telt
explain-alternatives = Wat u in plaats daarvan kunt gebruiken
explain-indication = Dit is een indicatie op grond van de opgegeven feiten, geen besluit. U kunt altijd een verzoek indienen.
