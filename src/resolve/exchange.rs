//! One question to the servers, until one of them answers.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

use hickory_resolver::net::client::Client;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::net::tcp::TcpClientStream;
use hickory_resolver::net::udp::UdpClientStream;
use hickory_resolver::net::xfer::{DnsRequestSender as _, FirstAnswer as _};
use hickory_resolver::net::{DnsHandle as _, NetError};
use hickory_resolver::proto::op::{DnsRequest, DnsRequestOptions, Message, Query, ResponseCode};

use crate::dns::Failure;

/// Octets of an answer over UDP that no network cuts to pieces (RFC 9715).
const UDP_BYTES_MAX: u16 = 1_232;

/// Whom to ask, and how patiently.
#[derive(Debug)]
pub(super) struct Servers {
    /// In the order in which they are asked; the next one is asked when one does not answer.
    pub(super) addresses: Vec<SocketAddr>,
    /// How long to wait for each of them.
    pub(super) timeout: Duration,
    /// Times that all of them are asked.
    pub(super) attempts: u32,
    /// Whether any of them ever said anything.
    pub(super) heard: Heard,
}

/// Questions in a row without any answer after which nobody is asked any more, where none was ever answered: a machine
/// without DNS is not to wait for each question.
const UNHEARD_MAX: u32 = 3;

/// Whether any server ever said anything, if only that it refuses.
#[derive(Debug, Default)]
pub(super) struct Heard {
    has_answered: AtomicBool,
    unheard: AtomicU32,
}

impl Heard {
    fn is_hopeless(&self) -> bool {
        !self.has_answered.load(Ordering::Relaxed) && self.unheard.load(Ordering::Relaxed) >= UNHEARD_MAX
    }

    fn note<T>(&self, answer: &Result<T, Failure>) {
        match answer {
            Err(Failure::TimedOut | Failure::Unreachable) => drop(self.unheard.fetch_add(1, Ordering::Relaxed)),
            _ => self.has_answered.store(true, Ordering::Relaxed),
        }
    }
}

impl Servers {
    /// The first answer that says whether there is something: of success, or that the name does not exist. Otherwise
    /// what a server said it could not do, and only when none said anything, that they are silent.
    pub(super) async fn ask(&self, query: &Query) -> Result<Message, Failure> {
        if self.heard.is_hopeless() {
            return Err(Failure::Unreachable);
        }
        let answer = self.ask_in_turn(query).await;
        self.heard.note(&answer);
        answer
    }

    async fn ask_in_turn(&self, query: &Query) -> Result<Message, Failure> {
        let mut worst = None;
        for _ in 0..self.attempts.max(1) {
            for address in &self.addresses {
                match self.ask_one(*address, query).await {
                    Ok(message) => return Ok(message),
                    Err(failure) if worst.is_none_or(|worst| failure_rank(failure) > failure_rank(worst)) => {
                        worst = Some(failure);
                    }
                    Err(_) => {}
                }
            }
            // Asking again helps against a lost packet and a moment of weakness, not against a refusal.
            if worst == Some(Failure::Refused) {
                break;
            }
        }
        Err(worst.unwrap_or(Failure::Unreachable))
    }

    async fn ask_one(&self, address: SocketAddr, query: &Query) -> Result<Message, Failure> {
        let message = self.ask_over_both(address, query, true).await?;
        match message.metadata.response_code {
            // An old server may not know EDNS (RFC 6891 7).
            ResponseCode::FormErr | ResponseCode::NotImp | ResponseCode::BADVERS => {
                checked(self.ask_over_both(address, query, false).await?)
            }
            _ => checked(message),
        }
    }

    /// Over UDP; over TCP where the answer was cut off.
    async fn ask_over_both(&self, address: SocketAddr, query: &Query, has_edns: bool) -> Result<Message, Failure> {
        let message = self.over_udp(address, request(query, has_edns)).await.map_err(|error| failure(&error))?;
        if !message.metadata.truncation {
            return Ok(message);
        }
        let whole = self.over_tcp(address, request(query, has_edns)).await.map_err(|error| failure(&error))?;
        if whole.metadata.truncation { Err(Failure::Malformed) } else { Ok(whole) }
    }

    async fn over_udp(&self, address: SocketAddr, request: DnsRequest) -> Result<Message, NetError> {
        let mut stream = UdpClientStream::builder(address, TokioRuntimeProvider::new())
            .with_timeout(Some(self.timeout))
            .with_max_retries(0)
            .build();
        Ok(stream.send_message(request).first_answer().await?.into_message())
    }

    async fn over_tcp(&self, address: SocketAddr, request: DnsRequest) -> Result<Message, NetError> {
        let (connecting, sender) = TcpClientStream::new(address, None, Some(self.timeout), TokioRuntimeProvider::new());
        let stream = connecting.await?;
        let (client, background) = Client::<TokioRuntimeProvider>::with_timeout(stream, sender, self.timeout);
        let background = tokio::spawn(background);
        let answer = client.send(request).first_answer().await;
        background.abort();
        Ok(answer?.into_message())
    }
}

fn request(query: &Query, has_edns: bool) -> DnsRequest {
    let mut options = DnsRequestOptions::default();
    options.use_edns = has_edns;
    options.edns_payload_len = UDP_BYTES_MAX;
    DnsRequest::from_query(query.clone(), options)
}

/// Sorts out answers that say nothing about the name.
fn checked(message: Message) -> Result<Message, Failure> {
    match message.metadata.response_code {
        ResponseCode::NoError | ResponseCode::NXDomain => Ok(message),
        ResponseCode::Refused | ResponseCode::NotAuth => Err(Failure::Refused),
        _ => Err(Failure::ServerFailed),
    }
}

fn failure(error: &NetError) -> Failure {
    match error {
        NetError::Timeout => Failure::TimedOut,
        NetError::Proto(_) | NetError::ForeignClassRecord { .. } | NetError::Truncated => Failure::Malformed,
        _ => Failure::Unreachable,
    }
}

/// What tells more about the name stands above what tells about the way there.
const fn failure_rank(failure: Failure) -> u8 {
    match failure {
        Failure::ServerFailed => 4,
        Failure::Malformed | Failure::AliasLoop => 3,
        Failure::Refused => 2,
        Failure::TimedOut => 1,
        Failure::Unreachable | Failure::Offline => 0,
    }
}
