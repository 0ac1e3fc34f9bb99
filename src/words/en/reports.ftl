# `reports`: the list, and one report.

reports-none = no reports. Take some in: ruascope ingest PATH
column-id = ID
column-begin = Begin (UTC)
column-records = Records
column-notes = Notes
column-standing = { "" }
column-header-from = Header From
column-measured = Measured
report-conflicts = not counted: conflicts
report-partial = partial
report-id = report
report-reporter = reporter
report-contact = contact
report-domain = domain
report-period = period
report-from = from
report-policy = policy seen
report-error = error
report-standing = standing
report-from-to = { $first } to { $last }
report-not-counted = kept, not counted: another report with the same identity came first
report-is-partial = partial: read out of damaged bytes and accepted by hand
report-nothing-odd = nothing odd about it
report-odd = odd about it:
report-times = , { $times } times
report-note = { $said } (byte { $offset }{ $times })
