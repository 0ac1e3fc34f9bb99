# What is wrong with a record, by its text alone.

record-dmarc-psd = psd=y says that this name is a public suffix, such as com
record-dmarc-psd-fix = only registries may say so: remove it
record-dmarc-void = receivers apply no DMARC: the record counts for nothing
record-dmarc-void-fix = correct the errors in it
record-dmarc-p-missing = there is no p, so the record counts as p=none at best
record-dmarc-p-missing-fix = add p=none, p=quarantine or p=reject behind v
record-dmarc-p-not-second = p does not stand second; receivers before RFC 9989 may ignore the record
record-dmarc-p-not-second-fix = write v=DMARC1; p=…; and then the rest
record-dmarc-sp-weaker = subdomains are protected less than the domain: sp is weaker than p
record-dmarc-sp-weaker-fix = raise sp, or remove it so that p holds
record-dmarc-np-weaker = subdomains that do not exist are protected less than the domain: np is weaker than p
record-dmarc-np-weaker-fix = no honest mail comes from them: np=reject
record-dmarc-historic = { $name } is historic: receivers since RFC 9989 ignore it
record-remove = remove it
record-dmarc-rua-missing = no aggregate report is sent to you: there is no usable rua
record-dmarc-rua-missing-fix = add rua=mailto:…, to see who sends in your name
record-dmarc-rua-many = receivers need to send to no more than two addresses (RFC 7489 6.2)
record-dmarc-rua-many-fix = keep the two that matter
record-dmarc-ruf = hardly any large receiver sends failure reports
record-dmarc-ruf-fix = ruf may be left out
record-dmarc-fo-without-ruf = fo counts for nothing without ruf
record-dmarc-fo-both = fo has both 0 and 1, which exclude each other (RFC 9989 4.7)
record-leave-one = leave one of them
record-dmarc-pct = receivers since RFC 9989 ignore pct and apply the policy to all mail
record-dmarc-pct-fix = say t=y to test, or step back to a weaker p
record-dmarc-t = t=y: the policy is only tested, but receivers before RFC 9989 apply it in full
record-dmarc-t-fix = remove t=y when the test is over
record-dmarc-tag-unknown = no standard knows the tag { $tag }; receivers ignore it
record-dmarc-tag-unknown-fix = remove it, or correct its name
record-dmarc-policy-invalid = { $name }={ $value } is no policy, so the record counts as p=none at best
record-dmarc-policy-invalid-fix = write none, quarantine or reject
record-dmarc-value-number = a number from 0 to 100
record-dmarc-value-fo = letters out of 0, 1, d and s with `:` between them
record-dmarc-value-psd = y, n or u
record-dmarc-value-invalid = { $name }={ $value } counts for nothing: it has to be { $expected }
record-dmarc-value-invalid-fix = correct or remove it
record-uri-size-none = { $what } has a size that is none
record-uri-size-fix = remove `!` and what follows
record-uri-no-scheme = { $what } lacks `mailto:`, so no report goes there
record-uri-no-scheme-fix = write mailto: before the address
record-uri-scheme = { $what }: receivers send reports only to mailto:
record-uri-scheme-fix = give a mailto: address
record-uri-invalid = { $what } is no address, so no report goes there
record-uri-invalid-fix = write mailto:name@domain; `,` between addresses
record-uri-size = { $what }: sizes are ignored since RFC 9990
record-empty = nothing stands between two `;`
record-remove-one = remove one of them
record-no-equals = { $text } has no `=`
record-no-equals-fix = write tag=value, and `;` between tags
record-no-name = { $name } is no name of a tag
record-no-name-fix = names are letters; quotes and blanks do not belong there
record-case = the tag { $name } is not in lower case
record-case-fix = write tags in lower case
record-repeated = the tag { $name } stands twice, so the whole record counts for nothing
record-repeated-fix = leave only one
record-dkim-v-missing = there is no v
record-dkim-v-missing-fix = begin with v=DKIM1;
record-dkim-v-invalid = v={ $value } is no DKIM key: verifiers discard the record
record-dkim-v-invalid-fix = write v=DKIM1
record-dkim-v-not-first = v does not stand first: verifiers discard the record
record-dkim-v-not-first-fix = write v=DKIM1; first
record-dkim-k-unknown = k={ $value } is a kind of key that verifiers do not know
record-dkim-k-unknown-fix = use rsa or ed25519
record-dkim-h = h allows no sha256, and nobody may sign with sha1 any more (RFC 8301 3.1)
record-dkim-h-fix = remove h, or write h=sha256
record-dkim-s = s allows no email, so mail can't be verified with it
record-dkim-s-fix = remove s, or write s=email
record-dkim-t = t=y: the owner is testing, and verifiers treat failing mail as unsigned
record-dkim-t-fix = remove t=y when mail is signed
record-dkim-g = g is of RFC 4871 and counts for nothing
record-dkim-other = this is a record of another kind, and no DKIM key
record-dkim-p-missing = there is no p, so there is no key
record-dkim-show = publish the record that `dkim show` prints
record-dkim-revoked = p is empty: the key is withdrawn
record-dkim-revoked-fix = sign with another selector
record-dkim-blanks = there are blanks in p; some verifiers stumble over them
record-dkim-blanks-fix = split strings without a blank between them
record-dkim-base64 = p is not base64, so mail can't be verified
record-dkim-base64-fix = look for quotes, backslashes and missing parts; publish what `dkim show` prints
record-dkim-is-ed25519 = p is an Ed25519 key, but k says rsa
record-dkim-no-rsa = p is no RSA key
record-dkim-too-short = the key has { $bits } bits: verifiers refuse fewer than 1024 (RFC 8301 3.2)
record-dkim-short = the key has { $bits } bits: signers should use 2048 or more (RFC 8301 3.2)
record-dkim-rotate = make a key of 2048 bits with `dkim rotate`
record-dkim-long = the key has { $bits } bits: verifiers need to accept no more than 4096 (RFC 8301 3.2)
record-dkim-long-fix = use 2048 to 4096 bits
record-dkim-exponent = the exponent is 1 or even, so the key protects nothing
record-dkim-exponent-fix = make a new key
record-dkim-wrapped = p is an Ed25519 key inside a SubjectPublicKeyInfo; DKIM wants the bare 32 octets (RFC 8463 4)
record-dkim-no-ed25519 = p is no Ed25519 key, which has 32 octets
record-spf-long = the record has { $size } octets: answers over 512 may be cut (RFC 7208 3.4)
record-spf-long-fix = keep it below 450 octets
record-spf-all-pass = all: everybody may send mail as this domain
record-spf-all-fix = end with ~all or -all
record-spf-all-neutral = ?all: the record says nothing about other senders
record-spf-ptr = ptr is slow, and not to be used (RFC 7208 5.5)
record-spf-list = list the networks with ip4: and ip6:
record-spf-equals = { $name }={ $value } is ignored: a mechanism has `:`, no `=`
record-spf-equals-fix = write { $name }:{ $value }
record-spf-modifier = no standard knows the modifier { $name }
record-spf-host-bits = { $address }/{ $prefix } has bits behind its prefix, which are ignored
record-spf-host-bits-ip4 = write ip4:{ $network }/{ $prefix }
record-spf-host-bits-ip6 = write ip6:{ $network }/{ $prefix }
record-spf-huge = { $address }/{ $prefix } is a network of { $count } addresses
record-spf-huge-fix = list only the networks that send
record-spf-private = nobody outside sees mail come from { $address }
record-spf-private-fix = list the public address
record-spf-no-all = there is neither all nor redirect, so other senders count as neutral
record-spf-redirect = redirect is ignored beside all
record-spf-remove-two = remove one of the two
record-spf-after-all = nothing behind all is looked at
record-spf-after-all-fix = move it before all
record-spf-lookups = the record alone has { $count } terms that ask DNS, and 10 are allowed (RFC 7208 4.6.4)
record-spf-lookups-fix = replace some by ip4: and ip6:
record-spf-twice = { $domain } is included twice
record-spf-modifier-twice = this modifier may stand only once; all mail ends as permerror
record-spf-syntax = { $term }: { $why }; all mail ends as permerror
record-spf-syntax-fix = correct or remove the term
