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
say-wish-not-all = { $label }: niet { $values } samen
say-wish-not-within = { $label }: niet { $values }, en geen doel dat daaronder valt
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
say-uncounted-fact = het noemt een feit dat niet in het schema staat
say-uncounted-reason = het is een bevestiging zonder reden of persoon
say-uncounted-issuer = wie het afgaf, staat voor dit feit niet op de vertrouwenslijst
say-uncounted-holder = wie het inleverde toonde niet de sleutel waaraan het is gebonden
say-uncounted-not-yet = het is nog niet geldig
say-uncounted-lapsed = het is niet meer geldig
say-uncounted-revoked = het is ingetrokken, of waar het op rust is geëindigd
say-uncounted-suspended = het is geschorst
say-uncounted-status = of het is ingetrokken kan nu niet worden nagegaan
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
explain-no-ground-some = Nee, niet alles wat u vraagt. De wet staat niet toe dat wij u deze kolommen voor dit doel geven: { $columns }. Vraag zonder deze.
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

## Wat mag ik gebruiken?

eligible-totals = U kunt { $now ->
    [one] 1 dataset
   *[other] { $now } datasets
} nu gebruiken, { $after } na wat nog ontbreekt, en { $not } niet.
eligible-now = Dit kunt u nu gebruiken
eligible-after = Dit kunt u gebruiken na wat nog ontbreekt, of met minder kolommen
eligible-not = Dit kunt u niet gebruiken
eligible-dataset = { $title } [{ $slug }]
eligible-open = Open, onder de licentie { $licence }. Een datadeal is niet nodig.
eligible-open-without-licence = Open. Een datadeal is niet nodig.
eligible-none-published = De eigenaar heeft geen voorwaarden gepubliceerd.
eligible-no-ground = De wet geeft voor u en dit doel geen mogelijkheid.
eligible-sign = U tekent dan voor: { $rules }
eligible-failing = Niet voldaan: { $rules }
eligible-columns = Vraag alleen deze kolommen: { $columns }
eligible-instead = In plaats daarvan: { $alternative }: { $iri }
eligible-faulty = Van { $n ->
    [one] 1 dataset
   *[other] { $n } datasets
} is het niet te zeggen, omdat voorwaarden niet te beoordelen zijn: { $names }. De beheerder moet dit herstellen.

## Datasets vinden

facets-total = { $n ->
    [one] 1 dataset
   *[other] { $n } datasets
}
facets-access = Toegang: { $values }
facets-automatic = Zonder dat een persoon beslist: { $values }
facets-owner = Eigenaar: { $values }
facets-theme = Thema: { $values }
facets-format = Formaat: { $values }
facets-more = nog { $n }
facets-none = Geen dataset past hierbij.
facets-yes = ja
facets-no = nee

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
letter-on-objection = U maakte bezwaar tegen een eerder besluit op dit verzoek. { $outcome ->
        [upheld] Uw bezwaar is gegrond. Wij besluiten opnieuw. Dit besluit komt in de plaats van het eerdere.
        [rejected] Uw bezwaar is ongegrond. Het eerdere besluit blijft zoals het is.
        [inadmissible] Uw bezwaar is niet-ontvankelijk. Het eerdere besluit blijft zoals het is.
       *[withdrawn] U hebt uw bezwaar ingetrokken. Het eerdere besluit blijft zoals het is.
    }
letter-not-considered = Wij nemen uw verzoek niet in behandeling. Wij vroegen u om het aan te vullen, en de tijd daarvoor is voorbij (Algemene wet bestuursrecht art. 4:5).
letter-forwarded = Uw verzoek gaat over gegevens van een ander orgaan. Wij hebben het doorgestuurd naar: { $to } (Algemene wet bestuursrecht art. 2:3).
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
letter-request-completed = U vulde het aan op { $completed }.
letter-request-period = U vroeg om gegevens vanaf { $from } { $until }.
letter-request-from = U vroeg om gegevens vanaf { $from }.
letter-request-until = U vroeg om gegevens { $until }.
letter-request-editions = U vroeg om deze edities: { $editions }.
letter-request-linkage = U wilt ze koppelen aan: { $linkage }.
letter-request-volume = U vroeg om hooguit { $volume } vragen of records per dag.
letter-request-term = U vroeg om ze te gebruiken gedurende { $term }.

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
letter-fact-declared = { $fact }. Dit gaf u zelf op, op { $stated }; wij hebben het niet gecontroleerd.
letter-fact-verified = { $fact }. Gecontroleerd: { $issuer } verklaart dit.
letter-fact-verified-from = { $fact }. Gecontroleerd: { $issuer } verklaart dit; het telt vanaf { $from } { $until }.
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
letter-advice = Wij vroegen deze personen of commissies. Dit vonden zij:
letter-approved = { $label }: goedgekeurd door { $function }. De reden: { $reason }
letter-not-approved = { $label }: niet goedgekeurd door { $function }. De reden: { $reason }

