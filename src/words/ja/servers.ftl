# メールボックスとメールサーバーのエラーと、確認すること。

secret-what-password = パスワード
secret-what-token = トークン
secret-what-url = アドレス
secret-what-key = 鍵
secret-file = { $what }のファイル { $path } を読み取れません
secret-file-empty = { $what }のファイルが空です
secret-variable = { $what }の環境変数が設定されていません
secret-command-start = { $what }を出力するコマンドを起動できません
secret-command-late = { $what }を出力するコマンドが{ $seconds }秒以内に終わりませんでした
secret-command-failed = { $what }を出力するコマンドが失敗しました({ $status })
secret-command-unread = { $what }を出力するコマンドの出力を読み取れません
secret-command-much = { $what }を出力するコマンドの出力が{ $bytes }バイトを超えています
secret-command-nothing = { $what }を出力するコマンドが何も出力しませんでした
hint-secret-file = `{ $what }_file` を、実行するユーザーが読み取れるようにしてください
hint-secret-variable = `{ $what }_env` に書いた環境変数を設定してください。cronやsystemdから起動する場合も必要です
hint-secret-command = 設定の `{ $what }_command` を、実行するユーザーで手動で試してください
hint-secret-late = `{ $what }_command` は入力待ちのないコマンドにしてください。遅いだけなら `limits.command_timeout_s` を大きくしてください
oauth-no-way = アクセストークンの取得方法が設定にありません
hint-oauth-no-way = `token_command`、または `client_id` と `token_url` を指定してください
oauth-no-tls = TLSなしで秘密の値を送ることはできません
hint-oauth-no-tls = `token_url` は https:// で始めてください
oauth-no-token = トークンサーバーの応答にアクセストークンがありません
hint-oauth-url = `token_url` を確認してください
oauth-not-kept = 新しいリフレッシュトークンを { $path } に書き込めませんでした: { $why }。古いトークンの期限が切れる前に、実行するユーザーがこのファイルとフォルダーに書き込めるようにしてください
oauth-unreachable = { $url } にアクセストークンを要求できません
hint-oauth-unreachable = `token_url` と、このマシンからの接続が許可されているかを確認してください
oauth-refused = トークンサーバーが拒否しました(状態 { $status }): { $why }
hint-oauth-grant = リフレッシュトークンが期限切れか、取り消されています。作り直してください(docs/mailboxes.md を参照)
hint-oauth-client = `client_id` と `client_secret_file` を確認してください
hint-oauth-all = `token_url`、`client_id`、`refresh_token_file` を確認してください(docs/mailboxes.md を参照)
imap-doing = { $doing }: { $message }
imap-explained = { $message }({ $why })
imap-refuses = サーバーが拒否しました: { $text }
imap-bad = サーバーが解釈できません: { $text }
imap-bye = サーバーが接続を終了しました: { $text }
imap-cut = 接続が切断されました
imap-unreadable = サーバーの応答を読み取れません
imap-late = サーバーが時間内に応答しませんでした
imap-broke = 接続が途切れました
imap-line-break = ユーザー名またはパスワードに改行が含まれています
hint-imap-line-break = 1行で書いてください
imap-log-in = { $user } としてログイン
hint-imap-password = `user` とパスワードを確認してください。専用のパスワード(アプリパスワード)が必要な提供元や、パスワードを使えない提供元もあります。後者では `auth = "xoauth2"` を指定してください
hint-imap-token = トークンが有効期限内で、`user` のものであり、IMAPのスコープがあるかを確認してください
imap-login-disabled = サーバーはTLSなしではパスワードを受け付けません
hint-imap-login-disabled = `tls = "starttls"` を設定するか、`tls = "implicit"` とそのポートを設定してください
hint-imap-no-token = サーバーはトークンでのログイン(XOAUTH2、OAUTHBEARER)に対応していません。`auth = "login"` とパスワードを設定してください
hint-imap-unavailable = サーバーは今ログインを確認できません。後でもう一度試してください
hint-imap-turned-away = 理由はサーバーの文に書かれています。同時接続数の制限や、パスワードの誤りが続いた後の一時的な拒否がよくある原因です
imap-ask-offered = 認証方式の確認
imap-first-line = サーバーの最初の応答待ち
hint-imap-implicit = 最初からTLSを使うポートなら `tls = "implicit"` を指定してください
hint-imap-is-imap = `host` と `port` を確認してください。IMAPサーバーである必要があります
imap-no-address = { $host } のアドレスが見つかりません
hint-imap-no-address = `host` と、このマシンからDNSを使えるかを確認してください
imap-no-connection = 接続できません
hint-imap-no-connection = `host` と `port`(最初からTLSなら993、STARTTLSなら143)、およびファイアウォールを確認してください
hint-imap-starttls-port = 最初からTLSを使うポートなら `tls = "implicit"` を指定してください。STARTTLSは通常143番ポートです
imap-no-starttls = サーバーがSTARTTLSを拒否しました: { $text }
hint-imap-no-starttls = `tls = "implicit"` を試してください。TLSなしのログインでは、パスワードを途中で読み取られます
imap-turned-away = サーバーが接続を断りました: { $text }
imap-no-imap = IMAPサーバーではありません: { $text }
hint-imap-host = `host` と `port` を確認してください
imap-no-tls = TLSを確立できません
imap-no-name = ホスト名が証明書の名前として使えません
imap-no-ca = { $path } の証明書を読み取れません: { $why }
hint-imap-ca = `ca_file` は認証局の証明書のPEMファイルにしてください
imap-no-roots = 信頼する証明書がありません
hint-imap-roots = ca-certificates パッケージをインストールするか、`ca_file` を指定してください
imap-unknown-issuer = サーバーの証明書が、信頼する認証局のものではありません
hint-imap-unknown-issuer = 独自の認証局なら、`ca_file` にその証明書を指定してください
imap-expired = サーバーの証明書の期限が切れています
hint-imap-expired = サーバー側で更新が必要です。このマシンの時計も確認してください
imap-other-name = サーバーの証明書が別の名前のものです
hint-imap-other-name = `host` に証明書にある名前を指定してください
imap-bad-certificate = サーバーの証明書を使えません
hint-imap-bad-certificate = サーバー側で証明書の交換が必要です
imap-speaks-no-tls = このポートではTLSを使えません
hint-imap-speaks-no-tls = STARTTLSなら `tls = "starttls"`(通常143番ポート)を指定し、そうでなければ `port` を確認してください
hint-imap-port = `port` と、最初からTLSを使うポートかどうかを確認してください
imap-ask-abilities = サーバーの機能の確認
imap-open-folder = フォルダー { $folder } を開く
hint-imap-folders = フォルダー一覧: { $folders }
imap-no-validity = サーバーが { $folder } のメールに固定の番号を付けていません
imap-list-folders = フォルダー一覧の取得
imap-look-new = 新着メールの検索
imap-ask-sizes = サイズの確認
imap-wait-new = 新着メールの待機
imap-ask-utf8 = UTF-8の名前の要求
imap-ask-naming = フォルダーの命名方法の確認
imap-flag = メールのフラグ付け
imap-move = メールの { $folder } への移動
imap-copy = メールの { $folder } へのコピー
imap-delete = メールの削除
imap-see-left = 残っているメールの確認
imap-no-removal = このサーバーではメールを1通ずつ削除できません(MOVEもUIDPLUSもありません)
hint-imap-no-removal = `after = "flag"` にしてください。ほかの設定では、別のソフトが削除の印を付けたメールも消えてしまいます
imap-make-folder = フォルダー { $folder } の作成
imap-look-folder = フォルダーの検索
imap-read-mails = メールの読み取り
imap-read-header = ヘッダーの読み取り
hook-no-tls = TLSなしでは送信しません
hint-hook-no-tls = アドレスは https:// で始めてください
hint-hook = アドレスと、このマシンからの接続が許可されているかを確認してください
hint-smtp-host = `host` を確認してください
hint-smtp-ask = サーバーの管理者に確認してください
hint-smtp-sendmail = `sendmail` を確認してください
hint-smtp-by-hand = `sendmail` のプログラムを手動で試してください
hint-smtp-authority = `host` を確認してください。独自の認証局なら、`ca_file` にその証明書を指定してください
hint-smtp-implicit = `host` と `port` を確認してください。STARTTLSなら `tls = "starttls"`(通常587番ポート)を指定してください
hint-smtp-starttls = `host` と `port` を確認してください。最初からTLSなら `tls = "implicit"` を指定してください
