# Wat `datadeal demo` rond de verhalen zegt, en antwoorden in het kort. De sleutels zijn die van demo.en.ftl.

## Een antwoord in het kort

short-permit = Ja: de wet staat het toe, en geen voorwaarde staat in de weg.
short-partial = Voor een deel: nu { $granted } van de { $asked } kolommen.
short-partial-waits = Hooguit voor een deel: { $waiting } van de { $asked } kolommen wachten op een mens, de andere zijn gesloten.
short-review = Nog niet: { $n ->
    [one] iemand moet ernaar kijken.
   *[other] { $n } mensen moeten ernaar kijken.
}
short-no-ground = Nee: de wet geeft deze aanvrager hiervoor geen weg, wat hij verder ook antwoordt.
short-only = het staat open voor: { $grounds }
short-instead = in plaats daarvan: { $titles }
short-because = { $label } – { $helps }
short-more = nog { $n }
short-columns-yes = ja: { $columns }
short-columns-wait = wacht: { $columns } – { $why }
short-columns-unknown = er ontbreekt iets: { $columns } – { $why }
short-columns-no = nee: { $columns } – { $why }
short-columns-no-ground = geen grondslag in de wet: { $columns }

## De demo

demo-title = Zes datasets, en wie ze mag gebruiken
demo-intro = Een eigenaar van gegevens die niet open zijn, schrijft één keer op wie ze mag hergebruiken, en waarvoor. Wie ze wil hebben, hoort binnen seconden of dat mag, en zo nee, wat er ontbreekt. Beiden tekenen de deal, en alles staat in een logboek dat iedereen kan nagaan. Hieronder ziet u het gebeuren. De datasets bestaan; de rest is een voorbeeld, geen handeling van de genoemde organen. Het portaal is zojuist gemaakt in een tijdelijke map: elk antwoord is berekend, elke handtekening is gezet en gecontroleerd.
demo-story = { $number }. { $title }
demo-step = { $date } – { $say }
demo-word-asks = vraagt
demo-word-answer = antwoord
demo-word-approved = akkoord
demo-word-not-approved = geweigerd
demo-word-decided = besluit
demo-word-deal = deal
demo-word-stopped = gestuit
demo-word-evidence = bewijs
demo-word-verified = nagegaan
demo-asks = { $who }: { $columns } voor “{ $purpose }”
demo-asks-nobody = iemand: { $columns } voor “{ $purpose }”
demo-asks-columns = { $n ->
    [one] één kolom,
   *[other] { $n } kolommen,
}
demo-asks-level = { $columns } als: { $level },
demo-declines = wijst af: { $label }
demo-approved = { $approval } ({ $who })
demo-decided-at-once = direct { $result }, door de gepubliceerde voorwaarden; er was niemand voor nodig
demo-decided-complete = { $result }, nu er niets meer ontbreekt
demo-decided-person = { $result }, door iemand met een mandaat; bezwaar kan bij { $body }, tot en met { $until }
demo-decided-withdrawn = ingetrokken
demo-deal = { $number }, { $columns ->
    [one] één kolom
   *[other] { $columns } kolommen
}, tot { $until }, { $clauses ->
    [one] één bepaling
   *[other] { $clauses } bepalingen
}; { $state ->
    [offered] aangeboden, te tekenen vóór { $offer }
    [active] door beiden getekend
    [suspended] geschorst
    [revoked] beëindigd door de eigenaar
   *[other] { $state }
}
demo-stopped = het portaal doet het niet; er is niets geschreven
demo-stopped-condition = het portaal doet het niet: “{ $label }” klopt niet meer. Er is niets getekend.
demo-evidence = { $facts }: telt vanaf nu mee
demo-verified = { $deals ->
    [one] de deal, uit één bestand
   *[other] { $deals } deals, elk uit één bestand
}, zonder dit portaal: { $valid ->
    [yes] geldig
   *[no] NIET GELDIG
} ({ $checks } controles: handtekeningen, logboek, sleutels, mandaten, het besluit opnieuw genomen)
demo-differs = Dit kwam anders uit dan het verhaal belooft: { $what }
demo-tamper = En als iemand vals speelt?
demo-tamper-file = Iemand opent het bestand van deal { $number } en laat die lopen tot { $until }.
demo-tamper-owner = De eigenaar doet hetzelfde, en tekent de veranderde deal opnieuw met zijn eigen, echte sleutel. De handtekening klopt.
demo-word-caught = betrapt
demo-caught-signature = { $must }: de handtekening hoort niet bij deze woorden. Eén veranderde letter is genoeg.
demo-caught-log = { $must }: deze deal staat niet in het logboek. Wat in het geheim is getekend, is nooit gepubliceerd en telt dus niet.
demo-caught-other = { $must }: { $what }
demo-caught-more = { $n ->
    [one] Eén controle van de { $all } mislukte.
   *[other] { $n } controles van de { $all } mislukten.
}
demo-end = Wat ervan overblijft
demo-counts = { $stories } verhalen, { $requests } verzoeken, { $deals } deals, { $records } getekende stukken, die alle zeggen dat ze een voorbeeld zijn.
demo-log = Het logboek heeft { $size } regels. Alles hangt aan één getal, de wortel: { $root }
demo-audit = Een auditor las het hele logboek opnieuw: { $findings ->
    [one] één bevinding
   *[other] { $findings } bevindingen
}, { $replayed } besluiten opnieuw genomen met dezelfde uitkomst.
demo-next = Hoe u verdergaat
demo-next-init = maak een eigen portaal
demo-next-test = draai de gevallen van een van deze verhalen
demo-next-check = controleer kant-en-klare voorwaarden, of uw eigen
demo-next-help = al het andere
demo-gone = De tijdelijke map is verwijderd.
demo-telling = de verhalen worden verteld