letter-heading-terms = Bepalingen die wij toevoegen
letter-terms = Naast de voorwaarden gelden deze bepalingen:
letter-term = { $clause } Reden: { $reason } ({ $law }).

letter-heading-weighing = Horen en belangen
letter-heard-request = Wij besloten op grond van wat u in uw verzoek opgaf en van het bewijs daarbij. Daarom hebben wij u niet apart gehoord.
letter-heard-completed = Wij besloten op grond van wat u in uw verzoek en bij de aanvulling opgaf en van het bewijs daarbij. Daarom hebben wij u niet apart gehoord.
letter-heard-objection = Wij besloten op grond van uw verzoek zoals het nu is, van het bewijs daarbij en van de redenen in uw bezwaar.
letter-heard-views = Wij vroegen anderen die belang hebben bij deze gegevens om hun zienswijze. Intussen stond de termijn stil.
letter-interests = De belangen van de mensen over wie de gegevens gaan, van anderen met rechten op de gegevens en van hergebruikers zijn gewogen toen de voorwaarden werden gemaakt.
letter-circumstances = Wij zijn daarvan niet afgeweken. Zijn er bijzondere omstandigheden waarvoor wij dat wel moeten doen? Noem ze dan in een bezwaar.
letter-circumstances-objection = Op wat u in uw bezwaar noemde, gaat onze reden hierboven in.

letter-heading-who = Wie besloot
letter-who-automatic = Dit besluit is automatisch genomen, volgens de gepubliceerde voorwaarden. { $official } is er verantwoordelijk voor. U kunt de voorwaarden op het portaal lezen en uitproberen, en een persoon om uitleg vragen.
letter-who-mandate = Dit besluit is door een persoon genomen: { $function }, op grond van het mandaat met controlegetal { $digest }. Dat mandaat staat in het logboek van het portaal.
letter-who-published = Dat mandaat vindt u hier: { $published }.
letter-questions = Hebt u vragen? Stel ze hier: { $contact }.
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
letter-time-sum = Zo hebben wij de laatste dag gevonden:
letter-step-term = De termijn is { $length } ({ $law }): de laatste dag is { $last-day }.
letter-step-stood-still = De termijn stond { $length } stil ({ $law }): de laatste dag is { $last-day }.
letter-step-extended = De termijn is verlengd met { $length } ({ $law }): de laatste dag is { $last-day }.
term-days = { $n ->
        [one] 1 dag
       *[other] { $n } dagen
    }
term-weeks = { $n ->
        [one] 1 week
       *[other] { $n } weken
    }
term-months = { $n ->
        [one] 1 maand
       *[other] { $n } maanden
    }

letter-heading-fee = Vergoeding
letter-fee = { $label }: { $tariff }.
letter-no-fee = U betaalt geen vergoeding.

letter-heading-next = Hoe het verder gaat
letter-next-granted = Wij sturen u een overeenkomst, de datadeal. Daarin staan de bepalingen die uit de voorwaarden komen. Als wij beiden hebben getekend, krijgt u de gegevens zo snel mogelijk. Wij laten u weten vanaf welke dag.
letter-next-offer = De overeenkomst, de datadeal, ligt voor u klaar. U kunt die ondertekenen { $offer }. Als wij beiden hebben getekend, krijgt u de gegevens zo snel mogelijk. Wij laten u weten vanaf welke dag.
letter-next-refused = U kunt altijd een nieuw verzoek indienen. Het kan worden toegewezen als het aan de voorwaarden hierboven voldoet.
letter-next-no-ground = Alleen de wetgever, of wie van de wet die bevoegdheid kreeg, kan dit veranderen.
letter-next-withdrawn = U kunt altijd een nieuw verzoek indienen.
letter-next-forwarded = U hoort van dat orgaan. Zijn termijn begint op de dag waarop het uw verzoek ontvangt.
letter-alternatives = Wat u in plaats daarvan kunt gebruiken:
letter-alternative = { $alternative }: { $iri }

