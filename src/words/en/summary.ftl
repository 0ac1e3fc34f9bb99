# Words of ruascope in English. Values are numbers, or text that is escaped already.

## Counted things

n-mails = { $n ->
    [one] { $n } mail
   *[other] { $n } mails
  }
n-reports = { $n ->
    [one] { $n } report
   *[other] { $n } reports
  }
n-reporters = { $n ->
    [one] { $n } reporter
   *[other] { $n } reporters
  }
n-domains = { $n ->
    [one] { $n } domain
   *[other] { $n } domains
  }
n-days = { $n ->
    [one] { $n } day
   *[other] { $n } days
  }
share-of-mails = { $share } of { $mails }
count-of-share = { $n }
few-of-many = { $part } of { $whole }
share-as-domain = { $share } as { $domain }

## Head

title = DMARC summary
title-of = DMARC summary: { $scope }
scope-all = All domains
scope-domain = { $domain }
period-day = { $day } (UTC)
period-days = { $first } to { $last } (UTC)
coverage = { $reports } from { $reporters }
about = { $scope }, { $period }: { $coverage }. { $age }
about-period = { $period }: { $coverage }. { $age }
age-none = There is no report yet.
age-fresh = The newest report ended less than a day ago.
age-days = { $n ->
    [one] The newest report ended { $n } day ago.
   *[other] The newest report ended { $n } days ago.
  }
verdict-no-mail = There is no mail in { $reports }.
verdict-none-failed = { $share } passed DMARC; none failed.
verdict-failed = { $share } passed DMARC; { $failed } failed.
verdict-failed-all-as = { $share } passed DMARC; { $failed } failed, all as { $domain }.
verdict-failed-most-as = { $share } passed DMARC; { $failed } failed, most of them as { $domain } ({ $part }).
verdict-failed-more-as = { $share } passed DMARC; { $failed } failed, more as { $domain } ({ $part }) than as any other domain.
before-day = the day before
before-days = the { $days } before
before-dates = the period { $first } to { $last }
days-between = { $first } to { $last }
comparison-none = There are no reports from { $before } to compare with.
comparison-past = In { $before }, { $share } passed and { $failed } failed.
comparison-same = The share that passes is the same now.
comparison-higher = The share that passes is { $points } points higher now.
comparison-lower = The share that passes is { $points } points lower now.

## Tables

heading-domains = Domains
heading-sources = Sources
heading-dispositions = What receivers did
heading-reporters = Reporters
heading-days = Days
heading-charts = Charts
heading-left-aside = Not in these numbers
heading-next = Next
column-domain = Domain
column-verdict = Verdict
column-policy = Policy
column-reports = Reports
column-mails = Mails
column-passed = Passed
column-failed = Failed
column-own = Own mail
column-address = Address
column-sender = Sender
column-class = Class
column-source = Source
column-both = Both
column-dkim-only = DKIM only
column-spf-only = SPF only
column-by = By
column-reporter = Reporter
column-reporters = Reporters
column-seen = Seen
column-first-day = First day
column-last-day = Last day
column-done = Done
column-aligned = Aligned
column-trend = Day by day
more-domains = { $n ->
    [one] and { $n } more domain with { $mails }
   *[other] and { $n } more domains with { $mails }
  }
more-sources = { $n ->
    [one] and { $n } more source with { $mails }
   *[other] and { $n } more sources with { $mails }
  }
more-reporters = { $n ->
    [one] and { $n } more reporter with { $mails }
   *[other] and { $n } more reporters with { $mails }
  }
