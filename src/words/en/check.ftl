# Findings of `check`: what is so, and what to do. Parts of sentences stand beside theirs.

check-rua-no-mx = { $host } has no MX record; mail goes to its address instead, which not everybody tries
check-rua-no-mx-fix = publish an MX record for { $host }
check-rua-agreed = , which agrees to take reports
check-rua-good = { $tag }: { $address }{ $agreed }
check-rua-name-too-long = { $tag } { $address }: { $host } can't agree to take reports, because { $name } is longer than a name may be
check-rua-name-too-long-fix = let reports go to a shorter domain
check-rua-no-txt = has no TXT record
check-rua-other-txt = has only TXT records of another kind
check-rua-unauthorised = { $tag } { $address }: { $host } is external and does not authorise it, so no report is sent there: { $name } { $what } "v=DMARC1"
check-rua-unauthorised-fix = ask the owner of { $host } to publish this record, or choose an address in your own domain
check-rua-elsewhere = { $tag } { $address }: the record at { $name } sends reports to { $elsewhere } instead, which is not { $host }, so none is sent
check-rua-elsewhere-fix = ask the owner of { $host } to remove rua from it (RFC 9990 4)
check-rua-null-mx = says that it takes no mail (null MX)
check-rua-nowhere = has neither an MX record nor an address
check-rua-mx-no-address = has only mail servers (MX) without an address
check-rua-undeliverable = { $tag } { $address }: { $host } { $what }, so reports can't be delivered
check-rua-undeliverable-fix = correct the MX records of { $host }, or choose another address
check-dmarc-less = , which protects less
check-dmarc-differs = { $name }: DNS differs from the settings{ $less }: { $differences }
check-dmarc-differs-fix = publish the record of the settings, or change the settings with `ruascope dmarc set`
check-dmarc-weakened = { $name }: the policy was weakened: since { $day } the record protects less than the one before
check-dmarc-weakened-fix = if nobody of yours did it, publish the record before, and look for who can change the zone
check-dmarc-difference = { $tag }: DNS says { $published }, the settings mean { $meant }
check-dkim-missing = { $domain } has no DKIM key at all: { $name } does not exist
check-dkim-missing-fix = make one with `ruascope dkim new { $domain }`
check-dkim-not-known = { $domain } seems to have DKIM keys, but neither settings nor reports name their selectors
check-dkim-not-known-fix = name them in [[domain.dkim]], or try well known ones with --all-selectors
check-dkim-draft = { $selector }: a draft, not in DNS yet
check-dkim-several = selector { $selector }: { $name } has { $count } TXT records, and verifiers may take any of them
check-dkim-several-fix = leave only the key (RFC 6376 3.6.2.2)
check-no-name = the name does not exist
check-dkim-no-txt = it has no TXT record
check-dkim-alias-nowhere = selector { $selector }: { $name } is an alias (CNAME) of { $alias }, where no key is found{ $used }
check-dkim-gone = selector { $selector }: no key is found at { $name } ({ $what }){ $used }
check-dkim-publish = publish the key
check-dkim-gone-fix = publish the key of { $selector } again, or sign with a selector whose key is there
check-dkim-meant = , and the settings say that it signs
check-dkim-signs = ; reports show { COUNT($mails, "mail") } signed with it, the last on { $day }
check-dkim-of-selector = selector { $selector }: { $text }
check-dkim-t-strict = selector { $selector }: t=s at { $name }: signatures whose i= names a subdomain do not verify
check-dkim-differs = selector { $selector }: the key at { $name } differs from the public half of your private key, so signatures do not verify
check-dkim-differs-fix = publish the record of your key
check-dkim-good = { $selector } ({ $size })
check-dkim-withdrawn = { $selector }: withdrawn (p is empty)
check-dkim-revoked = selector { $selector }: the key at { $name } is revoked (p is empty){ $used }
check-dkim-revoked-fix = publish the key again, or sign with another
check-dkim-draft-published = selector { $selector }: its key is in DNS, and the settings still call it a draft
check-dkim-unused = selector { $selector }: nothing was signed with it for { COUNT($days, "day") }
check-dkim-unused-fix = if nothing that sends rarely uses it, it may be revoked: publish it with an empty p
check-dkim-retired = selector { $selector }: it is retired, and its key is still in DNS
check-dkim-retired-fix = it may be revoked: publish it with an empty p
check-dkim-no-key = no key
check-dkim-old = selector { $selector }: by its name the key is { COUNT($days, "day") } old
check-dkim-old-fix = make a new one once a year: `ruascope dkim rotate { $domain }`
check-dmarc-no-p = no p
check-dmarc-seen = , seen by { $same } of { COUNT($reporters, "reporter") }
check-dmarc-good = 1 record, p={ $policy }{ $seen }
check-dmarc-ttl-long = { $name }: receivers keep the record for up to { $ttl_s } s, so a change takes long to be undone
check-dmarc-ttl-long-fix = publish it with a TTL of an hour before you tighten the policy
check-dmarc-parked = { $domain } sends no mail, but { $tags } does not ask to reject what is sent in its name
check-dmarc-parked-fix = publish p=reject, without sp and np, or with both of them reject
check-dmarc-p-none = { $domain }: p=none only asks for reports; mail that fails is delivered as ever
check-dmarc-p-none-fix = `ruascope recommend` says when to tighten it
check-dmarc-sp-none = { $domain }: sp=none asks nothing of mail in the name of subdomains that fails
check-dmarc-sp-none-fix = remove sp when the subdomains' mail passes
check-dmarc-sp-ignored = { $domain }: sp and np are looked at only in the record of { $above }
check-dmarc-sp-ignored-fix = remove them here (RFC 9989 4.10.1)
check-dmarc-multiple = { $name }: there are { $count } DMARC records, and receivers then apply none of them
check-dmarc-multiple-fix = leave one of them (RFC 9989 4.10)
check-dmarc-inherited = no record of its own; { $above } says { $policy } for its subdomains
check-dmarc-of-above = the record of { $above } applies instead
check-dmarc-alias-nowhere = { $name } is an alias (CNAME) of { $alias }, where no DMARC record is found
check-dmarc-alias-nowhere-fix = publish the record at the target, or replace the alias by it
check-dmarc-no-policy = receivers apply no policy to mail in the name of { $domain }
check-dmarc-no-txt = no such TXT record
check-dmarc-missing = { $name }: no DMARC record is there ({ $what }): { $meaning }
check-dmarc-missing-fix = publish the record of the settings
check-dmarc-begin = begin with p=none, and an address that reports go to
check-dmarc-almost = { $name }: a DMARC record is there that receivers do not take for one: { $fault }
check-dmarc-almost-fix = publish it so that it begins with v=DMARC1; and has no quotes inside
check-dmarc-fault-v = it does not begin with v=DMARC1
check-dmarc-fault-blank = a blank stands before it
check-dmarc-fault-quotes = quotes stand around it
check-dmarc-fault-case = its v is not DMARC1 in capital letters
check-dmarc-an-spf = an SPF record
check-dmarc-a-txt = a TXT record that is no DMARC record
check-dmarc-unrelated = { $name }: { $kind } stands there as well; some receivers stumble over it
check-dmarc-unrelated-fix = remove it; if nobody put it there, a wildcard or an alias answers for this name
check-dmarc-misplaced = { $place }: a DMARC record stands there and counts for nothing: receivers look only at { $name }
check-dmarc-misplaced-fix = move it to { $name }
check-dmarc-that-of = that of { $at }
check-dmarc-walk-differs = { $domain }: receivers apply different records: { $by_walk } by the tree walk of RFC 9989, { $by_suffix } by public suffixes as before it
check-dmarc-walk-differs-fix = publish a record at _dmarc.{ $domain } itself
check-dmarc-organization = { $domain }: its organisational domain is { $by_walk } by the tree walk of RFC 9989 and { $above } by public suffixes, so relaxed alignment differs between receivers
check-dmarc-organization-both = publish a record at _dmarc.{ $above } too, so that both find the same
check-dmarc-organization-psd = publish psd=n at _dmarc.{ $above }, so that the tree walk ends there
check-of-record = { $subject }: { $text }
check-unanswered = { $name }: DNS did not answer, so what stands there is unknown: { $why }
check-run-online = run it without --offline
check-correct-cname = correct the CNAME records
check-run-again = run it again; if it stays so, look at the name servers of the zone
check-offline = { $domain }: nobody was asked (--offline), so everything is unknown
check-dnssec-missing = { $domain } is not signed with DNSSEC, so answers about it can be forged
check-dnssec-missing-fix = turn it on where the zone is kept
check-adsp-historic = { $name }: ADSP is historic (RFC 5617), and receivers do not look at it
check-adsp-historic-fix = remove it: DMARC took its place
check-mx-null-beside = { $domain }: a null MX stands beside other MX records, which contradict it (RFC 7505 3)
check-mx-null-beside-fix = remove the null MX, or the others
check-mx-without-address = { $domain }: its mail server { $host } has no address
check-mx-without-address-fix = publish its address, or remove the MX record
check-mx-null-and-sends = { $domain } takes no mail (null MX), so bounces of what it sends go nowhere
check-mx-null-and-sends-fix = if it sends nothing either: v=spf1 -all, and p=reject
check-mx-parked = { $domain } sends no mail, and does not say that it takes none
check-mx-parked-fix = publish a null MX: MX 0 .
check-mta-sts-missing = { $domain } has no MTA-STS: mail to it may be sent unprotected when somebody interferes
check-mta-sts-missing-fix = RFC 8461: a policy at mta-sts., and a record v=STSv1
check-mta-sts-id = { $name }: the MTA-STS record has no usable id, so it counts for nothing
check-mta-sts-id-fix = write id= with 1 to 32 letters and digits
check-mta-sts-no-host = { $name }: an MTA-STS record is there, but mta-sts.{ $domain }, where the policy has to be, has no address
check-mta-sts-no-host-fix = publish the host, or remove the record
check-mta-sts-several = { $name }: there are { $count } MTA-STS records, so none counts
check-leave-one = leave one of them
check-tls-rpt-missing = { $domain } asks for no TLS reports (TLS-RPT)
check-tls-rpt-rua = { $name }: the TLS-RPT record has no usable rua
check-tls-rpt-rua-fix = write rua=mailto:name@domain, or https:
check-tls-rpt-several = { $name }: there are { $count } TLS-RPT records, so none counts
check-bimi-missing = { $domain } shows no logo (BIMI)
check-bimi-missing-fix = worth a thought once p=quarantine or p=reject holds
check-bimi-location = { $name }: the BIMI record has no l= with an https address
check-bimi-location-fix = write l=https://…/logo.svg
check-bimi-declined = BIMI: declined
check-bimi-not-enforced = { $name }: a BIMI record is there, but logos are shown only when p and sp are enforced on all mail
check-bimi-not-enforced-fix = tighten the policy first
check-spf-multiple = { $domain }: there are { $count } SPF records, so all mail ends as permerror (RFC 7208 4.5)
check-spf-multiple-fix = put them together into one
check-spf-alias-nowhere = { $domain }: no SPF record is found behind its alias (CNAME) { $alias }
check-spf-missing = { $domain }: no SPF record is there
check-spf-parked-fix = say that nobody sends mail as this domain
check-spf-missing-fix = `ruascope spf suggest { $domain }` puts one together; the smallest is { $text }
check-spf-sender-id = a Sender ID record is historic, and nobody looks at it
check-remove-it = remove it
check-spf-no-blank = a TXT record looks like SPF, but no blank follows v=spf1, so it counts for nothing
check-spf-no-blank-fix = write v=spf1, a blank, and then the terms
check-spf-no-version = a TXT record looks like SPF, but does not begin with v=spf1, so it counts for nothing
check-spf-no-version-fix = publish it without quotes and blanks before v=spf1
check-spf-parked = { $domain } sends no mail, but its SPF record names senders
check-spf-good = 1 record, { $lookups } of { $max } look-ups
check-spf-lookups = { $domain }: SPF takes { $count } DNS look-ups and 10 are allowed, so mail ends as permerror; beyond the tenth: { $beyond }
check-spf-lookups-fix = drop what sends no mail any more, or replace terms by ip4: and ip6:
check-spf-lookups-near = { $domain }: SPF takes { $count } of the 10 DNS look-ups that are allowed
check-spf-lookups-near-fix = a change in an included record can break it: drop what sends no mail any more
check-spf-void-lookups = { $domain }: { $voids } terms of SPF find nothing in DNS (void look-ups) and 2 are allowed, so mail ends as permerror: { $terms }
check-spf-void-lookups-fix = remove the terms that lead nowhere
check-and-more = { $list } and { $more } more
check-spf-void = { $term }: { $target } has no such record, so the term names nobody
check-spf-void-fix = correct the name, or remove the term
check-spf-include-missing = { $term }: { $target } has no SPF record, so mail that gets here ends as permerror
check-spf-include-missing-fix = correct the name, or remove the term (RFC 7208 5.2)
check-spf-include-multiple = { $term }: { $target } has { $count } SPF records, so mail that gets here ends as permerror
check-spf-include-multiple-fix = tell its owner; until then list the networks with ip4: and ip6:
check-spf-loop = { $term }: { $target } leads back to a record on the way to it (a loop), so mail ends as permerror
check-spf-loop-fix = remove the term that closes the circle
check-spf-mx-many = { $term }: { $target } has { $count } mail servers, and more than 10 end as permerror (RFC 7208 4.6.4)
check-spf-mx-many-fix = list the networks with ip4: and ip6:
check-spf-included = { $domain }: a record that SPF includes is wrong: { $text }
check-spf-included-fix = tell the owner of { $other }, or remove the term that leads there
check-spf-uncovered = { $domain }: SPF does not cover { $networks } of your sender "{ $sender }"
check-spf-uncovered-fix = list its addresses with ip4: and ip6:, or correct the sender in the settings
check-dmarc-nothing = nothing
check-dmarc-none = none
check-head = { $domain }: SPF { $spf }, DKIM { $dkim }, DMARC { $dmarc }
check-more = MORE
badge-set = set
badge-broken = broken
badge-missing = missing
badge-unknown = unknown
severity-info = info
severity-warning = warning
severity-critical = error
finding-line = { $severity }: { $text }; { $advice }
check-dmarc-unseen = { $name }: { $share } % of the mail of the last days was judged by another policy than p={ $policy }, which DNS has ({ $other } of { COUNT($mails, "mail") })
check-dmarc-unseen-fix = look whether all name servers of the zone say the same; `ruascope dmarc show` lists who saw what
check-dmarc-unseen-wait = it passes when the record was changed lately; `ruascope dmarc show` lists who saw what
check-alias-beside = { $name }: an alias (CNAME) of { $alias } stands beside a TXT record, so that it depends on chance which of them is found (RFC 1034 3.6.2)
check-alias = { $name } is an alias (CNAME): { $name } > { $chain }; who keeps { $last } decides what stands there
check-spf-type-same = it says what the TXT record says
check-spf-type-other = it says something else than TXT, and some old receivers may still ask for it
check-spf-type = { $domain }: a record of the type SPF (99) is there, which is out of use (RFC 7208 3.1): { $what }
check-spf-type-fix = remove it, and keep the TXT record
check-exp-ascii = exp={ $name }: the explanation has letters beyond ASCII, so receivers leave it out
check-exp-ascii-fix = write it in ASCII
check-exp-several = { $count } TXT records are there
check-exp-none = no TXT record is there
check-exp = exp={ $name }: { $what }, so whoever is turned away gets no explanation; nothing else comes of it
check-exp-fix = publish one TXT record there, or remove exp=
check-servers-agree = { COUNT($spoke, "server says", "servers say") } the same
check-servers-differ = { $name }: the name servers of the zone differ, so it depends on chance what a receiver finds: { $told }
check-servers-differ-fix = look whether all of them have the zone of today, and compare the serials of its SOA
check-resolver-differs = { $name }: a resolver says something else than the name servers of the zone: { $told }
check-resolvers-differ = { $name }: the resolvers differ: { $told }
check-resolver-patience = , for up to { $ttl_s } s
check-resolver-differs-fix = a resolver remembers what was there before{ $patience }; `ruascope check { $domain } --wait 1h` waits for it
check-servers-at = { $text } at { $servers }
check-servers-silent = { $domain }: name servers of the zone were not heard from here, so they are not compared: { $servers } ({ $why })
check-servers-silent-fix = nothing, where the network lets nobody ask them; else look at these servers
check-of-domain = { $domain }: { $what }
dns-timed-out = timed out
dns-unreachable = no server could be reached
dns-server-failed = the server failed (SERVFAIL)
dns-refused = the server refused
dns-alias-loop = aliases (CNAME) lead in a circle or through too many names
dns-malformed = the answer is malformed
dns-offline = nobody was asked (offline)