letter-heading-publication = Openbaarheid
letter-publication = Wij publiceren de hoofdpunten van dit besluit: datum, dataset, doel, grondslag en uitkomst. Wij noemen daar geen natuurlijke personen.

letter-heading-objection = Als u het niet eens bent
letter-objection = Bent u het niet eens met dit besluit? U kunt bezwaar maken bij { $body }, uiterlijk op { $until }. Dat kan via { $web } of met een brief aan hetzelfde orgaan. Noem uw naam en adres, de datum, dit kenmerk: { $id }, en waarom u het niet eens bent. Onderteken uw bezwaar. Het kost niets. Intussen blijft het besluit gelden. Kunt u niet wachten, vraag dan de voorzieningenrechter van de rechtbank om een voorlopige voorziening.
letter-appeal = Bent u het niet eens met dit besluit op uw bezwaar? Dan kunt u beroep instellen bij de rechtbank, uiterlijk op { $until }. Noem uw naam en adres, de datum, dit kenmerk: { $id }, en waarom u het niet eens bent, en stuur een kopie van dit besluit mee. De rechtbank vraagt griffierecht. Intussen blijft het besluit gelden. Kunt u niet wachten, vraag dan de voorzieningenrechter van die rechtbank om een voorlopige voorziening.

letter-heading-signature = Ondertekening
letter-signature = Deze brief vertelt wat in een ondertekend record staat. Het logboek van het portaal heeft een vermelding van dat record. De handtekening heeft het niveau “{ $level ->
    [advanced] geavanceerd (naar eigen zeggen)
   *[simple] gewoon
}”. Wie het record heeft, kan het nagaan zonder in te loggen: datadeal verify BESTAND --log-key SLEUTEL. U kunt om een kopie op papier vragen.

## De brief over een stap in het leven van een deal

letter-step-title = Over data deal { $number }
letter-step-subject = “{ $title }”
letter-step-provider = Verstrekker: { $name }, { $number }
letter-step-reuser = Hergebruiker: { $name }, { $number }
letter-step-record = Kenmerk: { $id }, van { $at }
letter-step-heading-what = Wat er gebeurt
letter-step-intend = De verstrekker is van plan data deal { $number } in te trekken. De hergebruiker kan een zienswijze geven { $until }. Tot dan loopt de deal door zoals hij was.
letter-step-drop = De verstrekker is niet meer van plan data deal { $number } in te trekken. De deal loopt door zoals hij was.
letter-step-suspend = Data deal { $number } is opgeschort vanaf { $from }, tot de verstrekker de deal weer laat lopen.
letter-step-resume = Data deal { $number } loopt weer vanaf { $from }.
letter-step-revoke = Data deal { $number } is ingetrokken vanaf { $from }.
letter-step-revoke-danger = Data deal { $number } is ingetrokken vanaf { $from }. Dat is meteen gedaan, wegens gevaar: er was geen tijd om de hergebruiker eerst te horen.
letter-step-end = De hergebruiker heeft data deal { $number } opgezegd. De deal eindigt op { $from }.
letter-step-heading-why = Waarom
letter-step-reason = { $reason }
letter-step-heading-view = De zienswijze van de hergebruiker
letter-step-view = De hergebruiker gaf een zienswijze. Die is meegewogen, en staat op het portaal in het dossier.
letter-step-heading-copies = Wat er met de gegevens gebeurt
letter-step-hold = Tijdens de opschorting bewaart de hergebruiker de gegevens veilig, en gebruikt ze niet.
letter-step-delete = De hergebruiker gebruikt de gegevens niet meer. Hij wist ze met alle kopieën, en bevestigt dat schriftelijk binnen dertig dagen. Resultaten die al gemaakt en gepubliceerd zijn, blijven. Wat de hergebruiker volgens de wet moet bewaren, bewaart hij zo lang als de wet zegt.

## Logboek, getuige, reservekopie

