# English. Plain short sentences (B1). The keys and their variables are those of nl.ftl; a test compares them.

## Small words: dates, lists, values

say-with-evidence = { $label } (with evidence)
say-approval-by = approval by: { $label }
say-appointed-by-owner = given by a person appointed by the owner
say-appointed-by-supplier = given by a person of the supplier who has rights in the data
say-appointed-by-portal = given by a person appointed by the portal
say-wish-accepted = that you accept this term
say-wish-wait = waiting until { $values }
say-wish-too-late = nothing: the time for it has passed
say-wish-is = { $label }: { $values }
say-wish-one-of = { $label }: only { $values }
say-wish-none-of = { $label }: not { $values }
say-wish-at-most = { $label }: at most { $values }
say-wish-by-date = { $label }: at the latest { $values }
say-wish-less = { $label }: less than { $values }
say-wish-before = { $label }: before { $values }
say-wish-at-least = { $label }: at least { $values }
say-wish-from-date = { $label }: { $values } or later
say-wish-more = { $label }: more than { $values }
say-wish-after = { $label }: later than { $values }
say-wish-within = { $label }: { $values }, or a purpose under it
say-wish-all-of = { $label }: at any rate { $values }
say-wish-any-of = { $label }: at any rate { $values }
say-wish-empty = { $label }: none
say-uncounted = { $label }: { $reason } (document { $digest }…)
say-uncounted-signature = the signature is not valid
say-uncounted-subject = it is about another organisation
say-uncounted-issuer = who issued it is not on the trust list for this fact
say-uncounted-not-yet = it is not valid yet
say-uncounted-lapsed = it is no longer valid
say-uncounted-revoked = who issued it has revoked it
say-uncounted-value = its value does not pass the check of this fact
say-alternative = { $title } ({ $kind ->
    [open-edition] open edition
    [aggregate] aggregated data
    [synthetic] made-up test data
    [custom-table] table made for you
    [partner] through a partner
    [sample] sample
   *[other] { $kind }
})
say-kind-promise = promise
say-kind-duty = duty
say-kind-delivery = way of giving
say-kind-fee = fee

## The explained answer

explain-asked = “{ $title }”, for: { $purpose }
explain-asked-without-purpose = “{ $title }”
explain-open = Yes. This dataset is open: use it under its licence, { $licence }. No deal is needed.
explain-open-without-licence = Yes. This dataset is open. No deal is needed.
explain-none-published = No. The owner has published no conditions for this dataset, so it cannot be given.
explain-permit = Yes. The law allows it, and each condition is met or will be met when you sign the data deal.
explain-still = Yes. The deal still meets its conditions.
explain-review = Not decided yet. A person must first approve. Nothing else is missing.
explain-incomplete = Not decided yet. Facts are missing. It can still become a yes.
explain-deny = No. { $n ->
    [one] One condition is not met.
   *[other] { $n } conditions are not met.
}
explain-no-ground = No. The law does not allow us to give you these data for this purpose ({ $articles }). Other answers from you would not change that.
explain-partial = In part. Of the { $asked } columns that you asked for you can get { $granted }.
explain-unfilled = Not filled in yet: { $fields }. Without it nothing can be permitted.
explain-grounds = Grounds in law (one is enough)
explain-conditions = Conditions (all must be met)
explain-conditions-no-ground = Conditions (they do not change this answer)
explain-ground = { $label } ({ $law })
explain-term = { $label } ({ $kind })
explain-due = Due { $due }
explain-tariff = Tariff: { $tariff }
explain-marks = ok: met · sign: met by signing · ask: a person must approve · ?: facts are missing · no: not met
explain-seen = We saw: { $seen }
explain-wishes = What helps: { $wishes }
explain-needs = Needed: { $needs }
explain-hint = What you can do: { $hint }
explain-law = Law: { $law }
explain-columns = Columns
explain-column-why = because of: { $why }
explain-column-no-ground = because no ground in law covers these columns
explain-columns-ask = You can get the columns marked ok if you ask for only those.
explain-uncounted = Evidence that does not count
explain-alternatives = What you can use instead
explain-indication = This is an indication on the facts given, not a decision. You can always submit a request.

