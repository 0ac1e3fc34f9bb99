# Errors of mailboxes and mail servers, and what to check.

secret-what-password = password
secret-what-token = token
secret-what-url = url
secret-what-key = key
secret-file = could not read the { $what } file { $path }
secret-file-empty = the { $what } file is empty
secret-variable = the environment variable for the { $what } is not set
secret-command-start = could not start the { $what } command
secret-command-late = the { $what } command did not end within { $seconds } s
secret-command-failed = the { $what } command failed with { $status }
secret-command-unread = could not read what the { $what } command prints
secret-command-much = the { $what } command prints more than { $bytes } bytes
secret-command-nothing = the { $what } command printed nothing
hint-secret-file = `{ $what }_file` has to be readable for the user that runs this
hint-secret-variable = set the variable that `{ $what }_env` names, also where cron or systemd starts the program
hint-secret-command = run the `{ $what }_command` of the settings by hand, as the user that runs this
hint-secret-late = `{ $what }_command` must not wait for anybody; if it only is slow, raise `limits.command_timeout_s`
oauth-no-way = the settings name no way to an access token
hint-oauth-no-way = set `token_command`, or `client_id` and `token_url`
oauth-no-tls = secrets are not sent without TLS
hint-oauth-no-tls = `token_url` has to begin with https://
oauth-no-token = the token server's answer has no access token
hint-oauth-url = check `token_url`
oauth-not-kept = the provider gave a new refresh token, which could not be written to { $path }: { $why }; make the file and its folder writable for the user that runs this, before the old token runs out
oauth-unreachable = could not ask for an access token at { $url }
hint-oauth-unreachable = check `token_url`, and whether this machine may connect there
oauth-refused = the token server refuses (status { $status }): { $why }
hint-oauth-grant = the refresh token has run out or was withdrawn: make a new one, see docs/mailboxes.md
hint-oauth-client = check `client_id` and `client_secret_file`
hint-oauth-all = check `token_url`, `client_id` and `refresh_token_file`, see docs/mailboxes.md
imap-doing = { $doing }: { $message }
imap-explained = { $message } ({ $why })
imap-refuses = the server refuses: { $text }
imap-bad = the server does not understand: { $text }
imap-bye = the server hangs up: { $text }
imap-cut = the connection was cut
imap-unreadable = the server's answer can't be read
imap-late = the server did not answer in time
imap-broke = the connection broke
imap-line-break = the user or the secret has a line break in it
hint-imap-line-break = write it in one line
imap-log-in = log in as { $user }
hint-imap-password = check `user` and the password; some providers want a password for this program only (app password), others no password at all: then set `auth = "xoauth2"`
hint-imap-token = check that the token is fresh, is for `user`, and has the scope for IMAP
imap-login-disabled = the server takes no password without TLS
hint-imap-login-disabled = set `tls = "starttls"`, or `tls = "implicit"` with its port
hint-imap-no-token = the server offers no login with a token (XOAUTH2, OAUTHBEARER): set `auth = "login"` and a password
hint-imap-unavailable = the server can't check logins at the moment: try again later
hint-imap-turned-away = it says why; servers allow so many connections at once, and keep out for a while who tried wrong passwords
imap-ask-offered = ask what is offered
imap-first-line = wait for the server's first line
hint-imap-implicit = if the port expects TLS from the start, set `tls = "implicit"`
hint-imap-is-imap = check `host` and `port`: this has to be an IMAP server
imap-no-address = the name { $host } has no address
hint-imap-no-address = check `host`, and whether this machine can ask DNS
imap-no-connection = could not connect
hint-imap-no-connection = check `host` and `port` (993 with TLS from the start, 143 with STARTTLS), and the firewall
hint-imap-starttls-port = if the port expects TLS from the start, set `tls = "implicit"`; STARTTLS is usually on port 143
imap-no-starttls = the server refuses STARTTLS: { $text }
hint-imap-no-starttls = try `tls = "implicit"`; a login without TLS shows the password to everybody on the way
imap-turned-away = the server turns us away: { $text }
imap-no-imap = this is no IMAP server: { $text }
hint-imap-host = check `host` and `port`
imap-no-tls = could not set up TLS
imap-no-name = the host is no name for a certificate
imap-no-ca = could not read certificates from { $path }: { $why }
hint-imap-ca = `ca_file` has to be a PEM file with the authority's certificate
imap-no-roots = there are no certificates to trust
hint-imap-roots = install the package ca-certificates, or set `ca_file`
imap-unknown-issuer = the server's certificate is signed by nobody that is trusted here
hint-imap-unknown-issuer = for a private authority, set `ca_file` to its certificate
imap-expired = the server's certificate has expired
hint-imap-expired = it has to be renewed on the server; also check this machine's clock
imap-other-name = the server's certificate is for another name
hint-imap-other-name = set `host` to a name that stands in the certificate
imap-bad-certificate = the server's certificate can't be used
hint-imap-bad-certificate = it has to be replaced on the server
imap-speaks-no-tls = the server does not speak TLS here
hint-imap-speaks-no-tls = for STARTTLS, set `tls = "starttls"` (usually on port 143); else check `port`
hint-imap-port = check `port`, and whether it speaks TLS from the start
imap-ask-abilities = ask what the server can do
imap-open-folder = open the folder { $folder }
hint-imap-folders = the folders are: { $folders }
imap-no-validity = the server gives the mails of { $folder } no lasting numbers
imap-list-folders = list the folders
imap-look-new = look for new mails
imap-ask-sizes = ask for sizes
imap-wait-new = wait for new mails
imap-ask-utf8 = ask for names in UTF-8
imap-ask-naming = ask how folders are named
imap-flag = flag mails
imap-move = move mails to { $folder }
imap-copy = copy mails to { $folder }
imap-delete = delete mails
imap-see-left = see what is still there
imap-no-removal = this server can't remove single mails (it has neither MOVE nor UIDPLUS)
hint-imap-no-removal = set `after = "flag"`: anything else would also remove what other programs marked as deleted
imap-make-folder = make the folder { $folder }
imap-look-folder = look for the folder
imap-read-mails = read mails
imap-read-header = read a header
hook-no-tls = nothing is sent without TLS
hint-hook-no-tls = its address has to begin with https://
hint-hook = check its address, and whether this machine may connect there
hint-smtp-host = check `host`
hint-smtp-ask = ask whoever runs the server
hint-smtp-sendmail = check `sendmail`
hint-smtp-by-hand = run the program of `sendmail` by hand
hint-smtp-authority = check `host`; for a private authority, set `ca_file` to its certificate
hint-smtp-implicit = check `host` and `port`; for STARTTLS, set `tls = "starttls"` (usually on port 587)
hint-smtp-starttls = check `host` and `port`; with TLS from the start, set `tls = "implicit"`
