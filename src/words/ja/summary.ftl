# 日本語の文言。値は数か、出力先に合わせてエスケープ済みの文字列。

## 数えるもの

n-mails = { $n }通
n-reports = { $n }件
n-reporters = { $n }社
n-domains = { $n }ドメイン
n-days = { $n }日間
share-of-mails = { $mails }のうち{ $share }
count-of-share = { $n }通
few-of-many = { $whole }通中{ $part }通
share-as-domain = { $domain }を名乗る{ $share }

## 見出し

title = DMARC サマリー
title-of = DMARC サマリー: { $scope }
scope-all = 全ドメイン
scope-domain = { $domain }
period-day = { $day }(UTC)
period-days = { $first } から { $last } まで(UTC)
coverage = 集計レポート{ $reports }({ $reporters })
about = { $scope }、{ $period }、{ $coverage }。{ $age }
about-period = { $period }、{ $coverage }。{ $age }
age-none = レポートはまだありません。
age-fresh = 最新のレポートの対象期間は、この24時間以内に終わっています。
age-days = 最新のレポートの対象期間が終わってから{ $n }日たっています。
verdict-no-mail = 集計レポート{ $reports }にメールの記録はありません。
verdict-none-failed = { $share }がDMARCに合格しました。不合格はありません。
verdict-failed = { $share }がDMARCに合格しました。不合格は{ $failed }通です。
verdict-failed-all-as = { $share }がDMARCに合格しました。不合格は{ $failed }通で、すべて{ $domain }を名乗るものです。
verdict-failed-most-as = { $share }がDMARCに合格しました。不合格は{ $failed }通で、大半は{ $domain }を名乗るものです({ $part }通)。
verdict-failed-more-as = { $share }がDMARCに合格しました。不合格は{ $failed }通で、最も多いのは{ $domain }を名乗るものです({ $part }通)。
before-day = 前日
before-days = その前の{ $days }
before-dates = { $first } から { $last } まで
days-between = { $first } から { $last }
comparison-none = { $before }のレポートがないため、比較できません。
comparison-past = { $before }は、{ $share }が合格し、{ $failed }通が不合格でした。
comparison-same = 合格率は変わっていません。
comparison-higher = 合格率は{ $points }ポイント上がりました。
comparison-lower = 合格率は{ $points }ポイント下がりました。

## 表

heading-domains = ドメイン
heading-sources = 送信元
heading-dispositions = 適用された処理
heading-reporters = レポート送信組織
heading-days = 日別
heading-charts = グラフ
heading-left-aside = この集計に含まれないもの
heading-next = 次に見るもの
column-domain = ドメイン
column-verdict = 判定
column-policy = ポリシー
column-reports = レポート
column-mails = 通数
column-passed = 合格
column-failed = 不合格
column-own = 自社メール
column-address = アドレス
column-sender = 送信元
column-class = 分類
column-source = 送信元
column-both = 両方
column-dkim-only = DKIMのみ
column-spf-only = SPFのみ
column-by = 報告
column-reporter = レポート送信組織
column-reporters = 報告した組織
column-seen = 期間
column-first-day = 初日
column-last-day = 最終日
column-done = 処理
column-aligned = ドメインの一致
column-trend = 日別
more-domains = 他に{ $n }ドメイン({ $mails })
more-sources = 他に{ $n }件の送信元({ $mails })
more-reporters = 他に{ $n }社({ $mails })
bars-mean = 棒は日ごとの合格率です。点はメールがなかった日です。
trend-worst = 最多は { $day }: { $mails }通中{ $failed }通が不合格
trend-label = 不合格が最も多い日は { $day }: { $mails }通中{ $failed }通
trend-none = 不合格のあった日はありません
source-columns = 「不合格」はDKIM・SPFともドメインが一致しないもの、「両方」はともに一致するものです。「報告」は報告した組織の数です。
failed-means = 不合格のメールには、署名のない自社メール、転送されたメール、なりすましの疑いがあるメールが含まれます。この版ではこれらを区別していません。
no-name = (名称なし)
disposition-not-said = (記載なし)
disposition-delivered = { $word }: 配信
disposition-spam = { $word }: 隔離(迷惑メール)
disposition-refused = { $word }: 拒否
disposition-other = { $word }
days-with-reports = { $days }のうち{ $n }日分のレポートがあります。
days-most-failed = 不合格が最も多い日は { $day } です({ $mails }通中{ $failed }通)。
days-most-mails = 通数が最も多い日は { $day } です({ $mails }通)。
bars-mails = 通数
bars-failed = 不合格
bars-highest = 最大 { $n }
stack-both = DKIMとSPF
stack-dkim-only = DKIMのみ
stack-spf-only = SPFのみ
stack-neither = どちらもなし(不合格)
label-verdict = 判定
passed-dmarc = がDMARCに合格

