# The service: `serve`, API keys, and what people are told outside of answers and letters.

cli-head-id = Id
cli-head-label = For
cli-head-used = Last used
cli-head-revoked = Revoked
cli-person-linked = { $person } now signs in with { $issuer }.
cli-api-key-made = An API key for { $person }, with the id { $id }. It is shown this once:
cli-api-key-revoked = The API key { $id } is revoked: it opens nothing any more.

serve-started = The service answers on { $address }
serve-documents = What it answers: { $address }/v1/openapi.json
serve-stop = Stop it with Ctrl-C; calls under way are let finish.
serve-demo-made = Made a portal with { $datasets } example datasets and { $organisations } organisations in { $dir }. Its records say that they are examples.
serve-demo-keys = API keys, shown this once. Everybody here is a function at an invented or exemplary organisation:
serve-demo-own = Keys that organisations hold themselves are in { $dir }.
serve-demo-again = The portal in { $dir } is there already. Its API keys were shown when it was made; make another with:
serve-demo-try = Try:

cli-head-event = Event
cli-head-to = To
cli-head-way = By
cli-head-tries = Tries
cli-head-why = Why
cli-head-mail = Address
cli-head-language = Language
cli-outbox-waits = waits to be sent
cli-outbox-way = { $way ->
    [webhook] webhook
   *[mail] mail
}
cli-outbox-replayed = { $n ->
    [one] One message waits to be sent again.
   *[other] { $n } messages wait to be sent again.
}
cli-outbox-dropped = { $n ->
    [one] One message is dropped.
   *[other] { $n } messages are dropped.
}
cli-contact-set = Mail goes to { $mail } from now on.
cli-contact-erased = The address is erased.
serve-demo-mail = Mail that the demo sends becomes files in { $dir }.

cli-head-audience = For tokens
cli-head-routes = Routes
cli-access-exported = { $count } records in { $file }
cli-access-sealed = Sealed in the log by { $id }
cli-access-not-sealed = Nothing to seal: no record is older than the hour that runs.
cli-access-key = Access tokens are signed by { $key } from now on.
cli-access-server = The data server { $name } is known.
cli-access-removed = The data server { $name } is forgotten: it gives nothing any more.

changed-published = { $what ->
    [condition-set] { $level ->
        [portal] The conditions of the portal are
        [owner] The conditions of the owner are
       *[dataset] The conditions of the dataset are
    }
    [schema] The schema is
   *[trust-list] The trust list is
} in version { $version } from { $at }; { $before ->
    [0] there was none before.
   *[other] it was version { $before } before.
}
changed-recorded = { $what ->
    [request] The request was completed
    [approval] The approval “{ $approval }” was { $outcome ->
        [given] given
       *[refused] refused
    }
    [decision] It was decided: { $outcome ->
        [granted] granted
        [partly_granted] partly granted
        [refused] refused
        [no_ground] no ground in law
        [withdrawn] withdrawn
        [not_considered] taken no further
        [forwarded] sent on to another body
        [upheld] the objection is upheld
        [inadmissible] the objection is inadmissible
       *[rejected] the objection is rejected
    }
    [deal] A deal was offered
    [acceptance] The deal was accepted
    [revocation] A step was taken with the deal: { $outcome ->
        [intend] its revocation is announced
        [drop] its revocation is no longer announced
        [suspend] suspended
        [resume] resumed
       *[revoke] revoked
    }
    [review] The deal was asked about again, with another answer
    [term] The term was moved
    [objection] Somebody objected to the decision
   *[erasure] Papers of the case were erased
} on { $at } (by: { $function }, { $organisation }).

register-head-request = request
register-head-decision = decision
register-head-superseded-by = superseded by
register-head-decided = decided on
register-head-body = competent body
register-head-result = result
register-head-dataset = dataset
register-head-title = title
register-head-addressee = addressee
register-head-number = register number
register-head-purpose = purpose
register-head-columns = columns
register-head-grounds = grounds
register-head-terms = terms
register-head-fees = fees
register-head-from = from
register-head-until = until
register-head-state = state of the deal
register-term = { $clause } ({ $law })
register-extra-term = extra: { $clause } ({ $law })
