//! Writes a tiny database in the MMDB format, as its specification has it: no real one may be bundled.

/// A value of a database.
pub(crate) enum Value {
    Text(&'static str),
    Number(u32),
    Map(Vec<(&'static str, Value)>),
}

const NODE_BYTES: usize = 6;
/// A length from this on stands in a byte of its own.
const LONG: u8 = 29;

/// A database of IPv4 networks: address, length of its prefix, what is known of it.
pub(crate) fn database(networks: &[([u8; 4], u32, Value)]) -> Vec<u8> {
    // A branch of a node leads nowhere, to another node, or to a place in the data.
    #[derive(Clone, Copy)]
    enum Branch {
        Nowhere,
        Node(usize),
        Data(usize),
    }
    let (mut nodes, mut data) = (vec![[Branch::Nowhere; 2]], Vec::new());
    for (address, bits, value) in networks {
        let (address, mut node) = (u32::from_be_bytes(*address), 0);
        for depth in 0..*bits {
            let side = usize::from(address >> (31 - depth) & 1 == 1);
            if depth + 1 == *bits {
                nodes[node][side] = Branch::Data(data.len());
                put(&mut data, value);
            } else if let Branch::Node(next) = nodes[node][side] {
                node = next;
            } else {
                nodes.push([Branch::Nowhere; 2]);
                nodes[node][side] = Branch::Node(nodes.len() - 1);
                node = nodes.len() - 1;
            }
        }
    }
    let mut bytes = Vec::with_capacity(nodes.len() * NODE_BYTES);
    for branch in nodes.iter().flatten() {
        let pointer = match branch {
            Branch::Nowhere => nodes.len(),
            Branch::Node(node) => *node,
            Branch::Data(offset) => nodes.len() + 16 + offset,
        };
        bytes.extend_from_slice(&u32::try_from(pointer).expect("a small database").to_be_bytes()[1..]);
    }
    bytes.extend_from_slice(&[0; 16]);
    bytes.extend_from_slice(&data);
    bytes.extend_from_slice(b"\xab\xcd\xefMaxMind.com");
    metadata(&mut bytes, nodes.len());
    bytes
}

fn metadata(bytes: &mut Vec<u8>, nodes: usize) {
    bytes.push(7 << 5 | 9);
    put_text(bytes, "node_count");
    put(bytes, &Value::Number(u32::try_from(nodes).expect("a small database")));
    for (name, number) in
        [("record_size", 24), ("ip_version", 4), ("binary_format_major_version", 2), ("binary_format_minor_version", 0)]
    {
        put_text(bytes, name);
        bytes.extend_from_slice(&[5 << 5 | 1, number]);
    }
    put_text(bytes, "database_type");
    put_text(bytes, "Test");
    // Types above 7 stand in a byte of their own, less 7: an array (11) and a number of 64 bits (9).
    put_text(bytes, "languages");
    bytes.extend_from_slice(&[0, 4]);
    put_text(bytes, "build_epoch");
    bytes.extend_from_slice(&[4, 2, 0x65, 0, 0, 0]);
    put_text(bytes, "description");
    bytes.push(7 << 5);
}

fn put_text(bytes: &mut Vec<u8>, text: &str) {
    let length = u8::try_from(text.len()).expect("a short text");
    match length.checked_sub(LONG) {
        None => bytes.push(2 << 5 | length),
        Some(more) => bytes.extend_from_slice(&[2 << 5 | LONG, more]),
    }
    bytes.extend_from_slice(text.as_bytes());
}

fn put(bytes: &mut Vec<u8>, value: &Value) {
    match value {
        Value::Text(text) => put_text(bytes, text),
        Value::Number(number) => {
            bytes.push(6 << 5 | 4);
            bytes.extend_from_slice(&number.to_be_bytes());
        }
        Value::Map(entries) => {
            bytes.push(7 << 5 | u8::try_from(entries.len()).expect("a short map"));
            for (name, value) in entries {
                put_text(bytes, name);
                put(bytes, value);
            }
        }
    }
}