## 対応

left-rejected = 使用できなかった入力: { $n }件
left-conflicting = 数えていないレポート: { $reports }(同じ識別情報のレポートが先に届いています)
left-other = 別の種類のレポート: { $reports }(TLSレポート、失敗レポート、不達通知)
next-sources = 送信元のアドレス別一覧
next-chart = 日別通数のグラフ
next-reports = この集計のもとになったレポート
no-data-store = DMARC集計レポートはまだ取り込まれていません。
no-data-period = この期間のDMARC集計レポートはありません。{ $age }
no-data-domain = この期間の{ $domain }のDMARC集計レポートはありません。{ $age }
no-data-hint = ファイル、フォルダー、mbox、Maildirを取り込んでください
footer = ruascopeがDMARC集計レポートから作成しました。日付はUTCです。日本時間では9時区切りになります。

## 日次サマリー

heading-changes = { $day } のサマリー以降の変化
heading-tasks = 対応が必要なこと(影響の大きい順)
heading-readiness = 移行可否(準備状況)
heading-spoofing = なりすまし疑い
heading-coverage = 網羅率
decision-rollback = 切り戻し
decision-fix = 要対応
decision-investigate = データ不足
decision-advance = 変更可
decision-hold = 待機
decision-ask = 要確認
decision-done = 完了
verdict-blind = { $days }レポートが届いていません。以下は最新の状況ではありません。
verdict-fix = { $all }のうち{ $n }ドメインで対応が必要です: { $names }。
verdict-not-judged = 不合格の多い{ $n }ドメインだけを判定しています。全{ $all }ドメインの判定は `ruascope status` で確認できます。
verdict-own = 自社メールは{ $share }が合格しました。
verdict-ask = { $sender }はどの送信元ですか。{ $domain }を名乗るメール{ $failing }通が不合格です。
verdict-fine = 対応が必要なことはありません。
sender-spoof = (まとめて表示)
class-own = 正規(自社)
class-authorised = 正規(委託)
class-misconfigured = 設定不備
class-forwarder = 転送
class-list = メーリングリスト
class-gateway = 受信側の中継
class-spoof = なりすまし疑い
class-unknown = 判定不能
policy-not-known = (確認なし)
change-none = ありません
change-blind = 警告: { $days }レポートが届いていません
change-sees-again = レポートが再び届くようになりました
change-fails-more = 警告: { $domain } の不合格が増えました: { $now }(前回 { $before })
change-fails-less = { $domain } の不合格が減りました: { $now }(前回 { $before })
change-decided = { $domain } の判定が「{ $decision }」になりました
change-policy = { $domain } のポリシーが { $now } と報告されています(前回 { $before })
change-new-domain = 新しいドメイン { $domain }: { $mails }
change-new-sender = { $domain } の新しい送信元 { $sender }({ $class }): { $mails }、合格{ $passed }通
change-class = { $domain } の送信元 { $sender } の判定が「{ $class }」になりました
change-rejected = 使用できなかった入力が{ $n }件増えました
change-new-reporter = 新しいレポート送信組織 { $name }
change-more = 他に{ $n }件の変化
task-title = { $domain }: { $sender }、自社または自社の可能性があるメールの不合格{ $all }通のうち{ $failing }通({ $share })
task-question = { $domain }: { $sender }はどの送信元ですか。自社または自社の可能性があるメールの不合格{ $all }通のうち{ $failing }通({ $share })
task-more = 他に{ $n }件の送信元
readiness-open = { $domain } を { $target } へ: { $all }項目のうち{ $passed }項目を満たしています。未達: { $open }。
readiness-ready = { $domain } を { $target } へ: { $all }項目すべてを満たしています。
readiness-reached = { $domain }: { $target } に達しています。
readiness-earliest = 変更できる最短日: { $day }。
readiness-impact = 今日変更した場合に影響を受ける見込みの自社メール: 1日約{ $point }通(最大{ $upper }通)。
spoofing-line = { $n }件の送信元から{ $mails }: 配信{ $delivered }通、隔離{ $spam }通、拒否{ $refused }通。
spoofing-names = 主なもの: { $names }。
coverage-line = 集計レポート{ $reports }({ $reporters }): { $shares }。
coverage-share = { $name } { $share }
coverage-trust = メールで届いた集計レポート{ $reports }のうち、{ $parts }。
coverage-part-proven = レポート送信者の署名を確認済み{ $n }件
coverage-part-unproven = 署名を確認できず{ $n }件
coverage-part-unknown = 署名の検証がまだ{ $n }件
coverage-unproven = メールで届いた集計レポート{ $reports }には、レポート送信者の署名を確認できたものがありません。
coverage-unknown = メールで届いた集計レポート{ $reports }の署名は、まだ検証していません。
coverage-new = 初めてのレポート送信者からの集計レポート{ $reports }。
coverage-foreign = 自社のドメインではないため判定対象外: { $names }。
decision-foreign = 対象外

