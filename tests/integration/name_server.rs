//! A small authoritative DNS server on loopback, over UDP and TCP on the same port, for the zone of a test.
//!
//! A zone has a line for each record: name, type, data, all names absolute, without the final dot:
//!
//! ```text
//! example.com        TXT   "v=spf1 -all" "second string"
//! example.com        MX    10 mail.example.com
//! mail.example.com   A     192.0.2.1
//! s1.example.com     CNAME s1.example.net
//! example.com        TYPE99 "v=spf1 -all"
//! *.example.net      TXT   "wild"
//! ;@servfail NAME [TYPE]      answered with SERVFAIL; `*.NAME` is all that is below
//! ;@refused NAME [TYPE]       answered with REFUSED
//! ;@silent NAME [TYPE]        never answered
//! ;@cut NAME [TYPE]           cut off over UDP
//! ;@alone NAME [TYPE]         an alias is answered without what it leads to
//! ;@old NAME [TYPE]           answered with FORMERR where the question has EDNS
//! ;@elsewhere NAME [TYPE]     answered with a referral to other servers
//! ```
//!
//! Names exist when something is at or below them (RFC 8020); wildcards are those of RFC 4592.

mod zone;

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream, UdpSocket};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use hickory_resolver::proto::op::{Edns, Message, OpCode, ResponseCode};
use hickory_resolver::proto::rr::rdata::NS;
use hickory_resolver::proto::rr::{RData, Record, RecordType};

use zone::{Mark, Reply, Zone, full};

/// One question that was asked: `udp TXT example.com`.
type Asked = Arc<Mutex<Vec<String>>>;

/// A server that runs until it is dropped.
pub(crate) struct NameServer {
    address: SocketAddr,
    asked: Asked,
    is_over: Arc<AtomicBool>,
}

impl NameServer {
    /// A server for a zone.
    #[track_caller]
    pub(crate) fn start(zone: &str) -> Self {
        Self::serve(zone, sockets())
    }

    /// Servers for several zones on the same port of 127.0.0.1, 127.0.0.2 and so on.
    #[track_caller]
    pub(crate) fn several(zones: &[&str]) -> Vec<Self> {
        let at = |number: usize, port: u16| {
            let address = SocketAddr::from(([127, 0, 0, u8::try_from(number + 1).expect("few servers")], port));
            Ok::<_, std::io::Error>((UdpSocket::bind(address)?, TcpListener::bind(address)?))
        };
        let all = || {
            let (udp, tcp) = sockets();
            let port = udp.local_addr()?.port();
            let mut pairs = vec![(udp, tcp)];
            for number in 1..zones.len() {
                pairs.push(at(number, port)?);
            }
            Ok::<_, std::io::Error>(pairs)
        };
        let pairs = (0..100).find_map(|_| all().ok()).expect("a port that is free at every address");
        zones.iter().zip(pairs).map(|(zone, pair)| Self::serve(zone, pair)).collect()
    }

    fn serve(zone: &str, (udp, tcp): (UdpSocket, TcpListener)) -> Self {
        let zone = Arc::new(Zone::read(zone));
        let address = udp.local_addr().expect("an address");
        let asked = Asked::default();
        let is_over = Arc::new(AtomicBool::new(false));
        let (zone_of_tcp, asked_of_tcp, is_over_of_tcp) = (zone.clone(), asked.clone(), is_over.clone());
        std::thread::spawn(move || {
            for stream in tcp.incoming() {
                if is_over_of_tcp.load(Ordering::SeqCst) {
                    break;
                }
                let _broken = stream.and_then(|stream| serve(stream, &zone_of_tcp, &asked_of_tcp));
            }
        });
        let (asked_of_udp, is_over_of_udp) = (asked.clone(), is_over.clone());
        std::thread::spawn(move || {
            let mut buffer = [0; 4_096];
            while let Ok((length, from)) = udp.recv_from(&mut buffer) {
                if is_over_of_udp.load(Ordering::SeqCst) {
                    break;
                }
                if let Some(answer) = answer(&buffer[..length], &zone, &asked_of_udp, "udp") {
                    let _gone = udp.send_to(&answer, from);
                }
            }
        });
        Self { address, asked, is_over }
    }

