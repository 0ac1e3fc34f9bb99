# `reports`: レポートの一覧と、1つのレポート。

reports-none = レポートがありません。次のコマンドで取り込んでください: ruascope ingest PATH
column-id = ID
column-begin = 開始(UTC)
column-records = 件数
column-notes = 注記
column-standing = { "" }
column-header-from = ヘッダーFrom
column-measured = 検証結果
report-conflicts = 集計外: 重複
report-partial = 一部のみ
report-id = レポート
report-reporter = 送信組織
report-contact = 連絡先
report-domain = ドメイン
report-period = 対象期間
report-from = 入手元
report-policy = ポリシー
report-error = エラー
report-standing = 扱い
report-from-to = { $first } から { $last } まで
report-not-counted = 保存のみ(集計外): 同じ識別情報のレポートが先に届いています
report-is-partial = 一部のみ: 破損したデータから読み取り、手動で受け入れました
report-nothing-odd = 特に問題はありません
report-odd = 通常と異なる点:
report-times = 、{ $times }回
report-note = { $said } ({ $offset }バイト目{ $times })
