# What to do about a sender.

fix-say-what = Say what it is: `ruascope sources tag { $key } legit --domain { $domain }`, or forwarder, spoof, ignore; until then it counts against readiness
fix-strict = Publish adkim=r and aspf=r in the DMARC record of { $domain }, or sign and bounce with the very name of the author address
fix-disagrees = By what the reporter itself measured these mails align, and yet it counts them as failed: nothing to mend where other reporters let such mails pass; a signature as { $domain } itself, not as a name below it, is understood by all
fix-not-judged = The reporter measured these mails and does not say whether they pass; they are counted as not passed, and there is nothing to mend on their account
fix-internal = Only addresses of internal networks were reported, which no SPF record can name: they are the reporter's own way of passing mail on
fix-selector-unknown = Publish the key { $selector }._domainkey.{ $domain } that this sender signs with, or have it sign with a selector that is published
fix-key-missing = Publish { $selector }._domainkey.{ $domain } again: mails are still signed with it and the key is gone or revoked
fix-broken = Look for what changes mails after they are signed with { $selector } (footers, scanners, re-encoding), and sign last
fix-sign-here = Sign with DKIM for { $domain } on this server, or send through one that signs
fix-envelope = Use an envelope sender (return path) of { $domain } or below it, and let SPF pass there for { $address }
fix-spf = Add { $address } to the SPF record of the envelope domain: `ruascope spf suggest { $domain }`
fix-service = { $fix } ({ $domain })
fix-service-cannot = { $service } can't authenticate as { $domain }: let it send from an address of its own, or from a subdomain with a record of its own
