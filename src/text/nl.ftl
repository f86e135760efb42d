# Nederlands. Gewone, korte zinnen (B1). Sleutels en variabelen zijn die van en.ftl; een test vergelijkt ze.

## Kleine woorden: datums, lijsten, waarden

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

## De brief met het besluit, en de ontvangst van een verzoek

letter-receipt = Wij hebben uw verzoek ontvangen op { $received }. U hoort uiterlijk op { $last-day } van ons.
letter-body-executor = { $executor }, namens { $body }
letter-number = Besluit { $id }
letter-date = { $date }
letter-to = Aan: { $name }, { $number }
letter-subject = Onderwerp: uw verzoek om “{ $title }”

letter-heading-decision = Ons besluit
letter-granted = Wij wijzen uw verzoek toe.
letter-partly-granted = Wij wijzen een deel van uw verzoek toe.
letter-refused = Wij wijzen uw verzoek af.
letter-no-ground = Wij wijzen uw verzoek af. De wet staat niet toe dat wij u deze gegevens voor dit doel geven ({ $articles }). Andere antwoorden van u veranderen dat niet.
letter-withdrawn = U hebt uw verzoek ingetrokken. Wij hebben het gesloten zonder het te beoordelen.
letter-reason = Onze reden: { $reason }
letter-given = U krijgt deze kolommen: { $columns }.
letter-given-whole = U krijgt de dataset zoals beschreven in de catalogus.
letter-not-given = U krijgt niet: { $columns }, vanwege: { $why }.
letter-not-given-no-ground = U krijgt niet: { $columns }, omdat geen grondslag in de wet daarvoor geldt.
letter-because = { $label } ({ $law })

letter-heading-request = Uw verzoek
letter-request = Wij ontvingen uw verzoek op { $received }, { $channel ->
    [post] per post
    [email] per e-mail
    [counter] aan de balie
    [forwarded] doorgestuurd door een ander orgaan
   *[portal] via het portaal
}. U vroeg om “{ $title }”, voor dit doel: { $purpose }. Niveau van de gegevens: { $level }.
letter-request-columns = U vroeg om deze kolommen: { $columns }.

letter-heading-law = De wet die geldt
letter-law = De wet die over het geven van deze gegevens gaat, is: { $law }. Wij pasten de voorwaarden toe die waren gepubliceerd toen wij besloten. Hun teksten hebben deze controlegetallen:
letter-set = { $level ->
    [portal] voorwaarden van het portaal
    [owner] voorwaarden van de eigenaar
   *[dataset] voorwaarden van de dataset
}: { $digest }

letter-heading-facts = De feiten
letter-facts = Wij besloten op grond van deze feiten.
letter-facts-gone = De feiten worden niet meer bewaard.
letter-fact-declared = { $fact }. Dit hebt u zelf opgegeven; wij hebben het niet gecontroleerd.
letter-fact-verified = { $fact }. Gecontroleerd: { $issuer } verklaart dit.
letter-fact-verified-until = { $fact }. Gecontroleerd: { $issuer } verklaart dit, en het telt { $until }.
letter-fact-uncounted = Bewijs dat niet telt: { $evidence }.

letter-heading-assessment = Hoe wij het beoordeelden
letter-assessment = Aan één van de grondslagen en aan elke voorwaarde moet zijn voldaan. Dit stelden wij vast.
letter-status-met = voldaan
letter-status-on-signing = u hebt dit aanvaard
letter-status-review = de goedkeuring die nodig is, is niet gegeven
letter-status-unknown = niet aangetoond
letter-status-not-met = niet voldaan
letter-ground = Grondslag: { $label } ({ $law }): { $status }.
letter-condition = Voorwaarde: { $label } ({ $law }): { $status }.
letter-seen = Wij zagen: { $seen }.
letter-missing = Wat ontbrak: { $needs }.
letter-wishes = Wat helpt: { $wishes }.
letter-hint = Wat u kunt doen: { $hint }

letter-heading-advice = Advies en goedkeuringen
letter-no-advice = Er is geen goedkeuring door een persoon gegeven.
letter-advice = Deze personen of commissies keurden het goed:

letter-heading-weighing = Horen en belangen
letter-weighing = Wij besloten op grond van wat u in uw verzoek opgaf en van het bewijs daarbij. Daarom hebben wij u niet apart gehoord. De belangen van de mensen over wie de gegevens gaan, van anderen met rechten op de gegevens en van hergebruikers zijn gewogen toen de voorwaarden werden gemaakt. Wij kennen geen bijzondere omstandigheden waarvoor wij daarvan moeten afwijken. Zijn die er wel? Noem ze dan in een bezwaar.

letter-heading-who = Wie besloot
letter-who-automatic = Dit besluit is automatisch genomen, volgens de gepubliceerde voorwaarden. { $official } is er verantwoordelijk voor. U kunt de voorwaarden op het portaal lezen en uitproberen, en een persoon om uitleg vragen.
letter-who-mandate = Dit besluit is door een persoon genomen: { $function }, op grond van het mandaat met controlegetal { $digest }. Dat mandaat staat in het logboek van het portaal.
letter-who-register = Dit besluit is door een persoon genomen: { $function }, op grond van het register: { $entry }.

