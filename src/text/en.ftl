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
say-wish-not-all = { $label }: not { $values } together
say-wish-not-within = { $label }: not { $values }, nor a purpose under it
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
say-uncounted-fact = it names a fact that the schema does not have
say-uncounted-reason = it is a confirmation without a reason or a person
say-uncounted-issuer = who issued it is not on the trust list for this fact
say-uncounted-holder = whoever handed it in did not show the key to which it is bound
say-uncounted-not-yet = it is not valid yet
say-uncounted-lapsed = it is no longer valid
say-uncounted-revoked = it was revoked, or what it rests on has ended
say-uncounted-suspended = it is suspended
say-uncounted-status = whether it was revoked cannot be found out now
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
explain-no-ground-some = No, not everything that you ask. The law does not allow us to give you these columns for this purpose: { $columns }. Ask without them.
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

## What may I use?

eligible-totals = You can use { $now ->
    [one] 1 dataset
   *[other] { $now } datasets
} now, { $after } after what is missing, and { $not } not.
eligible-now = You can use now
eligible-after = You can use after what is missing, or with fewer columns
eligible-not = You cannot use
eligible-dataset = { $title } [{ $slug }]
eligible-open = Open, under the licence { $licence }. No deal is needed.
eligible-open-without-licence = Open. No deal is needed.
eligible-none-published = The owner has published no conditions.
eligible-no-ground = The law gives no way for you and this purpose.
eligible-sign = You then sign: { $rules }
eligible-failing = Not met: { $rules }
eligible-columns = Ask for these columns only: { $columns }
eligible-instead = Instead: { $alternative }: { $iri }
eligible-faulty = { $n ->
    [one] 1 dataset
   *[other] { $n } datasets
} cannot be told, because conditions cannot be evaluated: { $names }. The operator must mend this.

## Finding datasets

facets-total = { $n ->
    [one] 1 dataset
   *[other] { $n } datasets
}
facets-access = Access: { $values }
facets-automatic = Without a person deciding: { $values }
facets-owner = Owner: { $values }
facets-theme = Theme: { $values }
facets-format = Format: { $values }
facets-more = { $n } more
facets-none = No dataset fits.
facets-yes = yes
facets-no = no

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
letter-on-objection = You objected to an earlier decision on this request. { $outcome ->
        [upheld] We uphold your objection, and decide anew. This decision takes the place of the earlier one.
        [rejected] We reject your objection. The earlier decision stays as it is.
        [inadmissible] We cannot take your objection into consideration. The earlier decision stays as it is.
       *[withdrawn] You have withdrawn your objection. The earlier decision stays as it is.
    }
letter-not-considered = We do not take your request into consideration. We asked you to complete it, and the time for that has passed (Algemene wet bestuursrecht art. 4:5).
letter-forwarded = Your request is about data of another body. We have sent it on to: { $to } (Algemene wet bestuursrecht art. 2:3).
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
letter-request-completed = You completed it on { $completed }.
letter-request-period = You asked for data from { $from } { $until }.
letter-request-from = You asked for data from { $from } on.
letter-request-until = You asked for data { $until }.
letter-request-editions = You asked for these editions: { $editions }.
letter-request-linkage = You want to join them with: { $linkage }.
letter-request-volume = You asked for at most { $volume } questions or records a day.
letter-request-term = You asked to use them for { $term }.

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
letter-fact-declared = { $fact }. You stated this yourself on { $stated }; we have not verified it.
letter-fact-verified = { $fact }. Verified: { $issuer } says so.
letter-fact-verified-from = { $fact }. Verified: { $issuer } says so; it counts from { $from } { $until }.
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
letter-advice = We asked these persons or committees. This is what they found:
letter-approved = { $label }: approved by { $function }. Their reason: { $reason }
letter-not-approved = { $label }: not approved by { $function }. Their reason: { $reason }

letter-heading-terms = Terms that we add
letter-terms = Beside the conditions these terms apply:
letter-term = { $clause } Reason: { $reason } ({ $law }).

letter-heading-weighing = Hearing and interests
letter-heard-request = We decided on what you stated in your request and on the evidence that came with it, so we did not hear you apart from that.
letter-heard-completed = We decided on what you stated in your request and when you completed it, and on the evidence that came with it, so we did not hear you apart from that.
letter-heard-objection = We decided on your request as it is now, on the evidence that came with it and on the reasons that you gave in your objection.
letter-heard-views = We asked others who have an interest in these data for their views. Meanwhile the term stood still.
letter-interests = The interests of those whom the data are about, of others with rights in the data and of reusers were weighed when the conditions were made.
letter-circumstances = We did not deviate from them. Are there special circumstances for which we should? Then name them in an objection.
letter-circumstances-objection = What you named in your objection is answered above, in our reason.