## レポートを運んだメールの署名
trust-mark-other = 別ドメインの署名
trust-mark-failed = 署名の検証に失敗
trust-mark-no-key = 公開鍵なし
trust-mark-unsigned = 署名なし
trust-mark-unknown = 未検証
trust-mark-new = 初めての送信者
trust-proven = { $domain }の署名を確認しました(レポートの記載と一致)
trust-other = { $domain }の署名ですが、レポートに記載された送信者とは異なります。誰でも送信できた可能性があります
trust-failed = 署名の検証に失敗しました。メールが改変されたか、名乗った送信者からのものではありません
trust-no-key = 署名の公開鍵がDNSにありません(すでに削除された可能性もあります)。何も証明されません
trust-unsigned = 署名がありません。誰でも送信できた可能性があります
trust-unknown = 署名は未検証です。DNSに問い合わせていないか、応答がありませんでした
trust-new = このレポート送信者からは初めて届きました

## アラーム

alarms-none = アラームはありません。
heading-alarms = アラーム
alarm-line = { $domain }: { $sentence } { $days }
alarm-open = ({ $opened }から継続中)
alarm-closed = ({ $opened }から{ $closed }まで)
alarm-failures = { $subject }の不合格が増えました: { $detail }
alarm-volume = 自社メールの1日の通数が変わりました: { $detail }
alarm-stopped = { $subject }からの送信が止まりました: 1日{ $detail }通
alarm-spoofing = なりすましが増えました: 1日{ $detail }通
alarm-new-source = { $subject }は新しい送信元です(合格 { $detail })
alarm-policy-weakened = 受信側が見たポリシーが弱くなりました: { $detail }
alarm-policy-differs = メールの{ $detail }が、DNSとは異なるポリシーで判定されています
alarm-key-removed = 鍵{ $subject }はDNSにありませんが、まだ署名に使われています: 1日{ $detail }通
alarm-key-unused = 鍵{ $subject }は{ $detail }以降使われていません。失効できます
alarm-key-old = 鍵{ $subject }は{ $detail }のもので、1年以上たっています
alarm-disagreement = { $subject }についてレポート提供者の判定が食い違っています: 合格 { $detail }
alarm-reporter-silent = 毎日届いていた{ $subject }のレポートが途絶えています(自社メールの{ $detail }を見ていました)
alarm-blind = { $subject }のレポートが届いていません
alarm-bulk-sender = { $subject }への送信が1日5,000通に達し、大量送信者とみなされます。合格の割合: { $detail }

## メール

subject-blind = [DMARC] レポート途絶: { $days }届いていません
subject-problems-one = [DMARC] 要対応: { $domain }{ $detail }
subject-problems = [DMARC] 要対応: { $all }のうち{ $n }ドメイン: { $names }{ $detail }
subject-detail = ({ $sender }: 不合格{ $failing }通)
subject-ask = [DMARC] { $scope }: { $sender }はどの送信元ですか(不合格{ $failing }通)
subject-fine = [DMARC] { $scope }: 正常、対応不要({ $mails })
subject-unknown = [DMARC] { $scope }: { $share }が合格、不合格{ $failed }通
subject-empty = [DMARC] { $scope }: レポートなし
chart-volume = DMARC結果別の1日あたりの通数
chart-sources = 送信元の上位とドメインの一致