log-proved = Bewezen: regel { $index } staat in het logboek van { $size } regels: { $file }
log-exported = { $files } bestanden geschreven. In { $folder } staat nu het hele logboek: { $size } regels.
log-cosigned = De stand van { $size } regels is bewaard met de medeondertekening van { $names }. Bundels en bewijzen nemen die mee.
log-restarted =
    Het oude logboek is opgegeven; het mag nooit meer tekenen.
    Het nieuwe logboek heet { $origin }. Het heeft { $size } regels, waarvan { $kept } uit het oude.
    De eerste regel noemt de laatst bekende stand van het oude logboek, van { $known } regels.
    Geef deze sleutel aan iedereen die controleert: { $key }
    De oude database is bewaard: { $old }
log-restart-lost = { $lost ->
    [one] Eén regel die anderen hebben gezien, ontbreekt hier. Zoek die in een nieuwere reservekopie of bij wie het document heeft.
   *[other] { $lost } regels die anderen hebben gezien, ontbreken hier. Zoek ze in een nieuwere reservekopie of bij wie de documenten heeft.
}
witness-made =
    Een nieuwe getuige. Geef deze sleutel aan het logboek en aan iedereen die controleert: { $key }
    Het geheugen staat in { $folder }. Zet het nooit terug uit een reservekopie: een getuige die vergeet, kan een tweede geschiedenis bevestigen.
backup-made =
    Een kopie van dit moment staat in { $file }: { $size } regels in het logboek.
    De geheime sleutels zitten er niet in. Bewaar { $keys } apart, en houd die map geheim.
backup-copying = kopiëren
restore-made =
    De kopie staat weer in { $folder }: { $size } regels in het logboek.
    Voordat er iets wordt getekend, wordt het logboek vergeleken met { $head }. Dat bestand zit niet in een reservekopie.
restore-keys = De geheime sleutels zitten niet in een reservekopie: zet ze terug in { $keys }.

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
request-state-not-considered = niet in behandeling genomen
request-state-forwarded = doorgestuurd naar een ander orgaan
request-state-fault = kan nu niet worden beoordeeld

deal-is = Datadeal { $number } ({ $id }): { $title } - { $state }, tot { $until }
deal-none = Er zijn geen datadeals die u mag zien.
deal-state-offered = aangeboden
deal-state-lapsed = aanbod vervallen
deal-state-upcoming = aanvaard, nog niet begonnen
deal-state-active = van kracht
deal-state-suspended = opgeschort
deal-state-revoked = ingetrokken
deal-state-ended = opgezegd door de hergebruiker
deal-state-superseded = opgevolgd door een andere deal
deal-state-expired = beëindigd
deal-bundle-written = Alles wat nodig is om na te gaan staat in { $file }.
deal-words-unknown = De woorden van deze deal zijn van een sjabloon dat deze versie van het programma niet heeft. Gebruik de versie die de deal aanbood.
deal-signed = De aanvaarding is getekend: { $file }. Lever haar binnen een week in, zolang het aanbod geldt.
deal-monitored = { $looked ->
    [one] Eén lopende deal is opnieuw beoordeeld.
   *[other] { $looked } lopende deals zijn opnieuw beoordeeld.
}
deal-monitored-changed = { $number } met { $reuser }: van { $before } naar { $after } ({ $failing }); hij is nu { $state }
deal-monitored-undecided = { $deal } kan niet opnieuw worden beoordeeld: { $why }
deal-status-written = De getekende lijsten van ingetrokken en geschorste deals staan in { $file }. Ze gelden zeven dagen.

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
## Voorwaarden in gewone woorden

terms-grounds = Grondslagen in de wet (één is genoeg)
terms-entry = Wat vooraf waar moet zijn
terms-promise = Wat u belooft door te ondertekenen
terms-duty = Wat u moet doen
terms-delivery = Hoe u de gegevens krijgt
terms-fee = Wat het kost
terms-met = Er wordt niets gevraagd: deze dataset bevat niet wat deze voorwaarde beschermt.
terms-never = Niemand kan hier voor deze dataset aan voldoen.
terms-barred = Niet te krijgen: { $columns }
terms-columns = Voor de kolommen: { $columns }
terms-looks-at = Kijkt naar: { $needs }
terms-counts = Wat telt: { $wishes }

## Opdrachtregel: partijen, publicatie, wat wordt gevraagd