bars-mean = Bars: the share that passed, day by day; a dot stands for days without mail.
trend-worst = worst { $day }: { $failed } of { $mails } failed
trend-label = Most failed on { $day }: { $failed } of { $mails }
trend-none = No day on which mail failed
source-columns = Failed is aligned in neither DKIM nor SPF, both is aligned in both; by is how many reporters saw it.
failed-means = Failed mail may be your own and unsigned, forwarded by others, or sent by somebody who pretends to be you: this version does not tell them apart.
no-name = (no name given)
disposition-not-said = (not said)
disposition-delivered = { $word }: delivered
disposition-spam = { $word }: to spam
disposition-refused = { $word }: refused
disposition-other = { $word }
days-with-reports = { $n } of { $days } have reports.
days-most-failed = Most mails failed on { $day }: { $failed } of { $mails }.
days-most-mails = Most mails came on { $day }: { $mails }.
bars-mails = mails
bars-failed = failed
bars-highest = highest { $n }
stack-both = DKIM and SPF
stack-dkim-only = DKIM only
stack-spf-only = SPF only
stack-neither = neither: failed
label-verdict = Verdict
passed-dmarc = passed DMARC

## What to do

left-rejected = { $n ->
    [one] { $n } input that could not be used
   *[other] { $n } inputs that could not be used
  }
left-conflicting = { $reports } not counted: another with the same identity came first
left-other = { $reports } of another kind (TLS, failure or bounce)
next-sources = who sends, address by address
next-chart = mails a day as a picture
next-reports = the reports behind these numbers
no-data-store = There are no DMARC reports in the store yet.
no-data-period = There are no DMARC reports in this period. { $age }
no-data-domain = There are no DMARC reports for { $domain } in this period. { $age }
no-data-hint = take in a file, a folder, an mbox or a Maildir
footer = Made by ruascope from DMARC aggregate reports. Days are UTC days.

## Digest

heading-changes = Changed since { $day }
heading-tasks = To do (largest effect first)
heading-readiness = Readiness
heading-spoofing = Spoofing
heading-coverage = Coverage
decision-rollback = ROLL BACK
decision-fix = FIX
decision-investigate = UNCLEAR
decision-advance = ADVANCE
decision-hold = HOLD
decision-ask = ASK
decision-done = DONE
verdict-blind = No reports for { $days }: nothing of what is below is current.
verdict-fix = { $n ->
    [one] 1 of { $all } needs action: { $names }.
   *[other] { $n } of { $all } need action: { $names }.
  }
verdict-not-judged = Only the { $n } domains with the most failing mail were judged; `ruascope status` judges all { $all }.
verdict-own = Of your own mail, { $share } passed.
verdict-ask = Who is { $sender }? { $failing } of its mails as { $domain } fail.
verdict-fine = Nothing to do.
sender-spoof = (all together)
class-own = own
class-authorised = authorised
class-misconfigured = misconfigured
class-forwarder = forwarder
class-list = mailing list
class-gateway = gateway
class-spoof = suspected spoofing
class-unknown = unknown
policy-not-known = (none seen)
change-none = nothing
change-blind = ALARM: no reports for { $days }
change-sees-again = reports come again
change-fails-more = ALARM: more mail of { $domain } fails: { $now } (before: { $before })
change-fails-less = less mail of { $domain } fails: { $now } (before: { $before })
change-decided = verdict of { $domain } is now { $decision }
change-policy = receivers see policy { $now } for { $domain } (before: { $before })
change-new-domain = new domain { $domain }: { $mails }
change-new-sender = new sender of { $domain }: { $sender } ({ $class }), { $mails }, { $passed } passed
change-class = { $sender } of { $domain } is now { $class }
change-rejected = { $n ->
    [one] { $n } more input could not be used
   *[other] { $n } more inputs could not be used
  }
change-new-reporter = new reporter { $name }
change-more = { $n ->
    [one] and { $n } more change
   *[other] and { $n } more changes
  }
task-title = { $domain }: { $sender }, { $failing } of { COUNT($all, "failure") } of mail that is or may be yours ({ $share })
task-question = { $domain }: who is { $sender }? { $failing } of { COUNT($all, "failure") } of mail that is or may be yours ({ $share })
task-more = { $n ->
    [one] and { $n } more sender
   *[other] and { $n } more senders
  }