letter-heading-who = Who decided
letter-who-automatic = This decision was made automatically, by the published conditions. { $official } answers for it. You can read and try out the conditions on the portal, and ask for an explanation by a person.
letter-who-mandate = This decision was made by a person: { $function }, on the authority of the mandate with digest { $digest }. That mandate is recorded in the log of the portal.
letter-who-published = You find that mandate here: { $published }.
letter-questions = Do you have questions? Ask them here: { $contact }.
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
letter-time-sum = This is how we found the last day:
letter-step-term = The term is { $length } ({ $law }): the last day is { $last-day }.
letter-step-stood-still = It stood still for { $length } ({ $law }): the last day is { $last-day }.
letter-step-extended = It was extended by { $length } ({ $law }): the last day is { $last-day }.
term-days = { $n ->
        [one] 1 day
       *[other] { $n } days
    }
term-weeks = { $n ->
        [one] 1 week
       *[other] { $n } weeks
    }
term-months = { $n ->
        [one] 1 month
       *[other] { $n } months
    }

letter-heading-fee = Fee
letter-fee = { $label }: { $tariff }.
letter-no-fee = You pay no fee.

letter-heading-next = What happens now
letter-next-granted = We send you an agreement, the data deal. It names the terms that come from the conditions. When both of us have signed it, you get the data as soon as possible. We tell you from which day.
letter-next-offer = The agreement, the data deal, is ready for you. You can sign it { $offer }. When both of us have signed it, you get the data as soon as possible. We tell you from which day.
letter-next-refused = You can always submit a new request. It can be granted when it meets the conditions above.
letter-next-no-ground = Only the legislator, or someone whom the law gives that power, can change this.
letter-next-withdrawn = You can always submit a new request.
letter-next-forwarded = You hear from that body. Its term begins on the day on which it receives your request.
letter-alternatives = What you can use instead:
letter-alternative = { $alternative }: { $iri }

letter-heading-publication = Publication
letter-publication = We publish the main points of this decision: date, dataset, purpose, ground and outcome. We name no natural persons there.

letter-heading-objection = If you disagree
letter-objection = Do you disagree with this decision? You can object to { $body }, until { $until } at the latest. Do so at { $web } or by letter to the same body. State your name and address, the date, this number: { $id }, and why you disagree. Sign your objection. It costs nothing. Meanwhile the decision stays in force. If you cannot wait, ask the interim relief judge of the district court for a provisional measure.
letter-appeal = Do you disagree with this decision on your objection? You can appeal to the district court, until { $until } at the latest. State your name and address, the date, this number: { $id }, and why you disagree, and add a copy of this decision. The court charges a fee. Meanwhile the decision stays in force. If you cannot wait, ask the interim relief judge of that court for a provisional measure.

letter-heading-signature = Signature
letter-signature = This letter tells what a signed record says. The log of the portal has an entry for that record. Its signature has the level “{ $level ->
    [advanced] advanced (claimed)
   *[simple] simple
}”. Anyone who has the record can check it without logging in: datadeal verify FILE --log-key KEY. You can ask for a copy on paper.

## The letter of a step in the life of a deal

letter-step-title = About data deal { $number }
letter-step-subject = “{ $title }”
letter-step-provider = Provider: { $name }, { $number }
letter-step-reuser = Reuser: { $name }, { $number }
letter-step-record = Number: { $id }, of { $at }
letter-step-heading-what = What happens
letter-step-intend = The provider intends to revoke data deal { $number }. The reuser can give its view { $until }. Until then the deal goes on as it was.
letter-step-drop = The provider no longer intends to revoke data deal { $number }. It goes on as it was.
letter-step-suspend = Data deal { $number } is suspended from { $from }, until the provider lets it go on.
letter-step-resume = Data deal { $number } goes on from { $from }.
letter-step-revoke = Data deal { $number } is revoked from { $from }.
letter-step-revoke-danger = Data deal { $number } is revoked from { $from }. This was done at once, for danger: there was no time to hear the reuser first.
letter-step-end = The reuser has ended data deal { $number }. It ends on { $from }.
letter-step-heading-why = Why
letter-step-reason = { $reason }
letter-step-heading-view = The reuser’s view
letter-step-view = The reuser gave its view. It was weighed, and is on file on the portal.
letter-step-heading-copies = What becomes of the data
letter-step-hold = During the suspension the reuser keeps the data safe, and does not use them.
letter-step-delete = The reuser no longer uses the data. It deletes them with all copies, and confirms that in writing within thirty days. Results that were made and published before remain. What the law obliges the reuser to keep, it keeps as long as the law says.

