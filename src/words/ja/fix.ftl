# 送信元への対応。

fix-say-what = 送信元の種類を指定してください: `ruascope sources tag { $key } legit --domain { $domain }`(または forwarder、spoof、ignore)。指定するまで移行可否の判断で不利に数えます
fix-strict = { $domain }のDMARCレコードで adkim=r と aspf=r を公開するか、ヘッダーFromと完全に同じドメインで署名し、エンベロープFromも同じドメインにしてください
fix-disagrees = レポートの測定値では一致しているのに、レポート送信組織は不合格として数えています。ほかの組織のレポートで合格していれば対応は不要です。サブドメインではなく { $domain } そのもので署名すれば、どの組織でも合格と判定されます
fix-not-judged = レポート送信組織はこれらのメールを測定しましたが、合格か不合格かを報告していません。合格には数えていませんが、このために対応する必要はありません
fix-internal = 内部ネットワークのアドレスしか報告されていません。SPFレコードには書けないアドレスで、レポート送信組織の内部での中継によるものです
fix-selector-unknown = この送信元が署名に使っている鍵 { $selector }._domainkey.{ $domain } を公開するか、公開済みのセレクタで署名させてください
fix-key-missing = { $selector }._domainkey.{ $domain } を再び公開してください。公開鍵がないか失効していますが、まだ署名に使われています
fix-broken = セレクタ { $selector } で署名した後にメールを書き換えている処理(フッターの追加、ウイルス検査、再エンコードなど)を調べ、署名を最後に行ってください
fix-sign-here = このサーバーで{ $domain }のDKIM署名を行うか、署名を行うサーバーを経由して送信してください
fix-envelope = エンベロープFrom(Return-Path)を{ $domain }またはそのサブドメインにし、そのSPFに{ $address }を含めてください
fix-spf = エンベロープFromのドメインのSPFレコードに{ $address }を加えてください: `ruascope spf suggest { $domain }`
fix-service = { $fix }({ $domain })
fix-service-cannot = { $service }は{ $domain }として認証できません。{ $service }自身のアドレスか、独自のレコードを持つサブドメインから送信させてください
