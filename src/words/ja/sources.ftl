# `sources`: 送信元の一覧と、1つの送信元の詳細。

sources-none = 送信元がありません。この期間のレポートはありません。次のコマンドで取り込んでください: ruascope ingest PATH
sources-failing = { $name }: { $mails }通中{ $failing }通が不合格
sources-cut = 上位{ $most }件だけを表示しています。すべて表示するには --limit N または --format csv を指定してください
column-fail = 不合格
column-ips = IP数
column-first = 初日
column-last = 最終日
column-why = 理由
column-reporters-all = レポート送信組織
column-from = ヘッダーFrom
column-results = 検証結果
word-pass = 一致
word-fail = 不一致
source-head = { $name } ({ $key }): { $class }、確度 { $confidence }
source-mails = { $mails }通、合格{ $passed }通、アドレス{ $addresses }件
source-failed = 不合格{ $mails }通: { $cause }
source-addresses = アドレス: { $addresses }
source-reports = レポートの一覧: `ruascope reports --domain { $domain }`、レコードを含む詳細: `ruascope reports ID`、元のデータ: `ruascope reports ID --xml`
sender-spoofed = なりすまし疑いのメール
sender-forwarders = その他の転送
sender-lists = その他のメーリングリスト
sender-gateways = その他の受信側の中継
sender-unknowns = その他の判定不能
sender-own = { $domain }のサーバー
sender-signs = セレクタ { $selector } で署名