## Log, witness, backup

log-proved = Entry { $index } is proven to be in the log of { $size } entries: { $file }
log-exported = { $files } files written. { $folder } now holds the whole log: { $size } entries.
log-cosigned = The checkpoint of { $size } entries is kept with the cosignatures of { $names }. Bundles and proofs carry it.
log-restarted =
    The old log is given up; it must never sign again.
    The new log is { $origin }. It has { $size } entries, of which { $kept } come from the old one.
    Its first entry states the last known checkpoint of the old log, of { $known } entries.
    Give this key to everybody who verifies: { $key }
    The old database is kept: { $old }
log-restart-lost = { $lost ->
    [one] One entry that others have seen is missing here. Look for it in a newer backup or with those who hold its record.
   *[other] { $lost } entries that others have seen are missing here. Look for them in a newer backup or with those who hold their records.
}
witness-made =
    A new witness. Give this key to the log and to everybody who verifies: { $key }
    Its memory is { $folder }. Never restore it from a backup: a witness that forgets can be made to confirm a second history.
backup-made =
    A copy of this moment is in { $file }: { $size } log entries.
    The private keys are not in it. Keep { $keys } apart, and keep it secret.
backup-copying = copying
restore-made =
    The copy is back in { $folder }: { $size } log entries.
    Before anything is signed, the log is compared with { $head }, which is not part of a backup.
restore-keys = The private keys are not in a backup: put them back into { $keys }.

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
request-state-not-considered = not taken into consideration
request-state-forwarded = sent on to another body
request-state-fault = cannot be judged now

deal-is = Data deal { $number } ({ $id }): { $title } - { $state }, until { $until }
deal-none = There are no deals that you may see.
deal-state-offered = offered
deal-state-lapsed = offer lapsed
deal-state-upcoming = accepted, not begun
deal-state-active = in force
deal-state-suspended = suspended
deal-state-revoked = revoked
deal-state-ended = ended by the reuser
deal-state-superseded = followed by another deal
deal-state-expired = ended
deal-bundle-written = Everything that a verifier needs is in { $file }.
deal-words-unknown = The words of this deal are of a template that this version of the program does not have. Use the version that offered it.
deal-signed = The acceptance is signed: { $file }. Hand it in within a week, while the offer stands.
deal-monitored = { $looked ->
    [one] One live deal was asked about again.
   *[other] { $looked } live deals were asked about again.
}
deal-monitored-changed = { $number } with { $reuser }: from { $before } to { $after } ({ $failing }); it is { $state } now
deal-monitored-undecided = { $deal } cannot be asked about: { $why }
deal-status-written = The signed lists of revoked and suspended deals are in { $file }. They count for seven days.

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
## Conditions in plain words

terms-grounds = Grounds in law (one is enough)
terms-entry = What must be true beforehand
terms-promise = What you promise by signing
terms-duty = What you must do
terms-delivery = How you get the data
terms-fee = What it costs
terms-met = Nothing is asked: this dataset does not hold what this condition guards.
terms-never = Nobody can meet this for this dataset.
terms-barred = Not to be had: { $columns }
terms-columns = For the columns: { $columns }
terms-looks-at = Looks at: { $needs }
terms-counts = What counts: { $wishes }

## Command line: parties, publication, what is asked