    /// Where it listens.
    pub(crate) const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Settings that name it: `[dns] servers`, with little patience.
    pub(crate) fn settings(&self) -> String {
        format!("[dns]\nservers = [\"{}\"]\ntimeout_s = 1\nattempts = 1\n", self.address)
    }

    /// What was asked so far, such as `udp TXT example.com`.
    pub(crate) fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("a whole list").clone()
    }
}

impl Drop for NameServer {
    fn drop(&mut self) {
        self.is_over.store(true, Ordering::SeqCst);
        // Wakes both threads, so that they see that it is over.
        let _woken = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        let _woken = UdpSocket::bind("127.0.0.1:0").and_then(|socket| socket.send_to(b"over", self.address));
    }
}

/// UDP and TCP on the same free port.
fn sockets() -> (UdpSocket, TcpListener) {
    let pair = || {
        let udp = UdpSocket::bind("127.0.0.1:0")?;
        let tcp = TcpListener::bind(udp.local_addr()?)?;
        Ok::<_, std::io::Error>((udp, tcp))
    };
    (0..100).find_map(|_| pair().ok()).expect("a port that is free over UDP and TCP")
}

fn serve(mut stream: TcpStream, zone: &Zone, asked: &Asked) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut length = [0; 2];
    stream.read_exact(&mut length)?;
    let mut question = vec![0; usize::from(u16::from_be_bytes(length))];
    stream.read_exact(&mut question)?;
    if let Some(answer) = answer(&question, zone, asked, "tcp") {
        let length = u16::try_from(answer.len()).expect("a message of DNS");
        stream.write_all(&length.to_be_bytes())?;
        stream.write_all(&answer)?;
    }
    Ok(())
}

/// The answer to one message; none where the zone says to be silent.
fn answer(question: &[u8], zone: &Zone, asked: &Asked, over: &str) -> Option<Vec<u8>> {
    let question = Message::from_vec(question).ok()?;
    let query = question.queries.first()?.clone();
    let name = query.name().to_lowercase().to_ascii().trim_end_matches('.').to_owned();
    let kind = match query.query_type() {
        RecordType::Unknown(code) => format!("TYPE{code}"),
        kind => kind.to_string(),
    };
    asked.lock().expect("a whole list").push(format!("{over} {kind} {name}"));
    let mut message = Message::response(question.metadata.id, OpCode::Query);
    message.add_query(query);
    message.metadata.authoritative = true;
    if question.edns.is_some() {
        let mut edns = Edns::new();
        edns.set_max_payload(1_232);
        message.set_edns(edns);
    }
    let mark = zone.mark(&name, &kind);
    match mark {
        Some(Mark::Silent) => return None,
        Some(Mark::ServFail) => message.metadata.response_code = ResponseCode::ServFail,
        Some(Mark::Refused) => message.metadata.response_code = ResponseCode::Refused,
        Some(Mark::Old) if question.edns.is_some() => message.metadata.response_code = ResponseCode::FormErr,
        Some(Mark::Elsewhere) => {
            message.metadata.authoritative = false;
            let server = RData::NS(NS(full("ns.elsewhere.test")));
            message.add_authority(Record::from_rdata(full("test"), 300, server));
        }
        _ => fill(&mut message, zone.look_up(&name, &kind, mark == Some(Mark::Alone))),
    }
    let bytes = message.to_vec().expect("a message");
    let room = usize::from(question.max_payload());
    if over == "udp" && (bytes.len() > room || mark == Some(Mark::Cut)) {
        let mut cut = message.truncate();
        cut.metadata.truncation = true;
        return Some(cut.to_vec().expect("a message"));
    }
    Some(bytes)
}

fn fill(message: &mut Message, reply: Reply) {
    message.metadata.response_code = if reply.exists { ResponseCode::NoError } else { ResponseCode::NXDomain };
    message.add_answers(reply.answers);
    message.authorities.extend(reply.soa);
}
