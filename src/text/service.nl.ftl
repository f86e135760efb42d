# De dienst: `serve`, API-sleutels, en wat mensen buiten antwoorden en brieven te horen krijgen.

cli-head-id = Id
cli-head-label = Voor
cli-head-used = Laatst gebruikt
cli-head-revoked = Ingetrokken
cli-person-linked = { $person } meldt zich voortaan aan bij { $issuer }.
cli-api-key-made = Een API-sleutel voor { $person }, met de id { $id }. Hij wordt alleen nu getoond:
cli-api-key-revoked = De API-sleutel { $id } is ingetrokken: hij geeft nergens meer toegang toe.

serve-started = De dienst antwoordt op { $address }
serve-documents = Wat hij antwoordt: { $address }/v1/openapi.json
serve-stop = Stop hem met Ctrl-C; lopende aanroepen worden afgemaakt.
serve-demo-made = Een portaal met { $datasets } voorbeelddatasets en { $organisations } organisaties is gemaakt in { $dir }. De records zeggen dat het voorbeelden zijn.
serve-demo-keys = API-sleutels, alleen nu getoond. Iedereen hier is een functie bij een verzonnen of als voorbeeld genomen organisatie:
serve-demo-own = Sleutels die organisaties zelf beheren staan in { $dir }.
serve-demo-again = Het portaal in { $dir } is er al. De API-sleutels zijn getoond toen het werd gemaakt; maak een andere met:
serve-demo-try = Probeer:

cli-head-event = Gebeurtenis
cli-head-to = Aan
cli-head-way = Via
cli-head-tries = Pogingen
cli-head-why = Waarom
cli-head-mail = Adres
cli-head-language = Taal
cli-outbox-waits = wacht op verzending
cli-outbox-way = { $way ->
    [webhook] webhook
   *[mail] e-mail
}
cli-outbox-replayed = { $n ->
    [one] Eén bericht wacht weer op verzending.
   *[other] { $n } berichten wachten weer op verzending.
}
cli-outbox-dropped = { $n ->
    [one] Eén bericht is weggedaan.
   *[other] { $n } berichten zijn weggedaan.
}
cli-contact-set = E-mail gaat voortaan naar { $mail }.
cli-contact-erased = Het adres is gewist.
serve-demo-mail = E-mail van de demo wordt een bestand in { $dir }.

cli-head-audience = Voor tokens
cli-head-routes = Routes
cli-access-exported = { $count } regels in { $file }
cli-access-sealed = In het logboek verzegeld door { $id }
cli-access-not-sealed = Niets te verzegelen: geen regel is ouder dan het uur dat loopt.
cli-access-key = Toegangstokens worden vanaf nu ondertekend door { $key }.
cli-access-server = De gegevensserver { $name } is bekend.
cli-access-removed = De gegevensserver { $name } is vergeten: hij geeft niets meer.

changed-published = { $what ->
    [condition-set] { $level ->
        [portal] De voorwaarden van het portaal zijn
        [owner] De voorwaarden van de eigenaar zijn
       *[dataset] De voorwaarden van de dataset zijn
    }
    [schema] Het schema is
   *[trust-list] De vertrouwenslijst is
} versie { $version } vanaf { $at }; { $before ->
    [0] daarvoor was er geen.
   *[other] daarvoor was het versie { $before }.
}
changed-recorded = { $what ->
    [request] Het verzoek is aangevuld
    [approval] De goedkeuring “{ $approval }” is { $outcome ->
        [given] gegeven
       *[refused] geweigerd
    }
    [decision] Er is besloten: { $outcome ->
        [granted] toegewezen
        [partly_granted] deels toegewezen
        [refused] afgewezen
        [no_ground] geen grond in de wet
        [withdrawn] ingetrokken
        [not_considered] buiten behandeling gelaten
        [forwarded] doorgestuurd
        [upheld] het bezwaar is gegrond
        [inadmissible] het bezwaar is niet-ontvankelijk
       *[rejected] het bezwaar is ongegrond
    }
    [deal] Er is een deal aangeboden
    [acceptance] De deal is aanvaard
    [revocation] Met de deal is een stap gezet: { $outcome ->
        [intend] de intrekking is aangekondigd
        [drop] de intrekking is niet meer aangekondigd
        [suspend] geschorst
        [resume] hervat
       *[revoke] ingetrokken
    }
    [review] De deal is opnieuw bevraagd, met een ander antwoord
    [term] De termijn is verschoven
    [objection] Er is bezwaar gemaakt tegen het besluit
   *[erasure] Stukken van de zaak zijn gewist
} op { $at } (door: { $function }, { $organisation }).

register-head-request = verzoek
register-head-decision = besluit
register-head-superseded-by = vervangen door
register-head-decided = besloten op
register-head-body = bestuursorgaan
register-head-result = uitkomst
register-head-dataset = dataset
register-head-title = titel
register-head-addressee = geadresseerde
register-head-number = registernummer
register-head-purpose = doel
register-head-columns = kolommen
register-head-grounds = grondslagen
register-head-terms = voorwaarden
register-head-fees = vergoedingen
register-head-from = ingangsdatum
register-head-until = einddatum
register-head-state = stand van de deal
register-term = { $clause } ({ $law })
register-extra-term = extra: { $clause } ({ $law })