cli-none-yet = None yet.
cli-head-organisation = Organisation
cli-head-name = Name
cli-head-person = Person
cli-head-function = Function
cli-head-roles = Roles
cli-head-key = Key
cli-head-state = State
cli-head-held = Held by
cli-head-uses = Signs
cli-head-powers = May
cli-head-mandate = Mandate
cli-head-valid = Valid
cli-head-body = In the name of
cli-head-datasets = Datasets
cli-head-facts = Facts
cli-head-kinds = Kinds of evidence
cli-head-from = From
cli-head-until = Until
cli-head-fact = Fact
cli-head-value = Value
cli-head-issuer = Said by
cli-head-counts = Counts now
cli-head-dataset = Dataset
cli-head-access = Access
cli-head-title = Title
cli-head-owner = Owner
cli-head-edition = Editions
cli-head-first = First
cli-head-last = Last
cli-head-columns = Columns
cli-head-decided = Decided
cli-head-result = Result
cli-head-addressee = To
register-withheld = withheld
cli-init-done = The portal is ready in { $dir }.
cli-init-operator = Operator: { $name } ({ $id })
cli-init-person = Person: { $person }. Act as this person with --as { $person }
cli-init-log-key = The log key. Give it to everybody who must check records; they need nothing else from you:
cli-init-keys = The private keys are in { $dir }. No backup holds them: keep a copy in a safe place.
cli-init-notice = Every record will say: { $notice }
cli-org-added = Added { $name } ({ $id }).
cli-person-added = Added { $person }, who acts for { $organisation } as { $roles }.
cli-person-roles = { $person } has these roles from now on: { $roles }.
cli-person-blocked = { $person } is blocked: it may do nothing from now on. Its mandates stay until they are withdrawn: datadeal mandate list.
cli-person-unblocked = { $person } may do again what its roles say.
cli-person-state = blocked since { $date }
cli-person-blocked-by = Blocked by { $by }: { $reason }
cli-person-authorised = { $person } binds its organisation: { $authority }.
cli-mandate-given = { $person } ({ $function }) may now act in the name of { $body }: { $powers }, { $until }.
cli-mandate-withdrawn = { $person } may no longer act in the name of { $body }: { $powers }. What was done before stays valid.
cli-mandate-no-role = { $person } does not have the role reviewer or owner-admin, and cannot use this yet.
cli-power-decide = decide on requests and deals
cli-all-datasets = all of the owner
cli-state-later = from { $date }
cli-state-withdrawn = withdrawn on { $date }
cli-state-ended = ended on { $date }
cli-key-stated = New key of { $name }: { $key }. It signs: { $uses }.
cli-key-in-file = The private key is in { $file }, and nowhere else. Keep it safe: it cannot be made again.
cli-key-in-service = The service holds the private key, in { $file }.
cli-key-counts = counts
cli-key-revoked = revoked
cli-held-own = organisation
cli-held-service = service
cli-log-key = Log key, for verifiers
cli-key-of = { $name } ({ $id })
cli-trust-drafted = In the draft: evidence of { $name } counts for { $facts }, as { $kinds }. It counts once the list is published.
cli-trust-removed = Taken out of the draft: { $key }. Its evidence counts until the list is published.
cli-trust-version = Trust list, version { $version }
cli-trust-none = No trust list is published, so no evidence counts yet.
cli-trust-draft = Draft, not in force
cli-trust-published = Published version { $version } of the trust list, with { $n ->
    [one] one issuer
   *[other] { $n } issuers
}.
cli-evidence-added = Added evidence for { $organisation }: { $fact }.
cli-evidence-counts = It counts now.
cli-evidence-not = It does not count now: { $reason }.
cli-evidence-no = no: { $reason }
cli-schema-published = Published the schema { $digest }. It is in force now.
cli-about-organisation = Facts about the organisation
cli-about-request = Facts about one request
cli-purposes = Purposes
cli-approvals = Approvals
cli-themes = Themes of conditions
cli-fact-type = { $type }
cli-fact-line = { $name }: { $label } ({ $type })
cli-fact-by = , proof: { $kinds }
cli-fact-proof = Proof: { $proof } ({ $kinds }).
cli-fact-no-proof = Nothing can prove it: what the organisation says counts.
cli-kind-registry = the answer of a register
cli-kind-credential = a signed statement
cli-kind-confirmation = a confirmation by a person
cli-kind-decision = an earlier decision
cli-type-text = text
cli-type-number = whole number
cli-type-flag = true or false
cli-type-instant = time, like 2027-01-01T00:00:00Z
cli-type-word = one word of a list
cli-type-texts = list of texts
cli-type-words = words of a list
cli-type-record = parts that belong together
cli-man-written = { $n ->
    [one] One page
   *[other] { $n } pages
} in { $dir }.
cli-datasets-added = { $n ->
    [one] Added one dataset
   *[other] Added { $n } datasets
}
cli-access-open = open
cli-access-conditions = under conditions
cli-access-closed = closed
cli-show-access = Access: { $value }
cli-show-licence = Licence: { $value }
cli-show-owner = Owner: { $value }
cli-show-body = In the name of: { $value }
cli-show-executor = Carried out by: { $value }
cli-show-law = Law: { $value }
cli-show-id = IRI: { $value }
cli-show-embargo = Not given before { $value }
cli-show-decides = Who decides
cli-show-columns = Columns ({ $n })
cli-decides-automatic = No approval is needed: who meets the conditions gets a yes at once.
cli-decides-person = { $function }, in the name of { $body }: { $powers }, { $until }
cli-refusals-automatic = A no is given at once.
cli-refusals-person = A no is confirmed by a person.
cli-last-day = If you ask today, an answer must come by { $date }.
cli-objection = You can object within { $weeks ->
    [one] one week
   *[other] { $weeks } weeks
} to { $body }: { $web }
cli-set-published = { $name } is published and in force ({ $id }).
cli-set-published-later = { $name } is published, in force from { $moment } ({ $id }).
cli-conditions-of = Conditions of “{ $title }”
cli-set-portal = The portal
cli-set-owner = The owner
cli-set-dataset = This dataset
cli-set-line = { $whose }: version { $version }, in force since { $date }
cli-set-next = A new version starts on { $moment }.
cli-facts-head = Facts for “{ $title }” ({ $dataset }).
cli-facts-how = Fill in what is true, take away the two slashes before its line, and ask:
cli-facts-applicant = Who you are, by register and number. Without it no evidence counts.
cli-facts-purpose = What you want to use the data for: one purpose.
cli-facts-scope = What you ask. Fields that you do not need can stay as they are.
cli-facts-read = { $label } (a condition reads this)
cli-facts-all-columns = None named means all of them.
cli-facts-some-columns = Named are those that can be had together. Not among them: { $columns }.
cli-facts-no-columns = The columns of this dataset are not known.
cli-facts-declared = What you say. Leave out what you do not know yet: the answer will name it.
cli-facts-evidence = Evidence: the signed documents, whole, between the brackets. What is on file at the portal counts too when you ask as yourself (--as). Conditions ask proof of:
cli-facts-no-evidence = Evidence: no condition asks for it.
cli-facts-declined = What you do not accept. Everything counts as accepted, but what you name here:
cli-facts-nothing-declined = What you do not accept. There is nothing to decline.
cli-facts-approvals = When all this is right, a person must still approve: { $approvals }.
cli-facts-open = This dataset is open. You need no facts: use it under its licence.
cli-set-preview = Nothing is published. { $name } could be published now; this is what it would change.

