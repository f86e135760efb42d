# Data, termijnen, bedragen en kleine woorden. Bevroren met de overeenkomst: de digest staat in elke deal (SPEC section 5).

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
