//! `[gates.quarantine]` and `[gates.reject]`: what has to be seen before a policy is tightened.

use super::node::{Node, join};
use super::problem::Problem;
use super::setting::Setting;

/// Declares [`Gates`] once: the threshold, and its default on the way to quarantine and on the way to reject.
macro_rules! gates {
    ($($(#[$doc:meta])* $name:ident: $type:ty = $quarantine:expr, $reject:expr;)*) => {
        /// Thresholds of the gates G1 to G12 on the way to one policy. Percentages are from 0 to 100.
        #[derive(Clone, Debug, PartialEq)]
        pub struct Gates {
            $($(#[$doc])* pub $name: $type,)*
        }

        impl Gates {
            /// The thresholds before `p=quarantine` when the owner sets none.
            #[must_use]
            pub const fn quarantine() -> Self {
                Self { $($name: $quarantine,)* }
            }

            /// The thresholds before `p=reject` when the owner sets none.
            #[must_use]
            pub const fn reject() -> Self {
                Self { $($name: $reject,)* }
            }

            /// These thresholds with those that `node` sets in their place.
            fn read_over(self, node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
                let fields = node.fields(&[$(stringify!($name),)*], problems)?;
                $(let $name = fields.read(stringify!($name), Some(self.$name), problems);)*
                Some(Self { $($name: $name?,)* })
            }

            fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
                $(self.$name.list(&join(key, stringify!($name)), out);)*
            }

            fn keys(key: &str, out: &mut Vec<String>) {
                $(<$type>::keys(&join(key, stringify!($name)), out);)*
            }
        }
    };
}

gates! {
    /// G1: days with reports in the window; for reject, days at quarantine (not counting `t=y`).
    window_days_min: u32 = 35, 30;
    /// G1: days with reports since the first one.
    total_days_min: u32 = 35, 65;
    /// G1: whether the window has to contain the end of a month.
    month_end: bool = true, true;
    /// G2: independent observations of legitimate mail, after the design effect.
    observations_min: u32 = 300, 600;
    /// G2: days that a domain with fewer observations needs instead, without one failure.
    low_volume_days_min: u32 = 35, 65;
    /// G2: days with mail among them.
    low_volume_active_days_min: u32 = 10, 20;
    /// G3: lower bound (95 %) of the share of legitimate mail that passes.
    pass_lower_bound_percent_min: f64 = 98.0, 99.5;
    /// G4: share of a single legitimate source's mail that passes.
    source_pass_percent_min: f64 = 95.0, 99.0;
    /// G4: failing mails from which on a source is looked at.
    source_failing_mails_min: u32 = 10, 10;
    /// G4: the same as a share of all legitimate mail; the larger of the two holds.
    source_failing_percent_min: f64 = 0.1, 0.1;
    /// G5: failing mail of unknown sources, as a share of legitimate and unknown mail.
    unknown_percent_max: f64 = 1.0, 0.5;
    /// G5: mails of a single unknown source that nobody has tagged.
    unknown_source_mails_max: u32 = 50, 20;
    /// G6: days without a new legitimate source.
    no_new_source_days_min: u32 = 14, 30;
    /// G6: share of mail that is estimated to come from sources not seen yet (Good-Turing).
    unseen_percent_max: f64 = 5.0, 2.0;
    /// G7: days without an open anomaly.
    no_anomaly_days_min: u32 = 7, 14;
    /// G8: reporters that see enough of the mail.
    reporters_min: u32 = 2, 3;
    /// G8: share of the mail that a reporter has to see to count.
    reporter_percent_min: f64 = 1.0, 1.0;
    /// G8: reports received, as a share of those expected.
    completeness_percent_min: f64 = 80.0, 90.0;
    /// G9: share of legitimate mail with aligned DKIM.
    dkim_percent_min: f64 = 90.0, 98.0;
    /// G9: share of legitimate mail that passes by SPF alone, and is lost when forwarded.
    spf_only_percent_max: f64 = 100.0, 1.0;
    /// G10: forwarded and list mail at risk, as a share of legitimate mail; 100 accepts the risk.
    indirect_percent_max: f64 = 100.0, 0.5;
    /// G11: DNS look-ups that evaluating SPF may take.
    spf_lookups_max: u32 = 10, 10;
    /// G11: time to live of the policy record, in seconds, so that a roll-back is quick; any when not set.
    ttl_s_max: Option<u32> = None, Some(3600);
    /// G12: days before a periodic sender is due in which nothing is tightened if it failed last time.
    due_run_days: u32 = 3, 3;
    /// Cap: legitimate and unknown mails that the policy would act on in a week.
    harmed_mails_per_week_max: u32 = 200, 200;
    /// Cap: the same as a share of all failing mail.
    harmed_percent_max: f64 = 20.0, 20.0;
}

/// `[gates]`: the thresholds on the way to each policy.
#[derive(Clone, Debug, PartialEq)]
pub struct GatesSettings {
    /// Before `p=quarantine`.
    pub quarantine: Gates,
    /// Before `p=reject`.
    pub reject: Gates,
}

impl Setting for GatesSettings {
    const SECTION: bool = true;

    fn read(node: &Node, problems: &mut Vec<Problem>) -> Option<Self> {
        let fields = node.fields(&["quarantine", "reject"], problems)?;
        let mut read = |name: &str, defaults: Gates| match fields.get(name) {
            Some(node) => defaults.read_over(node, problems),
            None => Some(defaults),
        };
        let quarantine = read("quarantine", Gates::quarantine());
        let reject = read("reject", Gates::reject());
        Some(Self { quarantine: quarantine?, reject: reject? })
    }

    fn absent() -> Option<Self> {
        Some(Self { quarantine: Gates::quarantine(), reject: Gates::reject() })
    }

    fn list(&self, key: &str, out: &mut Vec<(String, String)>) {
        self.quarantine.list(&join(key, "quarantine"), out);
        self.reject.list(&join(key, "reject"), out);
    }

    fn keys(key: &str, out: &mut Vec<String>) {
        Gates::keys(&join(key, "quarantine"), out);
        Gates::keys(&join(key, "reject"), out);
    }
}
