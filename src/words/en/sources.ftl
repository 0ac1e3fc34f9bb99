# `sources`: who sends, and one source with all that is known.

sources-none = no sources: no reports in this period. Take some in: ruascope ingest PATH
sources-failing = { $name }: { $failing } of { $mails } mails fail
sources-cut = the largest { $most }; all with --limit N or --format csv
column-fail = Fail
column-ips = IPs
column-first = First
column-last = Last
column-why = Why
column-reporters-all = Reporters
column-from = From
column-results = Results
word-pass = pass
word-fail = fail
source-head = { $name } ({ $key }): { $class }, confidence { $confidence }
source-mails = { $mails } mails, { $passed } passed; { $addresses } addresses
source-failed = { $mails } failed: { $cause }
source-addresses = addresses: { $addresses }
source-reports = the reports: `ruascope reports --domain { $domain }`, one with its records: `ruascope reports ID`, its bytes: `ruascope reports ID --xml`
sender-spoofed = spoofed mail
sender-forwarders = other forwarders
sender-lists = other lists
sender-gateways = other gateways
sender-unknowns = other unknowns
sender-own = servers of { $domain }
sender-signs = signs with { $selector }