cli-none-yet = Nog geen.
cli-head-organisation = Organisatie
cli-head-name = Naam
cli-head-person = Persoon
cli-head-function = Functie
cli-head-roles = Rollen
cli-head-key = Sleutel
cli-head-state = Stand
cli-head-held = Beheerd door
cli-head-uses = Tekent
cli-head-powers = Mag
cli-head-mandate = Mandaat
cli-head-valid = Geldig
cli-head-body = Namens
cli-head-datasets = Datasets
cli-head-facts = Feiten
cli-head-kinds = Soorten bewijs
cli-head-from = Vanaf
cli-head-until = Tot
cli-head-fact = Feit
cli-head-value = Waarde
cli-head-issuer = Afgegeven door
cli-head-counts = Telt nu
cli-head-dataset = Dataset
cli-head-access = Toegang
cli-head-title = Titel
cli-head-owner = Eigenaar
cli-head-edition = Edities
cli-head-first = Eerst
cli-head-last = Laatst
cli-head-columns = Kolommen
cli-head-decided = Besloten
cli-head-result = Uitkomst
cli-head-addressee = Aan
register-withheld = niet openbaar
cli-init-done = Het portaal staat klaar in { $dir }.
cli-init-operator = Beheerder: { $name } ({ $id })
cli-init-person = Persoon: { $person }. Handel als deze persoon met --as { $person }
cli-init-log-key = De sleutel van het logboek. Geef die aan iedereen die stukken moet controleren; meer hebben zij van u niet nodig:
cli-init-keys = De geheime sleutels staan in { $dir }. Ze zitten in geen enkele reservekopie: bewaar zelf een kopie op een veilige plek.
cli-init-notice = Elk stuk vermeldt: { $notice }
cli-org-added = Toegevoegd: { $name } ({ $id }).
cli-person-added = Toegevoegd: { $person }, die handelt voor { $organisation } als { $roles }.
cli-person-roles = { $person } heeft vanaf nu deze rollen: { $roles }.
cli-person-blocked = { $person } is geblokkeerd en kan vanaf nu niets meer. Mandaten blijven bestaan tot ze worden ingetrokken: datadeal mandate list.
cli-person-unblocked = { $person } mag weer wat bij de rollen hoort.
cli-person-state = geblokkeerd sinds { $date }
cli-person-blocked-by = Geblokkeerd door { $by }: { $reason }
cli-person-authorised = { $person } bindt zijn organisatie: { $authority }.
cli-mandate-given = { $person } ({ $function }) mag nu handelen namens { $body }: { $powers }, { $until }.
cli-mandate-withdrawn = { $person } mag niet langer handelen namens { $body }: { $powers }. Wat eerder is gedaan blijft geldig.
cli-mandate-no-role = { $person } heeft niet de rol reviewer of owner-admin en kan dit nog niet gebruiken.
cli-power-decide = beslissen over verzoeken en datadeals
cli-all-datasets = alle van de eigenaar
cli-state-later = vanaf { $date }
cli-state-withdrawn = ingetrokken op { $date }
cli-state-ended = geëindigd op { $date }
cli-key-stated = Nieuwe sleutel van { $name }: { $key }. Hiermee wordt getekend: { $uses }.
cli-key-in-file = De geheime sleutel staat in { $file }, en nergens anders. Bewaar hem goed: hij kan niet opnieuw worden gemaakt.
cli-key-in-service = De dienst beheert de geheime sleutel, in { $file }.
cli-key-counts = telt
cli-key-revoked = ingetrokken
cli-held-own = organisatie
cli-held-service = dienst
cli-log-key = Sleutel van het logboek, voor wie controleert
cli-key-of = { $name } ({ $id })
cli-trust-drafted = In het concept: bewijs van { $name } telt voor { $facts }, als { $kinds }. Het telt zodra de lijst is gepubliceerd.
cli-trust-removed = Uit het concept gehaald: { $key }. Het bewijs telt tot de lijst is gepubliceerd.
cli-trust-version = Vertrouwenslijst, versie { $version }
cli-trust-none = Er is geen vertrouwenslijst gepubliceerd. Daarom telt nog geen enkel bewijs.
cli-trust-draft = Concept, niet van kracht
cli-trust-published = Versie { $version } van de vertrouwenslijst is gepubliceerd, met { $n ->
    [one] één uitgever van bewijs
   *[other] { $n } uitgevers van bewijs
}.
cli-evidence-added = Bewijs toegevoegd voor { $organisation }: { $fact }.
cli-evidence-counts = Het telt nu.
cli-evidence-not = Het telt nu niet: { $reason }.
cli-evidence-no = nee: { $reason }
cli-schema-published = Het schema { $digest } is gepubliceerd en van kracht.
cli-about-organisation = Feiten over de organisatie
cli-about-request = Feiten over één verzoek
cli-purposes = Doelen
cli-approvals = Goedkeuringen
cli-themes = Onderwerpen van voorwaarden
cli-fact-type = { $type }
cli-fact-line = { $name }: { $label } ({ $type })
cli-fact-by = , bewijs: { $kinds }
cli-fact-proof = Bewijs: { $proof } ({ $kinds }).
cli-fact-no-proof = Er is geen bewijs voor: wat de organisatie zegt, telt.
cli-kind-registry = het antwoord van een register
cli-kind-credential = een ondertekende verklaring
cli-kind-confirmation = een bevestiging door een persoon
cli-kind-decision = een eerder besluit
cli-type-text = tekst
cli-type-number = geheel getal
cli-type-flag = true (ja) of false (nee)
cli-type-instant = tijdstip, zoals 2027-01-01T00:00:00Z
cli-type-word = één woord uit een lijst
cli-type-texts = lijst van teksten
cli-type-words = woorden uit een lijst
cli-type-record = delen die bij elkaar horen
cli-man-written = { $n ->
    [one] Eén bladzijde
   *[other] { $n } bladzijden
} in { $dir }.
cli-datasets-added = { $n ->
    [one] Eén dataset toegevoegd
   *[other] { $n } datasets toegevoegd
}
cli-access-open = open
cli-access-conditions = onder voorwaarden
cli-access-closed = gesloten
cli-show-access = Toegang: { $value }
cli-show-licence = Licentie: { $value }
cli-show-owner = Eigenaar: { $value }
cli-show-body = Namens: { $value }
cli-show-executor = Uitgevoerd door: { $value }
cli-show-law = Wet: { $value }
cli-show-id = IRI: { $value }
cli-show-embargo = Wordt niet gegeven vóór { $value }
cli-show-decides = Wie beslist
cli-show-columns = Kolommen ({ $n })
cli-decides-automatic = Er is geen goedkeuring nodig: wie aan de voorwaarden voldoet, krijgt meteen een ja.
cli-decides-person = { $function }, namens { $body }: { $powers }, { $until }
cli-refusals-automatic = Een nee wordt meteen gegeven.
cli-refusals-person = Een nee wordt door een persoon bevestigd.
cli-last-day = Als u vandaag vraagt, moet er uiterlijk op { $date } een antwoord zijn.
cli-objection = U kunt bezwaar maken binnen { $weeks ->
    [one] één week
   *[other] { $weeks } weken
} bij { $body }: { $web }
cli-set-published = { $name } is gepubliceerd en van kracht ({ $id }).
cli-set-published-later = { $name } is gepubliceerd en wordt van kracht op { $moment } ({ $id }).
cli-conditions-of = Voorwaarden van “{ $title }”
cli-set-portal = Het portaal
cli-set-owner = De eigenaar
cli-set-dataset = Deze dataset
cli-set-line = { $whose }: versie { $version }, van kracht sinds { $date }
cli-set-next = Een nieuwe versie begint op { $moment }.
cli-facts-head = Feiten voor “{ $title }” ({ $dataset }).
cli-facts-how = Vul in wat waar is, haal de twee strepen voor die regel weg, en vraag:
cli-facts-applicant = Wie u bent, met register en nummer. Zonder dit telt geen bewijs.
cli-facts-purpose = Waarvoor u de gegevens wilt gebruiken: één doel.
cli-facts-scope = Wat u vraagt. Velden die u niet nodig hebt, kunnen zo blijven staan.
cli-facts-read = { $label } (een voorwaarde leest dit)
cli-facts-all-columns = Geen genoemd betekent: alle.
cli-facts-some-columns = Genoemd zijn de kolommen die samen te krijgen zijn. Niet daarbij: { $columns }.
cli-facts-no-columns = De kolommen van deze dataset zijn niet bekend.
cli-facts-declared = Wat u zegt. Laat weg wat u nog niet weet: de uitkomst zal het noemen.
cli-facts-evidence = Bewijs: de ondertekende documenten, in hun geheel, tussen de haken. Wat bij het portaal in uw dossier zit, telt ook als u als uzelf vraagt (--as). Voorwaarden vragen bewijs van:
cli-facts-no-evidence = Bewijs: geen enkele voorwaarde vraagt erom.
cli-facts-declined = Wat u niet aanvaardt. Alles geldt als aanvaard, behalve wat u hier noemt:
cli-facts-nothing-declined = Wat u niet aanvaardt. Er is niets om af te wijzen.
cli-facts-approvals = Als dit alles klopt, moet nog iemand het goedkeuren: { $approvals }.
cli-facts-open = Deze dataset is open. U hebt geen feiten nodig: gebruik hem onder zijn licentie.
cli-set-preview = Er is niets gepubliceerd. { $name } kan nu worden gepubliceerd; dit zou het veranderen.