## The decision letter, and the receipt of a request

letter-receipt = We received your request on { $received }. You will hear from us on { $last-day } at the latest.
letter-body-executor = { $executor }, in the name of { $body }
letter-number = Decision { $id }
letter-date = { $date }
letter-to = To: { $name }, { $number }
letter-subject = Subject: your request for “{ $title }”

letter-heading-decision = Our decision
letter-granted = We grant your request.
letter-partly-granted = We grant a part of your request.
letter-refused = We refuse your request.
letter-no-ground = We refuse your request. The law does not allow us to give you these data for this purpose ({ $articles }). Other answers from you would not change that.
letter-withdrawn = You have withdrawn your request. We have closed it without judging it.
letter-reason = Our reason: { $reason }
letter-given = You receive these columns: { $columns }.
letter-given-whole = You receive the dataset as the catalogue describes it.
letter-not-given = You do not receive: { $columns }, because of: { $why }.
letter-not-given-no-ground = You do not receive: { $columns }, because no ground in law covers them.
letter-because = { $label } ({ $law })

letter-heading-request = Your request
letter-request = We received your request on { $received }, { $channel ->
    [post] by post
    [email] by e-mail
    [counter] at the counter
    [forwarded] forwarded by another body
   *[portal] through the portal
}. You asked for “{ $title }”, for this purpose: { $purpose }. Level of the data: { $level }.
letter-request-columns = You asked for these columns: { $columns }.

letter-heading-law = The law that applies
letter-law = The act that governs giving these data is: { $law }. We applied the conditions that were published when we decided. Their texts have these digests:
letter-set = { $level ->
    [portal] conditions of the portal
    [owner] conditions of the owner
   *[dataset] conditions of the dataset
}: { $digest }

letter-heading-facts = The facts
letter-facts = We decided on these facts.
letter-facts-gone = The facts are no longer kept.
letter-fact-declared = { $fact }. You stated this yourself; we have not verified it.
letter-fact-verified = { $fact }. Verified: { $issuer } says so.
letter-fact-verified-until = { $fact }. Verified: { $issuer } says so, and it counts { $until }.
letter-fact-uncounted = Evidence that does not count: { $evidence }.

letter-heading-assessment = How we judged it
letter-assessment = One of the grounds and each of the conditions must be met. This is what we found.
letter-status-met = met
letter-status-on-signing = you have accepted this
letter-status-review = the approval that it asks was not given
letter-status-unknown = not shown
letter-status-not-met = not met
letter-ground = Ground: { $label } ({ $law }): { $status }.
letter-condition = Condition: { $label } ({ $law }): { $status }.
letter-seen = We saw: { $seen }.
letter-missing = What was missing: { $needs }.
letter-wishes = What helps: { $wishes }.
letter-hint = What you can do: { $hint }

letter-heading-advice = Advice and approvals
letter-no-advice = No approval by a person was given.
letter-advice = These persons or committees approved:

letter-heading-weighing = Hearing and interests
letter-weighing = We decided on what you stated in your request and on the evidence that came with it, so we did not hear you apart from that. The interests of those whom the data are about, of others with rights in the data and of reusers were weighed when the conditions were made. We know of no special circumstances for which we should deviate from them. Are there any? Then name them in an objection.

letter-heading-who = Who decided
letter-who-automatic = This decision was made automatically, by the published conditions. { $official } answers for it. You can read and try out the conditions on the portal, and ask for an explanation by a person.
letter-who-mandate = This decision was made by a person: { $function }, on the authority of the mandate with digest { $digest }. That mandate is recorded in the log of the portal.
letter-who-register = This decision was made by a person: { $function }, on the authority of the register: { $entry }.

