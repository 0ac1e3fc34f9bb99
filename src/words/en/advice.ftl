# Decisions about the policy: gates, reasons, the way back.

trigger-r3 = failures of { $sender } rose from { $before } % to { $now } %
gate-independent = { COUNT($mails, "independent mail") }
gate-independent-need = >= { $mails }, or { COUNT($days, "day") } without a failure
gate-fine = fine
gate-cap = { COUNT($week, "own or unknown mail", "own and unknown mails") } a week, { $share } of all that fails{ $test }
fix-default-unknown = say what it is: `ruascope sources tag { $key } legit|forwarder|spoof|ignore`
fix-default = let it sign with DKIM as your domain, or use your domain as envelope sender and stand in your SPF record
why-no-record = there is no DMARC record
why-not-known = neither DNS nor a report says which policy is published
why-parked = nobody sends from it, so there is nothing to wait for
why-no-own-mail = reports came, and none of their mail is yours: say profile = "parked" if nobody sends from it
why-open = every gate is open
why-closed = closed: { $ids }
why-no-report = no report came yet: nothing can be concluded, so the policy stays as it is
why-silent = no report for { COUNT($days, "day") }, the last is about { $since }: the policy stays as it is
why-raised = the policy was raised { COUNT($days, "day") } ago, and { $what }
why-target-hit = the target is reached, and mail of yours is being acted on
why-target-broken = the target is reached, and DNS is broken: { $value }
why-target = the target is reached
back-r1 = R1: { $day } or more of your own mails (and { $share } %) are acted on in a day, or { $three } in three days
back-r2 = R2: a sender that you call critical loses a mail
back-r3 = R3: failures of one of your senders rise
back-r4 = R4: a new sender of yours passes with under 90 % of 10 or more mails a day
back-r5 = R5: two people complain within a day
trigger-r1 = { COUNT($mails, "of your own mails was", "of your own mails were") } quarantined or refused up to { $day }
trigger-r2 = { $sender }, which is critical, lost { COUNT($mails, "mail") }
trigger-r5 = { $complaints } people complained within a day, up to { $day }
trigger-r4 = { $sender } is new, and { $failed } of its { COUNT($mails, "mail") } failed
gate-few = few mails ({ $mails }), none failed in { COUNT($days, "day") } with mail
gate-no-own = no mail of yours
gate-pass = { $share } pass, at least { $bound }
gate-at-least = at least { $share }
gate-complete-unknown = completeness not known yet
gate-complete = { $share } complete
gate-largest = , { $name } { $share }
gate-reporters = { COUNT($seeing, "reporter") }{ $largest }; { $complete }
gate-reporters-need = >= { COUNT($reporters, "reporter") }; >= { $share }
gate-spf-lookups = SPF takes { $lookups } look-ups, { $max } are allowed
gate-ttl = the policy is kept for { $ttl_s } s by resolvers: set its TTL to { $max } s or less first
gate-records-need = records that work
gate-first-and-more = { $first } (and { $more } more)
gate-dns-unknown = not known: DNS was not asked, or did not answer
gate-sender = { $source } { $share }
gate-and-more = { " " }(and { $more } more)
gate-none-fails = none fails
gate-senders = { $senders }{ $more }
gate-senders-need = each passes >= { $share }
gate-unknown-large = ; { $large } of them over { COUNT($max, "mail") }
gate-unknown = { $share } of unknown senders{ $named }
gate-unknown-need = <= { $share }, none over { COUNT($max, "mail") }
gate-dkim-need = DKIM >= { $share }
gate-dkim-spf-need = DKIM >= { $share }, SPF only <= { $spf }
gate-dkim = DKIM { $share }, SPF only { $spf }
gate-shown-only = shown only
gate-risk-need = <= { $share }, or accept the risk
gate-risk = { COUNT($mails, "mail") } at risk, { $share }
gate-test-none = ; a test hits none
gate-cap-need = <= { $max } a week, <= { $share }
gate-month-end = month end in it
gate-no-month-end = no month end in it
gate-with-month-end = { " " }with a month end
gate-need-days = { COUNT($days, "day") }{ $month }
gate-time = { COUNT($days, "day") }, { $month_end }
gate-time-quarantine = { COUNT($days, "day") }, { $month_end }, { $at_quarantine } at quarantine
gate-time-quarantine-need = { COUNT($total, "day") }, { $window } at quarantine
gate-test-days = { COUNT($days, "day") } of test mode
gate-days = { COUNT($days, "day") }
gate-no-new = no new sender
gate-new = { $name } is new since { $day }
gate-unseen = { $new }; unseen { $share }
gate-unseen-need = none for { COUNT($days, "day") }; unseen <= { $share }
gate-key-gone = key { $selector } is gone from DNS, and mail was still signed with it on { $day }
gate-rose = failures of { $sender } rose, { $rise }, on { $day }
gate-no-alarm = no alarm
gate-quiet = none for { COUNT($days, "day") }
gate-due = { $sender } is due on { $day }, and failed last time
gate-none-due = none due
gate-due-need = no failing run due in { COUNT($days, "day") }

