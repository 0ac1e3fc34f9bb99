# `dmarc` and `domain`.

column-profile = Profile
column-selectors = Selectors
profile-people = people
profile-machine = machine
profile-parked = parked
domain-list-none = no domain is in the settings: they are taken from the reports
error-not-added = { $domain } was not added
dmarc-meant = meant
dmarc-published = published
dmarc-observed = observed
dmarc-applies = applies
dmarc-differs = differs
dmarc-meant-nothing = nothing in the settings
dmarc-published-none = no record at _dmarc.{ $domain }
dmarc-published-unknown = unknown: { $why }
dmarc-observed-none = no report yet
dmarc-observed-by = { $policy } by { COUNT($reporters, "reporter") }, last on { $day }
dmarc-why-none = no record applies: none stands at _dmarc.{ $domain } or above it
dmarc-why-unknown = which record applies is unknown: DNS did not answer
dmarc-why-nothing = the record at _dmarc.{ $domain } applies, and counts for nothing
dmarc-why-own = its own record applies: { $tag }={ $policy }
dmarc-why-above = the record of { $above }, the organisational domain, applies: { $tag } says { $policy }
dmarc-why-above-np = the record of { $above }, the organisational domain, applies: { $tag } says { $policy }, because the name does not exist
dmarc-before-rfc = receivers before RFC 9989 apply the record of: { $above }
dmarc-before-rfc-none = receivers before RFC 9989 apply the record of: none
error-rua-own = { $receiver } needs no record to take its own reports
error-rua-long = the name of the record would be longer than 253 octets, so receivers can't look it up
hint-rua-shorter = let reports go to a shorter domain
error-no-address = { $text } is no address for reports
error-no-policy-yet = { $domain } has no policy yet
error-reject = p=reject makes receivers refuse what fails, also { $domain }'s own mail: it is lost for good, and nobody can get it back
hint-reject = `ruascope recommend { $domain }` says whether it is time; --force sets it on your own risk
error-no-policy = { $domain } has no policy in the settings
dmarc-removed = large receivers refuse bulk mail from domains without DMARC; p=none asks for reports and nothing else