letter-heading-time = Time
letter-time = Your request came in on { $received }. We had to decide on { $last-day } at the latest. We decided on { $decided }, and announced the decision on { $announced }, { $channel ->
    [post] by post
    [email] by e-mail
    [counter] at the counter
   *[portal] through the portal
}.
letter-time-withdrawn = Your request came in on { $received }. You withdrew it, and we closed it on { $decided }.
letter-time-late = That was too late, for which we apologise. It does not change the decision.

letter-heading-fee = Fee
letter-fee = { $label }: { $tariff }.
letter-no-fee = You pay no fee.

letter-heading-next = What happens now
letter-next-granted = We send you an agreement, the data deal. It names the terms that come from the conditions. When both of us have signed it, you get the data as soon as possible. We tell you from which day.
letter-next-offer = The agreement, the data deal, is ready for you. You can sign it { $offer }. When both of us have signed it, you get the data as soon as possible. We tell you from which day.
letter-next-refused = You can always submit a new request. It can be granted when it meets the conditions above.
letter-next-no-ground = Only the legislator, or someone whom the law gives that power, can change this.
letter-next-withdrawn = You can always submit a new request.
letter-alternatives = What you can use instead:
letter-alternative = { $alternative }: { $iri }

letter-heading-publication = Publication
letter-publication = We publish the main points of this decision: date, dataset, purpose, ground and outcome. We name no natural persons there.

letter-heading-objection = If you disagree
letter-objection = Do you disagree with this decision? You can object to { $body }, until { $until } at the latest. Do so at { $web } or by letter to the same body. State your name and address, the date, this number: { $id }, and why you disagree. Sign your objection. It costs nothing. Meanwhile the decision stays in force. If you cannot wait, ask the interim relief judge of the district court for a provisional measure.

letter-heading-signature = Signature
letter-signature = This letter tells what a signed record says. The log of the portal has an entry for that record. Its signature has the level “{ $level ->
    [advanced] advanced (claimed)
   *[simple] simple
}”. Anyone who has the record can check it without logging in: datadeal verify FILE --log-key KEY. You can ask for a copy on paper.

# ---- command line: requests, deals, verification, audit

request-is = Request { $id }: { $state }
request-none = There are no requests that you may see.
request-state-incomplete = facts missing
request-state-review = in review
request-state-draft = to be confirmed
request-state-ready = ready to grant
request-state-granted = granted
request-state-partly-granted = partly granted
request-state-refused = refused
request-state-no-ground = no ground
request-state-withdrawn = withdrawn

deal-is = Data deal { $number } ({ $id }): { $title } - { $state }, until { $until }
deal-none = There are no deals that you may see.
deal-state-offered = offered
deal-state-lapsed = offer lapsed
deal-state-active = in force
deal-state-suspended = suspended
deal-state-revoked = revoked
deal-state-expired = ended
deal-bundle-written = Everything that a verifier needs is in { $file }.

verify-valid = VALID: this deal is real, and was decided by the conditions that it names.
verify-invalid = NOT VALID: something was changed, or was done by one who may not.
verify-incomplete = UNDECIDED: nothing failed, but not everything that is needed was given.
verify-passed = { $count ->
    [one] 1 check passed.
   *[other] { $count } checks passed.
}
verify-failed = FAILED   
verify-not-given = NOT GIVEN
verify-vouched = Who vouched for the keys:
verify-unseen = What this cannot show:

audit-clean = Nothing is wrong.
audit-findings = { $count ->
    [one] 1 finding.
   *[other] { $count } findings.
}
audit-log = The log: { $entries } entries, { $records } records read, signatures and proofs checked.
audit-cases = Requests: { $requests }, of which { $ended } ended and { $overdue } overdue.
audit-replayed = Decisions: { $replayed } replayed, { $erased } with an erased input. Deals verified: { $deals }.

replay-same = Decided again: { $outcome }, the same bytes as in the record.
replay-differs = Decided again, and it differs
replay-versions = Decided then by Cedar { $then }, now by Cedar { $now }.
erase-done = Erased { $count ->
    [one] 1 document
   *[other] { $count } documents
}. The erasure is in the log: { $id }. Signed records stay as they are.