## Screens: verdicts

verdict-investigate = INVESTIGATE
meaning-advance = the next step may be published
meaning-hold = nothing to mend, only to wait for
meaning-fix = something is to be mended first
meaning-ask = the target is reached, and a sender is to be named
meaning-done = nothing to do
meaning-rollback = mail of yours is being lost
meaning-investigate = there is too little to decide on; keep what is published
word-own = own
word-authorised = authorised
word-misconfigured = misconfigured
word-forwarder = forwarder
word-list = list
word-gateway = gateway
word-spoof = spoof
word-unknown = unknown
confidence-low = low
confidence-medium = medium
confidence-high = high
cause-strict-only = strict-only
cause-reporter-disagrees = the reporter disagrees with what it measured
cause-not-judged = the reporter does not say whether they pass
cause-selector-unknown = selector-unknown
cause-key-missing = key-missing
cause-broken-in-transit = broken-in-transit
cause-not-in-spf = not-in-spf
cause-return-path-not-aligned = return-path-not-aligned
cause-no-signature = no-signature
cause-forwarder = forwarder
cause-list = list
cause-spoof = spoof

## Screens: status, watch, simulate

status-no-domains = no domains: take in reports with `ruascope ingest PATH`, or name one with `ruascope domain add`
question-who = Who is { $sender }? { $failing } of its { COUNT($mails, "mail") } failed. Say so, once:
status-newest = newest report: { $day }
status-no-reports = no reports yet
status-earliest = earliest { $day }
status-to = to { $step }
status-counts = { $n } domains: { $counts }
status-and-more = { $names } and { $n } more
column-spf = SPF
column-dkim = DKIM
column-dmarc = DMARC
column-own-mails = Own
column-pass = Pass
column-to-mend = To mend
watch-rollback = { $domain }: roll back: { $why }
watch-unknown = { $domain }: not known: { $why }
watch-holds = { $domain }: holds since it was tightened on { $day }
watch-quiet = { $domain }: not tightened in the last 30 days
simulate-no-reports = { $domain }: no reports, so nothing can be said about { $policy }
simulate-lost = { $domain } with { $policy }: { $point } of your mails a day are lost, at most { $upper }
simulate-replayed = replayed over { COUNT($days, "day") } from { $first } to { $last }
simulate-lost-means = Lost is quarantined or refused. Saved is the part of it whose reporters let such mail through so far.
simulate-today-means = Today is what is acted on in these days already.
column-mails-a-day = Mails/day
column-lost-a-day = Lost/day
column-at-most = At most
column-refused = Refused
column-saved = Saved
column-today = Today

## Screens: recommend