## Wat een nieuwe versie van voorwaarden verandert

diff-first = Dit is de eerste versie. Zij heeft { $n ->
    [one] één grondslag of voorwaarde
   *[other] { $n } grondslagen en voorwaarden
}.
diff-head = Versie { $version }, vergeleken met versie { $before } van { $date }
diff-rules-none = Geen grondslag of voorwaarde is anders.
diff-rule = { $change ->
    [added] nieuw
    [removed] vervallen
   *[changed] gewijzigd
}: { $label } ({ $id })
diff-rule-parts = anders zijn: { $parts }
diff-part = { $part ->
    [kind] de soort
    [asked] of het per kolom wordt gevraagd
    [body] wat wordt getoetst
    [label] opschrift
    [hint] aanwijzing
    [clause] bepaling in de overeenkomst
    [legalBasis] grondslag in de wet
    [due] termijn
    [tariff] tarief
    [theme] thema
   *[layout] alleen de opmaak
}
diff-rule-meaning = { $meaning ->
    [same] staat precies hetzelfde toe als eerst
    [stricter] kan alleen minder toestaan
    [looser] kan alleen meer toestaan
   *[open] wat dit toestaat, hangt af van de vraag
}
diff-meaning = Voor elke vraag: { $meaning ->
    [same] precies hetzelfde mag als eerst.
    [stricter] niets mag wat eerst niet mocht.
    [looser] alles wat eerst mocht, mag nog steeds.
   *[open] dit is uit de tekst alleen niet te zeggen; kijk naar de bewaarde voorbeelden.
}
diff-cases-unknown = Geen bewaard voorbeeld kon aan beide versies worden voorgelegd.
diff-cases-same = { $total ->
    [one] Het ene bewaarde voorbeeld houdt zijn antwoord.
   *[other] Alle { $total } bewaarde voorbeelden houden hun antwoord.
}
diff-cases = { $changed } van de { $total } bewaarde voorbeelden { $changed ->
    [one] verandert
   *[other] veranderen
}:
diff-case = { $name }: van { $before } naar { $after }
diff-answer = { $outcome ->
    [permit] toegestaan
    [review] in beoordeling
    [incomplete] onvolledig
    [deny] geweigerd
   *[no_ground] geen grondslag
}
diff-answer-because = { $answer } ({ $ids })
diff-columns-before = kolommen eerst: { $columns }
diff-columns-after = kolommen nu: { $columns }
diff-no-columns = geen
diff-cases-not-asked = Deze bewaarde voorbeelden konden niet aan beide versies worden voorgelegd:
diff-case-not-asked = { $name }: { $why }
diff-deals-none = Er zijn geen lopende deals onder deze voorwaarden.
diff-deals-same = { $live ->
    [one] De ene lopende deal houdt zijn antwoord.
   *[other] Alle { $live } lopende deals houden hun antwoord.
}
diff-deals = { $changed } van de { $live } lopende deals { $changed ->
    [one] zou
   *[other] zouden
} nu een ander antwoord krijgen, op wat bekend was bij het besluit op het verzoek:
diff-deal = { $number } met { $reuser }: van { $before } naar { $after }, { $id }
diff-deals-more = en nog { $n }
diff-deals-hidden = U mag niet zien welke dit zijn.
diff-deals-stand = Een nieuwe versie beëindigt geen deal: zij gelden tot hun einde of tot zij worden ingetrokken.
diff-deals-not-decided = Niet opnieuw beslist, omdat de invoer is gewist of niet kan worden getoetst: { $n ->
    [one] één deal
   *[other] { $n } deals
}.
diff-text-same = De tekst is dezelfde.
diff-text = De tekst:

