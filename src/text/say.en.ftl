# Dates, periods, amounts and small words. Frozen with the agreement: its digest stands in every deal (SPEC section 5).

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
