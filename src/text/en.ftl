# English. Plain short sentences (B1). The keys and their variables are those of nl.ftl; a test compares them.

## Small words: dates, lists, values

say-date = { $day } { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
} { $year }
say-moment = { $date } at { $clock }
say-until-day = up to and including { $date }
say-until-moment = until { $moment }
say-years = { $n } { $n ->
    [one] year
   *[other] years
}
say-months = { $n } { $n ->
    [one] month
   *[other] months
}
say-weeks = { $n } { $n ->
    [one] week
   *[other] weeks
}
say-days = { $n } { $n ->
    [one] day
   *[other] days
}
say-hours = { $n } { $n ->
    [one] hour
   *[other] hours
}
say-due-signing = within { $period } after signing
say-due-delivery = within { $period } after the data were given
say-due-incident = within { $period } after an incident
say-due-end = within { $period } after the end of the deal
say-tariff = { $amount } { $per ->
    [year] per year
    [month] per month
    [request] per request
    [question] per question
   *[other] per { $per }
}
say-discount = { $percent }% less: { $label }
say-and = { $first } and { $last }
say-or = { $first } or { $last }
say-pair = { $label }: { $value }
say-proof = evidence for { $label }: { $proof }
say-yes = yes
say-no = no
say-none = none
say-today = today
say-not-stated = not stated
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