catalogue-title = Datasets bij { $name }
catalogue-description = De datasets die { $name } bekendmaakt, en de voorwaarden waaronder ze mogen worden hergebruikt.
export-written = { $n ->
    [one] Een dataset geschreven naar { $file }
   *[other] { $n } datasets geschreven naar { $file }
}
export-missing = Het profiel vraagt dit, en niemand zei het:
export-left-out = Wel gezegd, maar zonder plaats in het profiel:
export-unsaid = Niet of niet geheel in ODRL te zeggen; de Cedar-tekst geldt:
draft-written = Een concept geschreven naar { $file }. Vul in wat het openlaat.

# een catalogus van anderen
cli-import-reads = catalogus lezen
cli-import-compares = vergelijken
cli-import-words = Vindbaar maken op hun woorden
cli-import-same = { $source } is zoals bij de vorige import: niets nieuws.
cli-import-preview = { $n ->
    [one] Voorbeeld van { $source }: één beschrijving gelezen
   *[other] Voorbeeld van { $source }: { $n } beschrijvingen gelezen
}
cli-import-applied = { $n ->
    [one] Import van { $source }: één beschrijving gelezen
   *[other] Import van { $source }: { $n } beschrijvingen gelezen
}
cli-import-counts = { $new } nieuw, { $changed } gewijzigd, { $gone } verdwenen, { $same } ongewijzigd
cli-import-new = Nieuw:
cli-import-changed = Gewijzigd:
cli-import-gone = Niet meer in de catalogus (gemerkt als verdwenen, nooit verwijderd):
cli-import-skipped = Niet overgenomen:
cli-import-findings = Om naar te kijken:
cli-import-faults = Niet gelezen:
cli-import-more = en nog { $n }; --json toont de hele lijst
cli-import-version = andere versie: voorwaarden lezen wat is gewijzigd
cli-import-none = niets
cli-import-part = Niet de hele catalogus kon worden gelezen; daarom geldt niets als verdwenen.
cli-import-unmapped = { $n ->
    [one] Eén uitspraak heeft hier geen eigen plaats; zij wordt bij de dataset bewaard.
   *[other] { $n } uitspraken hebben hier geen eigen plaats; zij worden bij de datasets bewaard.
}
cli-import-beside = { $n ->
    [one] Eén uitspraak gaat over iets anders dan een dataset en blijft weg.
   *[other] { $n } uitspraken gaan over iets anders dan datasets en blijven weg.
}
cli-import-deals = { $n ->
    [one] Eén lopende datadeal is opnieuw beoordeeld, { $changed } met een ander antwoord.
   *[other] { $n } lopende datadeals zijn opnieuw beoordeeld, { $changed } met een ander antwoord.
}
cli-import-record = Vastgelegd als { $id }
cli-import-nothing = Er is niets vast te leggen.
cli-import-not-written = Er is niets vastgelegd.
cli-import-other-owner = het is hier van een andere organisatie
cli-import-other-source = hij komt al uit { $value }
cli-import-invalid = { $value }
cli-finding-public = volgens de catalogus openbaar, en er gelden voorwaarden: die blijven gelden
cli-finding-no-set = onder voorwaarden, en er zijn geen voorwaarden gepubliceerd: niemand kan de dataset al gebruiken
cli-finding-no-regime = geen wettelijk regime: er kan niets worden aangevraagd; geef er een met --defaults
cli-finding-lapsed = de dataset rust op { $value }, die niet meer geldt
cli-finding-lapsed-since = de dataset rust op { $value }, die niet meer geldt sinds { $since }
cli-finding-hidden = afgeschermd in de bron: alleen de eigenaar ziet de dataset
cli-doubt-no-access = geen openbaarheidsniveau: telt als niet open
cli-doubt-unknown-access = een openbaarheidsniveau van geen bekende lijst: telt als niet open ({ $value })
cli-doubt-several-access = meer dan één openbaarheidsniveau: het strengste telt ({ $value })
cli-doubt-no-licence = openbaar, maar geen licentie zegt wat er mag: telt als niet open
cli-doubt-several-licences = meer dan één licentie, dus geen ervan is die van de dataset ({ $value })
cli-doubt-closed-licence = openbaar, onder een licentie die niets geeft: telt als niet open ({ $value })
cli-doubt-no-description = geen beschrijving: de titel staat er
cli-doubt-no-address = geen adres, bewaard zoals het er staat ({ $value })
cli-dataset-gone = uit zijn catalogus verdwenen
cli-show-gone = Niet meer in zijn catalogus sinds: { $value }
