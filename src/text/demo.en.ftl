# What `datadeal demo` says around the stories, and answers in short. The keys are those of demo.nl.ftl.

## An answer in short

short-permit = Yes: the law allows it, and no condition stands in the way.
short-partial = In part: { $granted } of the { $asked } columns now.
short-partial-waits = In part at most: { $waiting } of the { $asked } columns wait for a person, the others are closed.
short-review = Not yet: { $n ->
    [one] one person must look at it.
   *[other] { $n } persons must look at it.
}
short-no-ground = No: the law gives this applicant no way for this, whatever else it answers.
short-only = it is open to: { $grounds }
short-instead = instead: { $titles }
short-because = { $label } – { $helps }
short-more = { $n } more
short-columns-yes = yes: { $columns }
short-columns-wait = waits: { $columns } – { $why }
short-columns-unknown = something is missing: { $columns } – { $why }
short-columns-no = no: { $columns } – { $why }
short-columns-no-ground = no ground in law: { $columns }

## The demo

demo-title = Six datasets, and who may use them
demo-intro = An owner of data that are not open writes down, once, who may reuse them, and for what. Whoever wants them hears within seconds whether that is allowed, and if not, what is missing. Both sign the deal, and everything is kept in a log that anyone can check. You see it happen below. The datasets are real; the rest is an example, not an act of the bodies named. The portal was made a moment ago in a temporary folder: every answer is computed, every signature is set and checked.
demo-story = { $number }. { $title }
demo-step = { $date } – { $say }
demo-word-asks = asks
demo-word-answer = answer
demo-word-approved = approved
demo-word-not-approved = refused
demo-word-decided = decided
demo-word-deal = deal
demo-word-stopped = stopped
demo-word-evidence = evidence
demo-word-verified = verified
demo-asks = { $who }: { $columns } for “{ $purpose }”
demo-asks-nobody = somebody: { $columns } for “{ $purpose }”
demo-asks-columns = { $n ->
    [one] one column,
   *[other] { $n } columns,
}
demo-asks-level = { $columns } as: { $level },
demo-declines = declines: { $label }
demo-approved = { $approval } ({ $who })
demo-decided-at-once = { $result } at once, by the published conditions; no person was needed
demo-decided-complete = { $result }, now that nothing is missing
demo-decided-person = { $result }, by a person with a mandate; one can object to { $body } until { $until }
demo-decided-withdrawn = withdrawn
demo-deal = { $number }, { $columns ->
    [one] one column
   *[other] { $columns } columns
}, until { $until }, { $clauses ->
    [one] one clause
   *[other] { $clauses } clauses
}; { $state ->
    [offered] offered, to be signed before { $offer }
    [active] signed by both
    [suspended] suspended
    [revoked] ended by the owner
   *[other] { $state }
}
demo-stopped = the portal does not do it; nothing was written
demo-stopped-condition = the portal does not do it: “{ $label }” holds no longer. Nothing was signed.
demo-evidence = { $facts }: counts from now on
demo-verified = { $deals ->
    [one] the deal, from one file
   *[other] { $deals } deals, each from one file
}, without this portal: { $valid ->
    [yes] valid
   *[no] NOT VALID
} ({ $checks } checks: signatures, log, keys, mandates, the decision made again)
demo-differs = This came otherwise than the story promises: { $what }
demo-tamper = And if somebody cheats?
demo-tamper-file = Somebody opens the file of deal { $number } and lets it run until { $until }.
demo-tamper-owner = The owner does the same, and signs the changed deal anew with its own, real key. The signature is right.
demo-word-caught = caught
demo-caught-signature = { $must }: the signature is not of these words. One changed letter is enough.
demo-caught-log = { $must }: this deal is not in the log. What was signed in secret was never published, so it does not count.
demo-caught-other = { $must }: { $what }
demo-caught-more = { $n ->
    [one] One check of { $all } failed.
   *[other] { $n } checks of { $all } failed.
}
demo-end = What is left of it
demo-counts = { $stories } stories, { $requests } requests, { $deals } deals, { $records } signed records, each saying that it is an example.
demo-log = The log has { $size } entries. All of it hangs on one number, its root: { $root }
demo-audit = An auditor read the whole log again: { $findings ->
    [one] one finding
   *[other] { $findings } findings
}, { $replayed } decisions made again with the same outcome.
demo-next = How to go on
demo-next-init = make a portal of your own
demo-next-test = run the cases of one of these stories
demo-next-check = check ready-made conditions, or your own
demo-next-help = everything else
demo-gone = The temporary folder has been removed.
demo-telling = telling the stories
