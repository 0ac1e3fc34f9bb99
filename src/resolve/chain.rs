//! From a name over its aliases (CNAME) to records.

use std::future::Future;

use hickory_resolver::proto::op::{Message, ResponseCode};
use hickory_resolver::proto::rr::{Name, RData, Record, RecordType};

use crate::dns::{Answer, Failure, Lookup};

/// The records of a type, also where aliases lead to them. An answer may hold the whole chain or only its beginning,
/// whose end is then asked for by itself.
pub(super) async fn follow<F: Future<Output = Result<Message, Failure>>>(
    start: Name,
    kind: RecordType,
    aliases_max: usize,
    ask: impl Fn(Name) -> F,
) -> Lookup<RData> {
    let mut chain = Chain { name: start.to_lowercase(), aliases: Vec::new(), ttl_s: None };
    let answer = chain.walk(kind, aliases_max, ask).await.unwrap_or_else(Answer::Failed);
    let ttl_s = if answer.is_unknown() { None } else { chain.ttl_s };
    Lookup { answer, aliases: chain.aliases.iter().map(text).collect(), ttl_s }
}

struct Chain {
    name: Name,
    aliases: Vec<Name>,
    ttl_s: Option<u32>,
}

impl Chain {
    async fn walk<F: Future<Output = Result<Message, Failure>>>(
        &mut self,
        kind: RecordType,
        aliases_max: usize,
        ask: impl Fn(Name) -> F,
    ) -> Result<Answer<RData>, Failure> {
        let mut seen = vec![self.name.clone()];
        loop {
            let message = ask(self.name.clone()).await?;
            let hops_before = self.aliases.len();
            while let Some((target, ttl_s)) = alias(&message, &self.name).filter(|_| kind != RecordType::CNAME) {
                if seen.contains(&target) || self.aliases.len() >= aliases_max {
                    return Err(Failure::AliasLoop);
                }
                self.hold(Some(ttl_s));
                seen.push(target.clone());
                self.aliases.push(target.clone());
                self.name = target;
            }
            let found: Vec<&Record> = message.answers.iter().filter(|record| is_at(record, &self.name, kind)).collect();
            if !found.is_empty() {
                for record in &found {
                    self.hold(Some(record.ttl));
                }
                return Ok(Answer::Found(found.into_iter().map(|record| record.data.clone()).collect()));
            }
            let nothing_ttl_s = nothing_ttl_s(&message, &self.name);
            if message.metadata.response_code == ResponseCode::NXDomain {
                self.hold(nothing_ttl_s);
                return Ok(Answer::NxDomain);
            }
            if self.aliases.len() > hops_before && nothing_ttl_s.is_none() {
                continue;
            }
            if is_referral(&message) {
                return Err(Failure::Refused);
            }
            self.hold(nothing_ttl_s);
            return Ok(Answer::NoData);
        }
    }

    /// The whole holds no longer than its parts.
    fn hold(&mut self, ttl_s: Option<u32>) {
        self.ttl_s = [self.ttl_s, ttl_s].into_iter().flatten().min();
    }
}

fn is_at(record: &Record, name: &Name, kind: RecordType) -> bool {
    record.record_type() == kind && record.name == *name
}

/// Where the name's alias leads.
fn alias(message: &Message, name: &Name) -> Option<(Name, u32)> {
    message.answers.iter().filter(|record| record.name == *name).find_map(|record| match &record.data {
        RData::CNAME(target) => Some((target.0.to_lowercase(), record.ttl)),
        _ => None,
    })
}

/// How long it holds that there is nothing (RFC 2308 5), where the zone of the name itself says so.
fn nothing_ttl_s(message: &Message, name: &Name) -> Option<u32> {
    message.authorities.iter().find_map(|record| match &record.data {
        RData::SOA(soa) if record.name.zone_of(name) => Some(soa.minimum.min(record.ttl)),
        _ => None,
    })
}

/// "Ask those over there": the server neither knows the name nor asks on our behalf.
fn is_referral(message: &Message) -> bool {
    let names_servers = message.authorities.iter().any(|record| record.record_type() == RecordType::NS);
    let has_soa = message.authorities.iter().any(|record| record.record_type() == RecordType::SOA);
    names_servers && !has_soa && !message.metadata.authoritative && !message.metadata.recursion_available
}

/// A name in lower case without the final dot; what is no letter, digit, `-` or `_` as `\DDD`.
pub(super) fn text(name: &Name) -> String {
    name.to_lowercase().to_ascii().trim_end_matches('.').to_owned()
}
