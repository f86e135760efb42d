# De dienst: `serve`, API-sleutels, en wat mensen buiten antwoorden en brieven te horen krijgen.

cli-head-id = Id
cli-head-label = Voor
cli-head-used = Laatst gebruikt
cli-head-revoked = Ingetrokken
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