letter-heading-time = Tijd
letter-time = Uw verzoek kwam binnen op { $received }. Wij moesten uiterlijk op { $last-day } besluiten. Wij besloten op { $decided }, en maakten het besluit bekend op { $announced }, { $channel ->
    [post] per post
    [email] per e-mail
    [counter] aan de balie
   *[portal] via het portaal
}.
letter-time-withdrawn = Uw verzoek kwam binnen op { $received }. U trok het in, en wij sloten het op { $decided }.
letter-time-late = Dat was te laat. Daarvoor bieden wij onze excuses aan. Het verandert het besluit niet.

letter-heading-fee = Vergoeding
letter-fee = { $label }: { $tariff }.
letter-no-fee = U betaalt geen vergoeding.

letter-heading-next = Hoe het verder gaat
letter-next-granted = Wij sturen u een overeenkomst, de datadeal. Daarin staan de bepalingen die uit de voorwaarden komen. Als wij beiden hebben getekend, krijgt u de gegevens zo snel mogelijk. Wij laten u weten vanaf welke dag.
letter-next-offer = De overeenkomst, de datadeal, ligt voor u klaar. U kunt die ondertekenen { $offer }. Als wij beiden hebben getekend, krijgt u de gegevens zo snel mogelijk. Wij laten u weten vanaf welke dag.
letter-next-refused = U kunt altijd een nieuw verzoek indienen. Het kan worden toegewezen als het aan de voorwaarden hierboven voldoet.
letter-next-no-ground = Alleen de wetgever, of wie van de wet die bevoegdheid kreeg, kan dit veranderen.
letter-next-withdrawn = U kunt altijd een nieuw verzoek indienen.
letter-alternatives = Wat u in plaats daarvan kunt gebruiken:
letter-alternative = { $alternative }: { $iri }

letter-heading-publication = Openbaarheid
letter-publication = Wij publiceren de hoofdpunten van dit besluit: datum, dataset, doel, grondslag en uitkomst. Wij noemen daar geen natuurlijke personen.

letter-heading-objection = Als u het niet eens bent
letter-objection = Bent u het niet eens met dit besluit? U kunt bezwaar maken bij { $body }, uiterlijk op { $until }. Dat kan via { $web } of met een brief aan hetzelfde orgaan. Noem uw naam en adres, de datum, dit kenmerk: { $id }, en waarom u het niet eens bent. Onderteken uw bezwaar. Het kost niets. Intussen blijft het besluit gelden. Kunt u niet wachten, vraag dan de voorzieningenrechter van de rechtbank om een voorlopige voorziening.

letter-heading-signature = Ondertekening
letter-signature = Deze brief vertelt wat in een ondertekend record staat. Het logboek van het portaal heeft een vermelding van dat record. De handtekening heeft het niveau “{ $level ->
    [advanced] geavanceerd (naar eigen zeggen)
   *[simple] gewoon
}”. Wie het record heeft, kan het nagaan zonder in te loggen: datadeal verify BESTAND --log-key SLEUTEL. U kunt om een kopie op papier vragen.

# ---- opdrachtregel: verzoeken, deals, controle, audit

request-is = Verzoek { $id }: { $state }
request-none = Er zijn geen verzoeken die u mag zien.
request-state-incomplete = feiten ontbreken
request-state-review = in beoordeling
request-state-draft = te bevestigen
request-state-ready = klaar om toe te kennen
request-state-granted = toegekend
request-state-partly-granted = deels toegekend
request-state-refused = afgewezen
request-state-no-ground = geen grondslag
request-state-withdrawn = ingetrokken

deal-is = Datadeal { $number } ({ $id }): { $title } - { $state }, tot { $until }
deal-none = Er zijn geen datadeals die u mag zien.
deal-state-offered = aangeboden
deal-state-lapsed = aanbod vervallen
deal-state-active = van kracht
deal-state-suspended = opgeschort
deal-state-revoked = ingetrokken
deal-state-expired = beëindigd
deal-bundle-written = Alles wat nodig is om na te gaan staat in { $file }.

verify-valid = GELDIG: deze datadeal is echt, en is beslist volgens de voorwaarden die erin staan.
verify-invalid = NIET GELDIG: er is iets veranderd, of gedaan door wie dat niet mag.
verify-incomplete = ONBESLIST: niets is fout, maar niet alles wat nodig is werd gegeven.
verify-passed = { $count ->
    [one] 1 controle slaagde.
   *[other] { $count } controles slaagden.
}
verify-failed = FOUT      
verify-not-given = ONTBREEKT
verify-vouched = Wie voor de sleutels instaat:
verify-unseen = Wat dit niet kan laten zien:

audit-clean = Er is niets mis.
audit-findings = { $count ->
    [one] 1 bevinding.
   *[other] { $count } bevindingen.
}
audit-log = Het logboek: { $entries } vermeldingen, { $records } records gelezen, handtekeningen en bewijzen nagegaan.
audit-cases = Verzoeken: { $requests }, waarvan { $ended } beëindigd en { $overdue } te laat.
audit-replayed = Besluiten: { $replayed } opnieuw beslist, { $erased } met gewiste invoer. Datadeals nagegaan: { $deals }.

replay-same = Opnieuw beslist: { $outcome }, dezelfde bytes als in het record.
replay-differs = Opnieuw beslist, en het verschilt
replay-versions = Toen beslist door Cedar { $then }, nu door Cedar { $now }.
erase-done = { $count ->
    [one] 1 document is gewist
   *[other] { $count } documenten zijn gewist
}. Het wissen staat in het logboek: { $id }. Ondertekende records blijven zoals ze zijn.
