# レコードの文字列だけからわかる問題。

record-dmarc-psd = psd=yは、この名前がcomのような公開サフィックスであることを示します
record-dmarc-psd-fix = レジストリ以外は使えません。削除してください
record-dmarc-void = 受信側はDMARCを適用しません。レコードに効果がありません
record-dmarc-void-fix = レコードの誤りを修正してください
record-dmarc-p-missing = pがないため、よくてもp=noneとして扱われます
record-dmarc-p-missing-fix = vの後に p=none、p=quarantine、p=reject のいずれかを加えてください
record-dmarc-p-not-second = pが2番目にありません。RFC 9989より前の受信側はレコードを無視することがあります
record-dmarc-p-not-second-fix = v=DMARC1; p=…; の順に書き、残りを続けてください
record-dmarc-sp-weaker = spがpより弱いため、サブドメインの保護が弱くなっています
record-dmarc-sp-weaker-fix = spを強化するか、削除してpを適用させてください
record-dmarc-np-weaker = npがpより弱いため、存在しないサブドメインの保護が弱くなっています
record-dmarc-np-weaker-fix = 存在しないサブドメインから正規のメールは送られません。np=rejectにしてください
record-dmarc-historic = { $name }は廃止されており、RFC 9989以降の受信側は無視します
record-remove = 削除してください
record-dmarc-rua-missing = 有効なruaがないため、集計レポートが届きません
record-dmarc-rua-missing-fix = rua=mailto:… を加えると、ドメインを名乗る送信元がわかります
record-dmarc-rua-many = 受信側が送信する義務があるのは2つの宛先までです(RFC 7489 6.2)
record-dmarc-rua-many-fix = 必要な2つの宛先だけを残してください
record-dmarc-ruf = 失敗レポートを送る大手の受信側はほとんどありません
record-dmarc-ruf-fix = rufは省略できます
record-dmarc-fo-without-ruf = rufがないため、foに効果がありません
record-dmarc-fo-both = foに0と1の両方がありますが、同時には使えません(RFC 9989 4.7)
record-leave-one = どちらか1つだけ残してください
record-dmarc-pct = RFC 9989以降の受信側はpctを無視し、すべてのメールにポリシーを適用します
record-dmarc-pct-fix = テストにはt=yを使うか、pを弱いものに戻してください
record-dmarc-t = t=y: テストモードですが、RFC 9989より前の受信側はポリシーをそのまま適用します
record-dmarc-t-fix = テストが終わったらt=yを削除してください
record-dmarc-tag-unknown = { $tag }は標準にないタグで、受信側は無視します
record-dmarc-tag-unknown-fix = 削除するか、名前を修正してください
record-dmarc-policy-invalid = { $name }={ $value }はポリシーではないため、よくてもp=noneとして扱われます
record-dmarc-policy-invalid-fix = none、quarantine、rejectのいずれかを書いてください
record-dmarc-value-number = 0から100までの数
record-dmarc-value-fo = 0、1、d、sを `:` で区切ったもの
record-dmarc-value-psd = y、n、u のいずれか
record-dmarc-value-invalid = { $name }={ $value }は無効です。使える値: { $expected }
record-dmarc-value-invalid-fix = 修正するか、削除してください
record-uri-size-none = { $what } のサイズ指定が正しくありません
record-uri-size-fix = `!` とその後を削除してください
record-uri-no-scheme = { $what } に `mailto:` がないため、レポートは送られません
record-uri-no-scheme-fix = アドレスの前に mailto: を書いてください
record-uri-scheme = { $what }: 受信側は mailto: の宛先にだけレポートを送ります
record-uri-scheme-fix = mailto: の宛先を指定してください
record-uri-invalid = { $what } は宛先として正しくないため、レポートは送られません
record-uri-invalid-fix = mailto:name@domain の形で書き、複数の宛先は `,` で区切ってください
record-uri-size = { $what }: サイズ指定はRFC 9990以降無視されます
record-empty = 2つの `;` の間に何もありません
record-remove-one = どちらか1つを削除してください
record-no-equals = { $text }に `=` がありません
record-no-equals-fix = タグ=値 の形で書き、タグの間を `;` で区切ってください
record-no-name = { $name }はタグの名前として正しくありません
record-no-name-fix = 名前には英字を使います。引用符や空白は使えません
record-case = タグ{ $name }が小文字ではありません
record-case-fix = タグは小文字で書いてください
record-repeated = タグ{ $name }が2回あるため、レコード全体に効果がありません
record-repeated-fix = 1つだけ残してください
record-dkim-v-missing = vがありません
record-dkim-v-missing-fix = v=DKIM1; で始めてください
record-dkim-v-invalid = v={ $value }はDKIM鍵ではなく、検証側はレコードを無視します
record-dkim-v-invalid-fix = v=DKIM1 と書いてください
record-dkim-v-not-first = vが先頭にないため、検証側はレコードを無視します
record-dkim-v-not-first-fix = v=DKIM1; を先頭に書いてください
record-dkim-k-unknown = k={ $value }は検証側が知らない鍵の種類です
record-dkim-k-unknown-fix = rsaまたはed25519を使ってください
record-dkim-h = hにsha256がありません。sha1での署名は禁止されています(RFC 8301 3.1)
record-dkim-h-fix = hを削除するか、h=sha256 と書いてください
record-dkim-s = sにemailがないため、メールの検証に使えません
record-dkim-s-fix = sを削除するか、s=email と書いてください
record-dkim-t = t=y: テスト中のため、検証側は不合格のメールを署名なしとして扱います
record-dkim-t-fix = メールに署名が付くようになったら t=y を削除してください
record-dkim-g = gはRFC 4871のもので、効果がありません
record-dkim-other = 別の種類のレコードで、DKIM鍵ではありません
record-dkim-p-missing = pがないため、公開鍵がありません
record-dkim-show = `dkim show` が出力するレコードを公開してください
record-dkim-revoked = pが空のため、鍵は失効しています
record-dkim-revoked-fix = 別のセレクタで署名してください
record-dkim-blanks = pに空白があります。正しく処理できない検証側があります
record-dkim-blanks-fix = 文字列を分割する際は、間に空白を入れないでください
record-dkim-base64 = pがbase64ではないため、メールを検証できません
record-dkim-base64-fix = 引用符、バックスラッシュ、欠けた部分がないか確認し、`dkim show` が出力するレコードを公開してください
record-dkim-is-ed25519 = pはEd25519の鍵ですが、kはrsaです
record-dkim-no-rsa = pはRSAの鍵ではありません
record-dkim-too-short = 鍵が{ $bits }ビットです。検証側は1024ビット未満を拒否します(RFC 8301 3.2)
record-dkim-short = 鍵が{ $bits }ビットです。2048ビット以上が推奨されています(RFC 8301 3.2)
record-dkim-rotate = `dkim rotate` で2048ビットの鍵を作成してください
record-dkim-long = 鍵が{ $bits }ビットです。検証側が対応する義務があるのは4096ビットまでです(RFC 8301 3.2)
record-dkim-long-fix = 2048〜4096ビットにしてください
record-dkim-exponent = 指数が1または偶数のため、鍵として機能しません
record-dkim-exponent-fix = 新しい鍵を作成してください
record-dkim-wrapped = pはSubjectPublicKeyInfo形式のEd25519鍵です。DKIMでは32オクテットの鍵だけを書きます(RFC 8463 4)
record-dkim-no-ed25519 = pはEd25519の鍵(32オクテット)ではありません
record-spf-long = レコードが{ $size }オクテットです。512オクテットを超える応答は切り詰められることがあります(RFC 7208 3.4)
record-spf-long-fix = 450オクテット未満にしてください
record-spf-all-pass = all: 誰でもこのドメインで送信できてしまいます
record-spf-all-fix = ~all または -all で終えてください
record-spf-all-neutral = ?all: 他の送信元について何も示していません
record-spf-ptr = ptrは遅く、使用すべきではありません(RFC 7208 5.5)
record-spf-list = ip4: と ip6: でネットワークを列挙してください
record-spf-equals = { $name }={ $value }は無視されます。機構には `=` ではなく `:` を使います
record-spf-equals-fix = { $name }:{ $value } と書いてください
record-spf-modifier = { $name }は標準にない修飾子です
record-spf-host-bits = { $address }/{ $prefix }はプレフィックスより後のビットが0ではなく、その部分は無視されます
record-spf-host-bits-ip4 = ip4:{ $network }/{ $prefix } と書いてください
record-spf-host-bits-ip6 = ip6:{ $network }/{ $prefix } と書いてください
record-spf-huge = { $address }/{ $prefix }は{ $count }個のアドレスを含みます
record-spf-huge-fix = 送信に使うネットワークだけを列挙してください
record-spf-private = 外部から{ $address }が送信元に見えることはありません
record-spf-private-fix = グローバルアドレスを書いてください
record-spf-no-all = allもredirectもないため、他の送信元はneutralになります
record-spf-redirect = allがあるため、redirectは無視されます
record-spf-remove-two = どちらかを削除してください
record-spf-after-all = allより後は評価されません
record-spf-after-all-fix = allの前に移してください
record-spf-lookups = このレコードだけでDNS参照が{ $count }回あり、上限の10回を超えます(RFC 7208 4.6.4)
record-spf-lookups-fix = 一部をip4: と ip6: に置き換えてください
record-spf-twice = { $domain }が2回includeされています
record-spf-modifier-twice = この修飾子は1回しか使えません。すべてのメールがpermerrorになります
record-spf-syntax = { $term }: { $why }。すべてのメールがpermerrorになります
record-spf-syntax-fix = 項目を修正するか、削除してください