readiness-open = { $domain } to { $target }: { $passed } of { $all } checks pass; open: { $open }.
readiness-ready = { $domain } to { $target }: all { $all } checks pass.
readiness-reached = { $domain }: { $target } is reached.
readiness-earliest = Earliest change: { $day }.
readiness-impact = Changed today: about { $point } (at most { $upper }) own mails a day affected.
spoofing-line = { $mails } from { $n ->
    [one] { $n } source
   *[other] { $n } sources
  }: { $delivered } delivered, { $spam } to spam, { $refused } refused.
spoofing-names = Mostly { $names }.
coverage-line = { $reports } from { $reporters }: { $shares }.
coverage-share = { $name } { $share }
coverage-trust = { $reports } came by mail: { $parts }.
coverage-part-proven = { $n } signed by their reporter
coverage-part-unproven = { $n } not signed by their reporter
coverage-part-unknown = { $n } not verified yet
coverage-unproven = { $reports } came by mail, none of them signed by their reporter.
coverage-unknown = { $reports } came by mail; whether their reporters signed them was not verified yet.
coverage-new = { $reports } of reporters that have not sent before.
coverage-foreign = Not yours, so without advice: { $names }.
decision-foreign = not yours

## What the mail of a report proves
trust-mark-other = signed by another
trust-mark-failed = signature fails
trust-mark-no-key = key not published
trust-mark-unsigned = unsigned
trust-mark-unknown = not verified yet
trust-mark-new = new reporter
trust-proven = signed by { $domain }, as the report says
trust-other = signed by { $domain }, which is not whom the report names: anybody could have sent it
trust-failed = no signature verifies: the mail was changed, or was not sent by whom it names
trust-no-key = the key of its signature is not published, or no longer: it proves nothing
trust-unsigned = not signed: anybody could have sent it
trust-unknown = its signature is not verified yet: nobody was asked, or DNS did not answer
trust-new = this reporter has not sent before

## Alarms

alarms-none = No alarms.
heading-alarms = Alarms
alarm-line = { $domain }: { $sentence } { $days }
alarm-open = (since { $opened })
alarm-closed = (from { $opened } to { $closed })
alarm-failures = failures of { $subject } rose: { $detail }
alarm-volume = mails of yours a day: { $detail }
alarm-stopped = { $subject } stopped sending: { $detail } mails a day
alarm-spoofing = others send more in your name: { $detail } mails a day
alarm-new-source = { $subject } is new; { $detail } passed
alarm-policy-weakened = receivers judge by a weaker policy: { $detail }
alarm-policy-differs = receivers judge { $detail } of the mail by another policy than DNS has
alarm-key-removed = key { $subject } is gone from DNS, and mail is still signed with it: { COUNT($detail, "mail") } in a day
alarm-key-unused = key { $subject } has not been used since { $detail }, and may be revoked
alarm-key-old = key { $subject } is of { $detail }, over a year old
alarm-disagreement = reporters disagree about { $subject }: { $detail } pass
alarm-reporter-silent = { $subject } reported every day and is silent; it saw { $detail } of your mail
alarm-blind = no reports about { $subject }
alarm-bulk-sender = { $subject } counts you among its bulk senders (5,000 mails a day): { $detail } pass

## Mail

subject-blind = [DMARC] BLIND: no reports for { $days }
subject-problems-one = [DMARC] { $domain } needs action{ $detail }
subject-problems = [DMARC] { $n ->
    [one] 1 of { $all } needs action: { $names }{ $detail }
   *[other] { $n } of { $all } need action: { $names }{ $detail }
  }
subject-detail = { " " }({ $sender }: { $failing } fail)
subject-ask = [DMARC] { $scope }: who is { $sender }? { $failing } fail
subject-fine = [DMARC] { $scope }: OK, nothing to do ({ $mails })
subject-unknown = [DMARC] { $scope }: { $share } passed, { $failed } failed
subject-empty = [DMARC] { $scope }: no reports
chart-volume = Mails a day by DMARC result
chart-sources = The largest sources and how their mail aligns