recommend-verdict = { $domain }: { $meaning }
recommend-why = Why: { $why }
recommend-policy = Policy { $step }
recommend-policy-none = No DMARC record
recommend-policy-unknown = No policy is known
recommend-since = { " " }since { $day }
recommend-inferred = { " " }(worked out)
recommend-state = { $policy }{ $since }; profile { $profile }{ $inferred }, whose target is { $target }; confidence { $confidence }
recommend-own = { COUNT($mails, "mail") } of yours, { $pass } pass (at least { $bound })
recommend-window = { COUNT($days, "day") } from { $first } to { $last }, { COUNT($reporters, "reporter") }: { $mail }. { $visible }
recommend-visible = Only mail to receivers that report is visible.
recommend-visible-share = Reports tell of { $share } of the { COUNT($all, "mail") } that you send a day: upper bounds of your mail are for all of it.
recommend-visible-none = Reports tell of none of the { COUNT($all, "mail") } that you send a day.
recommend-silent = { $name } used to report and is silent
recommend-next-level = the next level
recommend-gates = GATES to { $goal }: { $open } of { $all } open
gate-is-open = open
gate-is-closed = closed
gate-is-unknown = unknown
gate-opens = , from { $day } at the earliest
gate-line = { $value }; needs { $need }{ $opens }
gate-title-time = time
gate-title-test = test mode
gate-title-amount = amount
gate-title-passing = passing
gate-title-each = each sender
gate-title-unknown = unknown
gate-title-senders = senders
gate-title-alarms = alarms
gate-title-reporters = reporters
gate-title-dkim = DKIM
gate-title-forwarded = forwarded
gate-title-dns = DNS
gate-title-runs = runs
gate-title-harm = harm
recommend-to-mend = TO MEND, most failing mails first
recommend-blocker = { $source } ({ $class }): { $failing } of { COUNT($mails, "mail") } failed, { $share } of the failures of mail that is or may be yours [{ $reasons }]
recommend-see = see { $command }
recommend-more = and { $more } more (--format json has all)
recommend-a-day = { $point } (at most { $upper })
recommend-impact = MAIL THAT FAILS, a day: what a policy in force acts on
recommend-impact-line = own { $own }; forwarded or by lists, at risk { $indirect }; unknown { $unknown }; spoofed { $spoof }
recommend-publish = PUBLISH
recommend-ttl = Set the TTL of the present record to 300 s a day before, and back a week after. Old answers live as long as the old TTL; reports show the change after a day or two.
recommend-when-open-from = WHEN THE GATES ARE OPEN, { $day } at the earliest, publish
recommend-when-open = WHEN THE GATES ARE OPEN publish
recommend-change = CHANGE in the record that you publish
recommend-change-only = Keep everything else of it as it is. The whole record can't be written out: DNS did not say where your reports go, and the settings name no rua; without it reports would end.
recommend-roll-back = ROLL BACK to this record
recommend-as-soon-as = as soon as one of these holds:
explain-heading = WHERE THE NUMBERS COME FROM
explain-dns = DNS has at _dmarc.{ $at }: { $text }
explain-no-policy = no policy
explain-seen = DNS was not asked or did not answer; reporters saw p={ $p }
explain-missing = DNS has no DMARC record
explain-own = Own mail is that of sources classed own, authorised and misconfigured; spoofed mail is in no number.
explain-independent = Mails of a day fare alike, so { COUNT($mails, "mail counts", "mails count") } as { COUNT($observations, "independent one") } (design effect { $effect }).
explain-bounds = Bounds are one-sided, 95 %: Wilson for shares, gamma for mails a day.
explain-none = none
explain-reporters = Reporters: { $shares }; as much as { $equal } equal ones.
explain-thresholds = Thresholds are [gates.quarantine] and [gates.reject] of the settings; docs/advice.md explains each.
dns-not-asked = DNS is not asked, since the settings name no domain: `ruascope domain add example.com` names yours, `ruascope check example.com` asks once
