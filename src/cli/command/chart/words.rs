//! The words of charts. A word that misses a language does not compile, and one that nothing uses is a warning.

use crate::words::Language;

/// Words in English and Japanese; `{names}` stand for values.
macro_rules! words {
    ($($name:ident: $en:literal, $ja:literal;)*) => {
        /// One text of a chart.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(in crate::cli) enum Word {
            $($name,)*
        }

        impl Word {
            /// All of them, for tests.
            #[cfg(test)]
            const ALL: &[Self] = &[$(Self::$name,)*];

            /// The text, with its placeholders.
            pub(in crate::cli) const fn text(self, language: Language) -> &'static str {
                match (language, self) {
                    $((Language::En, Self::$name) => $en, (Language::Ja, Self::$name) => $ja,)*
                }
            }
        }
    };
}

words! {
    AllDomains: "all domains", "全ドメイン";
    Period: "{domain}, {since} to {until} (UTC)", "{domain} {since}〜{until}(UTC)";
    NoReports: "no reports", "集計レポートはありません";
    NoReportsBetween: "no reports between {since} and {until}", "{since}から{until}までの集計レポートはありません";
    Few: "{part} of {total}", "{total}通中{part}通";
    Mails: "mails", "通";
    MayArrive: "reports may still arrive", "レポート未着の可能性あり";

    Own: "own servers", "正規(自社)";
    Authorised: "services of yours", "正規(委託)";
    Misconfigured: "set up wrongly", "設定不備";
    Forwarder: "forwarders", "転送";
    List: "mailing lists", "メーリングリスト";
    Gateway: "receivers' relays", "受信側中継";
    Unknown: "unknown", "判定不能";
    Spoof: "spoof suspected", "なりすまし疑い";

    VolumeTitle: "Mail a day by class", "メールの分類別内訳(1日あたり)";
    OwnBoth: "own, DKIM and SPF pass", "正規(DKIM・SPFとも合格)";
    OwnOne: "own, one of them passes", "正規(片方のみ合格)";
    Indirect: "forwarded", "転送・メーリングリスト";
    OwnFailing: "own, fails", "正規・不合格(設定不備)";

    DmarcChanged: "DNS: another DMARC record", "DNS: DMARCレコードの変更";
    SpfChanged: "DNS: another SPF record", "DNS: SPFレコードの変更";
    KeyChanged: "DNS: another DKIM key {selector}", "DNS: DKIM鍵 {selector} の変更";

    FailuresTitle: "Own mail that fails DMARC", "自社メールのDMARC不合格率";
    FailuresUnit: "share of own mail, in square-root steps", "自社メールに占める割合(平方根目盛)";
    OneDay: "a day", "1日";
    OneWeek: "a week", "1週間";
    Bounds: "bounds of the week, 95 % each", "1週間の信頼限界(上下各95%)";
    Alarm: "alarm: clearly more than before", "警報(以前より明らかに増加)";
    MostForQuarantine: "most for quarantine, {rate}", "隔離(quarantine)の上限 {rate}";
    MostForReject: "most for reject, {rate}", "拒否(reject)の上限 {rate}";
    NoOwnMail: "no mail of your own between {since} and {until}", "{since}から{until}までに自社のメールはありません";

    ImpactTitle: "Mail that a stricter policy would act on", "ポリシーを強化した場合に影響を受ける見込みのメール";
    IndirectAtRisk: "forwarded, at risk", "転送・メーリングリスト(影響の恐れ)";
    Cap: "most that may be hit: {cap} a week", "許容上限 週{cap}通";
    NoHarm: "none of your own mail fails between {since} and {until}", "{since}から{until}までに影響を受けるメールはありません";

    AlignmentTitle: "What makes mail pass", "アライメント(ドメインの一致)の内訳";
    DkimAligned: "DKIM aligned", "DKIM 一致";
    DkimNotAligned: "DKIM not aligned", "DKIM 不一致";
    SpfAligned: "SPF aligned", "SPF 一致";
    SpfNotAligned: "SPF not aligned", "SPF 不一致";
    Both: "both", "両方";
    DkimOnly: "DKIM only", "DKIMのみ";
    SpfOnly: "SPF only", "SPFのみ";
    SpfOnlyLost: "SPF only: lost when forwarded", "SPFのみ(転送で不合格になる)";
    Neither: "neither", "どちらもなし";
    NeitherFails: "neither: DMARC fails", "どちらもなし(DMARC不合格)";

    SourcesTitle: "Sources, most failing mail first", "送信元(不合格の多い順)";
    MoreSources: "and {count} more: {mails} mails", "他{count}件、{mails}通";

    DispositionsTitle: "What receivers did", "受信側で適用された処理";
    Delivered: "delivered", "配信";
    Quarantined: "quarantined", "隔離";
    Rejected: "rejected", "拒否";
    Spared: "delivered for a stated reason", "理由を示して配信";
    NotSaid: "not said", "記載なし";
    DmarcPass: "DMARC pass", "DMARC合格";
    DmarcFail: "DMARC fail", "DMARC不合格";

    CoverageTitle: "Who reported which day", "レポートの網羅率(送信組織と日付)";
    Received: "received", "受信済み";
    Late: "not there yet", "到着待ち";
    Missing: "missing", "未着";
    NotExpected: "not to be expected", "予定なし";
    MoreReporters: "and {count} more", "他{count}組織";

    SelectorsTitle: "DKIM keys and when they signed", "DKIMセレクタの使用状況";
    Signed: "signatures that pass, thicker for more mails", "合格した署名(太いほど多い)";
    KeyGone: "the key is gone from DNS", "DNSに公開鍵がない";
    Unused: "unused {days} d", "{days}日間未使用";
    NoSignatures: "no DKIM signature of the domain between {since} and {until}", "{since}から{until}までにこのドメインのDKIM署名はありません";
    NewSourcesTitle: "Sources that were not there before", "新しく観測された送信元";
    DotSize: "Each dot is a source on its first day, larger for more mails. To the right: how many.", "点は送信元とその初日。大きいほど通数が多い。右端は送信元の数。";
    NothingNew: "no new source between {since} and {until}", "{since}から{until}までに新しい送信元はありません";

    LadderTitle: "How far the policy is", "DMARCポリシーの段階";
    StepMonitor: "p=none, report only", "報告のみ(p=none)";
    StepQuarantineTest: "p=quarantine, t=y", "隔離のテスト(t=y)";
    StepQuarantine: "p=quarantine", "隔離(p=quarantine)";
    StepRejectTest: "p=reject, t=y", "拒否のテスト(t=y)";
    StepReject: "p=reject", "拒否(p=reject)";
    Here: "▼ you are here", "▼ 現在の段階";
    Next: "next", "次の段階";
    Since: "since {since}", "{since}から";
    SinceUntil: "{since} to {until}", "{since}〜{until}";
    Earliest: "earliest {day}", "最短 {day}";
    SeenByReporters: "Days as reporters saw the policy.", "日付はレポート送信組織が確認した日。";
    NoPolicySeen: "no report between {since} and {until} says which policy it saw", "{since}から{until}までのレポートにポリシーの記載はありません";

    MoreKeys: "and {count} more", "他{count}件";
}

/// The text with its values in place. A value is never searched for placeholders.
pub(super) fn fill(text: &str, values: &[(&str, &str)]) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, after)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        match values.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => filled.push_str(value),
            None => filled.push_str(&format!("{{{name}}}")),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::present::chart;

    /// Names in braces.
    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|after| after.split_once('}')).map(|(name, _)| name).collect()
    }

    #[test]
    fn every_letter_of_every_word_is_in_the_font() {
        for word in Word::ALL {
            for lang in [Language::En, Language::Ja] {
                assert_eq!(chart::letters_without_glyph(word.text(lang)), "", "{word:?} {lang:?}");
            }
        }
        assert_eq!(chart::letters_without_glyph("ok \u{1f600}"), "\u{1f600}");
    }

    #[test]
    fn both_languages_name_the_same_values() {
        for word in Word::ALL {
            assert_eq!(names(word.text(Language::En)), names(word.text(Language::Ja)), "{word:?}");
        }
    }

    #[test]
    fn values_take_their_places_and_are_not_searched() {
        let values = [("a", "{b}"), ("b", "2")];
        assert_eq!(fill("{a} and {b}, {c} {", &values), "{b} and 2, {c} {");
        assert_eq!(fill("", &values), "");
    }
}