## What a new version of conditions changes

diff-first = This is the first version. It has { $n ->
    [one] one ground or condition
   *[other] { $n } grounds and conditions
}.
diff-head = Version { $version }, compared with version { $before } of { $date }
diff-rules-none = No ground or condition differs.
diff-rule = { $change ->
    [added] added
    [removed] removed
   *[changed] changed
}: { $label } ({ $id })
diff-rule-parts = differs in: { $parts }
diff-part = { $part ->
    [kind] its kind
    [asked] whether it is asked for each column
    [body] what it tests
    [label] label
    [hint] hint
    [clause] clause of the agreement
    [legalBasis] legal basis
    [due] term
    [tariff] tariff
    [theme] theme
   *[layout] layout only
}
diff-rule-meaning = { $meaning ->
    [same] permits exactly the same as before
    [stricter] can only take permits away
    [looser] can only permit more
   *[open] what it permits depends on the question
}
diff-meaning = For every question: { $meaning ->
    [same] exactly the same is permitted as before.
    [stricter] nothing is permitted that was not permitted before.
    [looser] everything stays permitted that was permitted before.
   *[open] this cannot be said from the text alone; look at the saved cases.
}
diff-cases-unknown = No saved case could be put to both versions.
diff-cases-same = { $total ->
    [one] The one saved case keeps its answer.
   *[other] All { $total } saved cases keep their answer.
}
diff-cases = { $changed } of { $total } saved cases { $changed ->
    [one] changes
   *[other] change
}:
diff-case = { $name }: from { $before } to { $after }
diff-answer = { $outcome ->
    [permit] permit
    [review] review
    [incomplete] incomplete
    [deny] deny
   *[no_ground] no ground
}
diff-answer-because = { $answer } ({ $ids })
diff-columns-before = columns before: { $columns }
diff-columns-after = columns after: { $columns }
diff-no-columns = none
diff-cases-not-asked = These saved cases could not be put to both versions:
diff-case-not-asked = { $name }: { $why }
diff-deals-none = There are no live deals under these conditions.
diff-deals-same = { $live ->
    [one] The one live deal keeps its answer.
   *[other] All { $live } live deals keep their answer.
}
diff-deals = { $changed } of { $live } live deals would now get another answer, on what was known when the request was decided:
diff-deal = { $number } with { $reuser }: from { $before } to { $after }, { $id }
diff-deals-more = and { $n } more
diff-deals-hidden = You may not see which these are.
diff-deals-stand = A new version ends no deal: they stand until they end or are revoked.
diff-deals-not-decided = Not decided again, because the input was erased or cannot be evaluated: { $n ->
    [one] one deal
   *[other] { $n } deals
}.
diff-text-same = The text is the same.
diff-text = The text:

