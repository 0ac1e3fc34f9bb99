# `check` が見つけたことと、その対応。文の一部は、その文の近くにあります。

check-rua-no-mx = { $host }にMXレコードがありません。メールはアドレス(A/AAAA)に届きますが、すべての送信側が試すわけではありません
check-rua-no-mx-fix = { $host }のMXレコードを公開してください
check-rua-agreed = (受け取りを承認済み)
check-rua-good = { $tag }: { $address }{ $agreed }
check-rua-name-too-long = { $tag } { $address }: { $name }がDNS名の長さの上限を超えるため、{ $host }は受け取りを承認できません
check-rua-name-too-long-fix = より短いドメインの宛先を指定してください
check-rua-no-txt = がありません
check-rua-other-txt = は別の種類のTXTレコードだけです
check-rua-unauthorised = { $tag } { $address }: { $host }は外部のドメインで、受け取りを承認していないため、レポートは送られません: { $name } に "v=DMARC1" のTXTレコード{ $what }
check-rua-unauthorised-fix = { $host }の管理者にこのレコードの公開を依頼するか、自社ドメインの宛先に変更してください
check-rua-elsewhere = { $tag } { $address }: { $name }のレコードは宛先を{ $elsewhere }に変えていますが、{ $host }ではないため、レポートは送られません
check-rua-elsewhere-fix = { $host }の管理者に、そのレコードからruaを削除するよう依頼してください(RFC 9990 4)
check-rua-null-mx = はメールを受け取らないと宣言している(null MX)
check-rua-nowhere = にはMXレコードもアドレスもない
check-rua-mx-no-address = のメールサーバー(MX)にはアドレスがない
check-rua-undeliverable = { $tag } { $address }: { $host }{ $what }ため、レポートを届けられません
check-rua-undeliverable-fix = { $host }のMXレコードを修正するか、別の宛先を指定してください
check-dmarc-less = (保護が弱くなっています)
check-dmarc-differs = { $name }: DNSが設定と異なります{ $less }: { $differences }
check-dmarc-differs-fix = 設定にあるレコードを公開するか、`ruascope dmarc set` で設定を変更してください
check-dmarc-weakened = { $name }: ポリシーが弱められました。{ $day }以降のレコードは、以前より保護が弱くなっています
check-dmarc-weakened-fix = 社内で変更していない場合は、以前のレコードを公開し直し、ゾーンを変更できる人を確認してください
check-dmarc-difference = { $tag }: DNSでは{ $published }、設定では{ $meant }
check-dkim-missing = { $domain }にDKIM鍵がありません。{ $name }は存在しません
check-dkim-missing-fix = `ruascope dkim new { $domain }` で作成してください
check-dkim-not-known = { $domain }にはDKIM鍵があるようですが、セレクタが設定にもレポートにもありません
check-dkim-not-known-fix = 設定の [[domain.dkim]] に記載するか、--all-selectors でよく使われるセレクタを試してください
check-dkim-draft = { $selector }: 下書き(DNSには未登録)
check-dkim-several = セレクタ { $selector }: { $name }にTXTレコードが{ $count }件あり、検証側がどれを使うか決まりません
check-dkim-several-fix = 公開鍵のレコードだけを残してください(RFC 6376 3.6.2.2)
check-no-name = 名前が存在しません
check-dkim-no-txt = TXTレコードがありません
check-dkim-alias-nowhere = セレクタ { $selector }: { $name }は{ $alias }への別名(CNAME)ですが、その先に公開鍵がありません{ $used }
check-dkim-gone = セレクタ { $selector }: { $name }に公開鍵がありません({ $what }){ $used }
check-dkim-publish = 公開鍵を公開してください
check-dkim-gone-fix = { $selector }の公開鍵を再び公開するか、公開鍵のあるセレクタで署名してください
check-dkim-meant = 。設定では署名に使うことになっています
check-dkim-signs = 。レポートではこの鍵で署名されたメールが{ $mails }通あり、最後は{ $day }です
check-dkim-of-selector = セレクタ { $selector }: { $text }
check-dkim-t-strict = セレクタ { $selector }: { $name }に t=s があるため、i= がサブドメインの署名は合格しません
check-dkim-differs = セレクタ { $selector }: { $name }の公開鍵が手元の秘密鍵と対になっていないため、署名は合格しません
check-dkim-differs-fix = 手元の鍵のレコードを公開してください
check-dkim-good = { $selector } ({ $size })
check-dkim-withdrawn = { $selector }: 失効済み(pが空)
check-dkim-revoked = セレクタ { $selector }: { $name }の公開鍵は失効しています(pが空){ $used }
check-dkim-revoked-fix = 公開鍵を再び公開するか、別の鍵で署名してください
check-dkim-draft-published = セレクタ { $selector }: 公開鍵はDNSにありますが、設定では下書きのままです
check-dkim-unused = セレクタ { $selector }: { $days }日間、署名に使われていません
check-dkim-unused-fix = まれに送信するシステムが使っていなければ、失効できます。pを空にして公開してください
check-dkim-retired = セレクタ { $selector }: 使用を終えた鍵ですが、公開鍵がまだDNSにあります
check-dkim-retired-fix = 失効できます。pを空にして公開してください
check-dkim-no-key = 鍵なし
check-dkim-old = セレクタ { $selector }: 名前から見て、鍵は作成から{ $days }日たっています
check-dkim-old-fix = 年に1回は新しい鍵に替えてください: `ruascope dkim rotate { $domain }`
check-dmarc-no-p = なし
check-dmarc-seen = 、{ $reporters }組織中{ $same }組織が確認
check-dmarc-good = レコード1件、p={ $policy }{ $seen }
check-dmarc-ttl-long = { $name }: 受信側はレコードを最長{ $ttl_s }秒保持するため、変更を元に戻すのに時間がかかります
check-dmarc-ttl-long-fix = ポリシーを強化する前に、TTLを1時間にして公開してください
check-dmarc-parked = { $domain }はメールに利用しないドメインですが、{ $tags }が、このドメインを名乗るメールの拒否を求めていません
check-dmarc-parked-fix = p=rejectを公開してください。spとnpは書かないか、どちらもrejectにします
check-dmarc-p-none = { $domain }: p=noneは報告のみ行います。不合格のメールもこれまでどおり配信されます
check-dmarc-p-none-fix = 強化できる時期は `ruascope recommend` で確認できます
check-dmarc-sp-none = { $domain }: sp=noneのため、サブドメインを名乗る不合格のメールには何も適用されません
check-dmarc-sp-none-fix = サブドメインのメールが合格するようになったら、spを削除してください
check-dmarc-sp-ignored = { $domain }: spとnpは{ $above }のレコードでだけ参照されます
check-dmarc-sp-ignored-fix = ここからは削除してください(RFC 9989 4.10.1)
check-dmarc-multiple = { $name }: DMARCレコードが{ $count }件あり、受信側はどれも適用しません
check-dmarc-multiple-fix = 1件だけ残してください(RFC 9989 4.10)
check-dmarc-inherited = 独自のレコードはなく、{ $above }のサブドメイン向けポリシー{ $policy }が適用されます
check-dmarc-of-above = 代わりに{ $above }のレコードが適用されます
check-dmarc-alias-nowhere = { $name }は{ $alias }への別名(CNAME)ですが、その先にDMARCレコードがありません
check-dmarc-alias-nowhere-fix = 別名の先でレコードを公開するか、別名をレコードに置き換えてください
check-dmarc-no-policy = { $domain }を名乗るメールに、受信側はポリシーを適用しません
check-dmarc-no-txt = 該当するTXTレコードがありません
check-dmarc-missing = { $name }: DMARCレコードがありません({ $what })。{ $meaning }
check-dmarc-missing-fix = 設定にあるレコードを公開してください
check-dmarc-begin = p=noneと、レポートの宛先から始めてください
check-dmarc-almost = { $name }: DMARCレコードのつもりの文字列がありますが、受信側はレコードと認めません: { $fault }
check-dmarc-almost-fix = v=DMARC1; で始め、引用符を含めずに公開してください
check-dmarc-fault-v = v=DMARC1 で始まっていません
check-dmarc-fault-blank = 先頭に空白があります
check-dmarc-fault-quotes = 引用符で囲まれています
check-dmarc-fault-case = vの値が大文字の DMARC1 ではありません
check-dmarc-an-spf = SPFレコード
check-dmarc-a-txt = DMARCではないTXTレコード
check-dmarc-unrelated = { $name }: { $kind }も置かれています。正しく処理できない受信側があります
check-dmarc-unrelated-fix = 削除してください。登録した覚えがない場合は、ワイルドカードか別名がこの名前に応答しています
check-dmarc-misplaced = { $place }: DMARCレコードがありますが、受信側は{ $name }だけを見るため、効果がありません
check-dmarc-misplaced-fix = { $name }に移してください
check-dmarc-that-of = { $at }のもの
check-dmarc-walk-differs = { $domain }: 受信側によって適用されるレコードが異なります。RFC 9989のツリーウォークでは{ $by_walk }、それ以前の公開サフィックス方式では{ $by_suffix }です
check-dmarc-walk-differs-fix = _dmarc.{ $domain } にもレコードを公開してください
check-dmarc-organization = { $domain }: 組織ドメインが、RFC 9989のツリーウォークでは{ $by_walk }、公開サフィックス方式では{ $above }となるため、relaxedのアライメントの結果が受信側によって異なります
check-dmarc-organization-both = _dmarc.{ $above } にもレコードを公開すると、どちらの方式でも同じ結果になります
check-dmarc-organization-psd = _dmarc.{ $above } で psd=n を公開すると、ツリーウォークがそこで止まります
check-of-record = { $subject }: { $text }
check-unanswered = { $name }: DNSの応答がないため、内容は不明です: { $why }
check-run-online = --offline を付けずに実行してください
check-correct-cname = CNAMEレコードを修正してください
check-run-again = もう一度実行してください。変わらない場合は、ゾーンのネームサーバーを確認してください
check-offline = { $domain }: DNSに問い合わせていないため(--offline)、すべて不明です
check-dnssec-missing = { $domain }はDNSSECで署名されていないため、応答を偽造される恐れがあります
check-dnssec-missing-fix = ゾーンを管理しているサービスで有効にしてください
check-adsp-historic = { $name }: ADSP(RFC 5617)は廃止されており、受信側は参照しません
check-adsp-historic-fix = DMARCに置き換わっているため、削除してください
check-mx-null-beside = { $domain }: null MXと他のMXレコードが併存し、矛盾しています(RFC 7505 3)
check-mx-null-beside-fix = null MXか、他のMXレコードを削除してください
check-mx-without-address = { $domain }: メールサーバー{ $host }にアドレスがありません
check-mx-without-address-fix = アドレスを公開するか、MXレコードを削除してください
check-mx-null-and-sends = { $domain }はメールを受け取らないため(null MX)、送信したメールの不達通知が届きません
check-mx-null-and-sends-fix = 送信もしない場合は、v=spf1 -all と p=reject を公開してください
check-mx-parked = { $domain }はメールに利用しないドメインですが、受け取らないことを宣言していません
check-mx-parked-fix = null MX(MX 0 .)を公開してください
check-mta-sts-missing = { $domain }にはMTA-STSがありません。通信に介入されると、暗号化されずにメールが送られる恐れがあります
check-mta-sts-missing-fix = RFC 8461に従い、mta-sts. のポリシーと v=STSv1 のレコードを公開してください
check-mta-sts-id = { $name }: MTA-STSレコードに有効なidがないため、効果がありません
check-mta-sts-id-fix = id= に英数字1〜32文字を書いてください
check-mta-sts-no-host = { $name }: MTA-STSレコードはありますが、ポリシーを置く mta-sts.{ $domain } にアドレスがありません
check-mta-sts-no-host-fix = ホストを公開するか、レコードを削除してください
check-mta-sts-several = { $name }: MTA-STSレコードが{ $count }件あり、どれも効果がありません
check-leave-one = 1件だけ残してください
check-tls-rpt-missing = { $domain }はTLSレポート(TLS-RPT)を求めていません
check-tls-rpt-rua = { $name }: TLS-RPTレコードに有効なruaがありません
check-tls-rpt-rua-fix = rua=mailto:name@domain または https: を書いてください
check-tls-rpt-several = { $name }: TLS-RPTレコードが{ $count }件あり、どれも効果がありません
check-bimi-missing = { $domain }はロゴ(BIMI)を設定していません
check-bimi-missing-fix = p=quarantineまたはp=rejectの運用が安定したら、検討してください
check-bimi-location = { $name }: BIMIレコードのl=にhttpsのアドレスがありません
check-bimi-location-fix = l=https://…/logo.svg を書いてください
check-bimi-declined = BIMI: 利用しないことを宣言
check-bimi-not-enforced = { $name }: BIMIレコードはありますが、ロゴが表示されるのは、pとspがすべてのメールに強制されている場合だけです
check-bimi-not-enforced-fix = 先にポリシーを強化してください
check-spf-multiple = { $domain }: SPFレコードが{ $count }件あり、すべてのメールがpermerrorになります(RFC 7208 4.5)
check-spf-multiple-fix = 1件にまとめてください
check-spf-alias-nowhere = { $domain }: 別名(CNAME)の先の{ $alias }にSPFレコードがありません
check-spf-missing = { $domain }: SPFレコードがありません
check-spf-parked-fix = このドメインではメールを送信しないことを宣言してください
check-spf-missing-fix = `ruascope spf suggest { $domain }` でレコードを作成できます。最小のレコードは { $text } です
check-spf-sender-id = Sender IDレコードは廃止されており、参照されません
check-remove-it = 削除してください
check-spf-no-blank = SPFのようなTXTレコードがありますが、v=spf1 の後に空白がないため、効果がありません
check-spf-no-blank-fix = v=spf1 の後に空白を1つ入れてから、各項目を書いてください
check-spf-no-version = SPFのようなTXTレコードがありますが、v=spf1 で始まっていないため、効果がありません
check-spf-no-version-fix = v=spf1 の前に引用符や空白を入れずに公開してください
check-spf-parked = { $domain }はメールに利用しないドメインですが、SPFレコードに送信元が記載されています
check-spf-good = レコード1件、DNS参照 { $lookups }回(上限{ $max }回)
check-spf-lookups = { $domain }: SPFのDNS参照が{ $count }回あり、上限の10回を超えるため、permerrorになります。11回目以降: { $beyond }
check-spf-lookups-fix = 送信に使わなくなった項目を削除するか、ip4: と ip6: に置き換えてください
check-spf-lookups-near = { $domain }: SPFのDNS参照が{ $count }回で、上限の10回に近づいています
check-spf-lookups-near-fix = 参照先の変更で上限を超える恐れがあります。送信に使わなくなった項目を削除してください
check-spf-void-lookups = { $domain }: SPFの{ $voids }項目がDNSで何も見つけられません(void lookup)。上限は2項目のため、permerrorになります: { $terms }
check-spf-void-lookups-fix = 何も見つからない項目を削除してください
check-and-more = { $list }、他{ $more }件
check-spf-void = { $term }: { $target }に該当するレコードがないため、この項目はどの送信元も示しません
check-spf-void-fix = 名前を修正するか、項目を削除してください
check-spf-include-missing = { $term }: { $target }にSPFレコードがないため、ここまで評価されたメールはpermerrorになります
check-spf-include-missing-fix = 名前を修正するか、項目を削除してください(RFC 7208 5.2)
check-spf-include-multiple = { $term }: { $target }にSPFレコードが{ $count }件あるため、ここまで評価されたメールはpermerrorになります
check-spf-include-multiple-fix = 管理者に連絡してください。それまではip4: と ip6: でネットワークを列挙してください
check-spf-loop = { $term }: { $target }が参照元のレコードに戻っています(ループ)。permerrorになります
check-spf-loop-fix = ループを作っている項目を削除してください
check-spf-mx-many = { $term }: { $target }にメールサーバーが{ $count }件あり、10件を超えるとpermerrorになります(RFC 7208 4.6.4)
check-spf-mx-many-fix = ip4: と ip6: でネットワークを列挙してください
check-spf-included = { $domain }: SPFの参照先のレコードに誤りがあります: { $text }
check-spf-included-fix = { $other }の管理者に連絡するか、参照している項目を削除してください
check-spf-uncovered = { $domain }: 設定にある送信元「{ $sender }」の { $networks } がSPFに含まれていません
check-spf-uncovered-fix = アドレスをip4: と ip6: で追加するか、設定の送信元を修正してください
check-dmarc-nothing = なし
check-dmarc-none = なし
check-head = { $domain }: SPF { $spf }、DKIM { $dkim }、DMARC { $dmarc }
check-more = その他
badge-set = 設定済み
badge-broken = 不備あり
badge-missing = 未設定
badge-unknown = 不明
severity-info = 参考
severity-warning = 注意
severity-critical = エラー
finding-line = { $severity }: { $text }。{ $advice }
check-dmarc-unseen = { $name }: 直近のメールの { $share } %({ $mails }通中{ $other }通)が、DNSにあるp={ $policy }とは別のポリシーで判定されました
check-dmarc-unseen-fix = ゾーンのすべてのネームサーバーが同じレコードを返すか確認してください。どの受信側が何を見たかは `ruascope dmarc show` で分かります
check-dmarc-unseen-wait = レコードを最近変更した場合は、しばらくすると解消します。どの受信側が何を見たかは `ruascope dmarc show` で分かります
check-alias-beside = { $name }: { $alias }への別名(CNAME)とTXTレコードが併存し、どちらが見つかるかは偶然に左右されます(RFC 1034 3.6.2)
check-alias = { $name }は別名(CNAME)です: { $name } > { $chain }。内容は{ $last }の管理者が決めます
check-spf-type-same = 内容はTXTレコードと同じです
check-spf-type-other = 内容がTXTレコードと異なり、古い受信側が参照することがあります
check-spf-type = { $domain }: 使われなくなったSPF型(99)のレコードがあります(RFC 7208 3.1)。{ $what }
check-spf-type-fix = 削除し、TXTレコードだけを残してください
check-exp-ascii = exp={ $name }: 説明文にASCII以外の文字があるため、受信側は表示しません
check-exp-ascii-fix = ASCIIで書いてください
check-exp-several = TXTレコードが{ $count }件あります
check-exp-none = TXTレコードがありません
check-exp = exp={ $name }: { $what }。拒否された送信者に説明が届かないだけで、他に影響はありません
check-exp-fix = TXTレコードを1件公開するか、exp= を削除してください
check-servers-agree = サーバー{ $spoke }台の応答が一致
check-servers-differ = { $name }: ゾーンのネームサーバーの応答が一致せず、受信側が得る内容は偶然に左右されます: { $told }
check-servers-differ-fix = すべてのサーバーに最新のゾーンがあるか、SOAのシリアル番号を比べて確認してください
check-resolver-differs = { $name }: リゾルバーの応答がゾーンのネームサーバーと異なります: { $told }
check-resolvers-differ = { $name }: リゾルバーによって応答が異なります: { $told }
check-resolver-patience = (最長{ $ttl_s }秒)
check-resolver-differs-fix = リゾルバーは以前の内容を保持します{ $patience }。`ruascope check { $domain } --wait 1h` で反映を待てます
check-servers-at = { $text } ({ $servers })
check-servers-silent = { $domain }: ゾーンのネームサーバーからここへの応答がないため、比較していません: { $servers } ({ $why })
check-servers-silent-fix = このネットワークから問い合わせできない場合、対応は不要です。それ以外は、これらのサーバーを確認してください
check-of-domain = { $domain }: { $what }
dns-timed-out = 時間内に応答がありません
dns-unreachable = どのサーバーにも接続できません
dns-server-failed = サーバーのエラー(SERVFAIL)
dns-refused = サーバーが拒否しました
dns-alias-loop = 別名(CNAME)が循環しているか、多すぎます
dns-malformed = 応答の形式が正しくありません
dns-offline = 問い合わせていません(オフライン)
