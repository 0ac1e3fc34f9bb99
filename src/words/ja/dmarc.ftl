# `dmarc` と `domain`。

column-profile = 種類
column-selectors = セレクタ
profile-people = people(人)
profile-machine = machine(プログラム)
profile-parked = parked(メールに利用しない)
domain-list-none = 設定にドメインはありません。レポートにあるドメインを使います
error-not-added = { $domain } は追加されませんでした
dmarc-meant = 設定
dmarc-published = 公開
dmarc-observed = 観測
dmarc-applies = 適用
dmarc-differs = 相違
dmarc-meant-nothing = 設定にありません
dmarc-published-none = _dmarc.{ $domain } にレコードはありません
dmarc-published-unknown = 不明: { $why }
dmarc-observed-none = レポートはまだありません
dmarc-observed-by = { $policy }({ $reporters }組織、最終 { $day })
dmarc-why-none = 適用されるレコードはありません。_dmarc.{ $domain } にも上位のドメインにもありません
dmarc-why-unknown = 適用されるレコードは不明です。DNSの応答がありませんでした
dmarc-why-nothing = _dmarc.{ $domain } のレコードが適用されますが、効力がありません
dmarc-why-own = このドメイン自身のレコードが適用されます: { $tag }={ $policy }
dmarc-why-above = 組織ドメイン { $above } のレコードが適用されます: { $tag }={ $policy }
dmarc-why-above-np = 組織ドメイン { $above } のレコードが適用されます: { $tag }={ $policy }(存在しない名前のため)
dmarc-before-rfc = RFC 9989より前の受信側が適用するレコード: { $above }
dmarc-before-rfc-none = RFC 9989より前の受信側が適用するレコード: なし
error-rua-own = { $receiver } 自身のレポートを受け取るためのレコードは不要です
error-rua-long = レコードの名前が253オクテットを超えるため、受信側が参照できません
hint-rua-shorter = レポートの送付先を短いドメインにしてください
error-no-address = { $text } はレポートの送付先として使えません
error-no-policy-yet = { $domain } のポリシーがまだ決まっていません
error-reject = p=reject では、{ $domain } の正規のメールでも不合格なら受信側が拒否します。拒否されたメールは失われ、取り戻せません
hint-reject = 変更してよい時期かどうかは `ruascope recommend { $domain }` で確認できます。--force を付けると自己責任で設定します
error-no-policy = 設定に { $domain } のポリシーはありません
dmarc-removed = 大手の受信側は、DMARCのないドメインからの大量のメールを拒否します。p=none なら報告のみで、配信には影響しません