catalogue-title = Datasets at { $name }
catalogue-description = The datasets that { $name } makes known, and the conditions under which they may be reused.
export-written = { $n ->
    [one] Wrote one dataset to { $file }
   *[other] Wrote { $n } datasets to { $file }
}
export-missing = The profile demands, and nobody said:
export-left-out = Said, and without a place in the profile:
export-unsaid = Not to be said in ODRL, or not whole; the Cedar text counts:
draft-written = Wrote a draft to { $file }. Fill in what it leaves open.

# a catalogue of others
cli-import-reads = reading the catalogue
cli-import-compares = comparing
cli-import-words = Making them to be found by their words
cli-import-same = { $source } is as it was when it was imported last: nothing new.
cli-import-preview = { $n ->
    [one] Preview of { $source }: one record read
   *[other] Preview of { $source }: { $n } records read
}
cli-import-applied = { $n ->
    [one] Import of { $source }: one record read
   *[other] Import of { $source }: { $n } records read
}
cli-import-counts = { $new } new, { $changed } changed, { $gone } gone, { $same } as before
cli-import-new = New:
cli-import-changed = Changed:
cli-import-gone = No longer in the catalogue (marked as gone, never deleted):
cli-import-skipped = Not taken in:
cli-import-findings = To look at:
cli-import-faults = Not read:
cli-import-more = and { $n } more; --json shows what is listed whole
cli-import-version = another version: conditions read what changed
cli-import-none = nothing
cli-import-part = Not all of the catalogue could be read, so nothing is taken for gone.
cli-import-unmapped = { $n ->
    [one] One statement has no place of its own here; it is kept with its dataset.
   *[other] { $n } statements have no place of their own here; they are kept with their datasets.
}
cli-import-beside = { $n ->
    [one] One statement is about something else than a dataset, and is left out.
   *[other] { $n } statements are about other things than datasets, and are left out.
}
cli-import-deals = { $n ->
    [one] One live deal was decided again, { $changed } with another answer.
   *[other] { $n } live deals were decided again, { $changed } with another answer.
}
cli-import-record = Written as { $id }
cli-import-nothing = Nothing to write.
cli-import-not-written = Nothing was written.
cli-import-other-owner = it is of another organisation here
cli-import-other-source = it comes from { $value } already
cli-import-invalid = { $value }
cli-finding-public = its catalogue calls it public, and conditions are in force for it: it stays under them
cli-finding-no-set = under conditions, and no conditions are published: nobody can use it yet
cli-finding-no-regime = no legal regime: no request can be made; give one with --defaults
cli-finding-lapsed = it rests on { $value }, which is no longer in force
cli-finding-lapsed-since = it rests on { $value }, which is no longer in force since { $since }
cli-finding-hidden = private in its source: shown to nobody but its owner
cli-doubt-no-access = no access level: it counts as not open
cli-doubt-unknown-access = an access level of no known list: it counts as not open ({ $value })
cli-doubt-several-access = several access levels: the strictest counts ({ $value })
cli-doubt-no-licence = public, and no licence says what one may do: it counts as not open
cli-doubt-several-licences = several licences, so none is that of the dataset ({ $value })
cli-doubt-closed-licence = public, under a licence that gives nothing: it counts as not open ({ $value })
cli-doubt-no-description = no description: its title stands there
cli-doubt-no-address = no address, kept as it is written ({ $value })
cli-dataset-gone = gone from its catalogue
cli-show-gone = No longer in its catalogue since: { $value }
