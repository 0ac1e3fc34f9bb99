//! Country and network of addresses, out of databases in the MMDB format that the owner has downloaded.

use std::collections::HashMap;
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use maxminddb::Reader;
use serde_json::Value;

use super::data_file::{DataFileError, read};
use crate::limits::Limits;

/// Longest name that is taken over, in characters.
const NAME_CHARS_MAX: usize = 200;

/// Where an address is, and in whose network. What no database knows is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Network {
    /// Two letters (ISO 3166-1).
    pub country: Option<String>,
    /// Number of the autonomous system that announces it.
    pub as_number: Option<u32>,
    /// Whose autonomous system it is.
    pub as_name: Option<String>,
}

impl Network {
    /// What two have in common.
    #[must_use]
    pub fn shared(self, other: &Self) -> Self {
        Self {
            country: self.country.filter(|country| Some(country) == other.country.as_ref()),
            as_number: self.as_number.filter(|number| Some(*number) == other.as_number),
            as_name: self.as_name.filter(|name| Some(name) == other.as_name.as_ref()),
        }
    }
}

/// Databases, in the order of the settings.
#[derive(Debug, Default)]
pub struct Networks {
    readers: Vec<Reader<Vec<u8>>>,
    known: Mutex<HashMap<IpAddr, Network>>,
}

impl Networks {
    /// Opens databases: those that can be read, and what is wrong with the others.
    #[must_use]
    pub fn open(paths: &[PathBuf], limits: &Limits) -> (Self, Vec<DataFileError>) {
        let (mut networks, mut errors) = (Self::default(), Vec::new());
        for path in paths {
            match database(path, limits) {
                Ok(reader) => networks.readers.push(reader),
                Err(error) => errors.push(error),
            }
        }
        (networks, errors)
    }

    /// What is known of an address: each part by the first database that has it.
    #[must_use]
    pub fn of(&self, address: IpAddr) -> Network {
        if self.readers.is_empty() {
            return Network::default();
        }
        let mut known = self.known.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        known.entry(address).or_insert_with(|| self.look_up(address)).clone()
    }

    fn look_up(&self, address: IpAddr) -> Network {
        let mut network = Network::default();
        for reader in &self.readers {
            // A database of the other family, or a damaged entry, knows nothing.
            let Some(found) = reader.lookup(address).ok().and_then(|found| found.decode::<Value>().ok().flatten())
            else {
                continue;
            };
            network.country = network.country.or_else(|| country(&found));
            if network.as_number.is_none() && network.as_name.is_none() {
                (network.as_number, network.as_name) = (as_number(&found), as_name(&found));
            }
        }
        network
    }
}

fn database(path: &Path, limits: &Limits) -> Result<Reader<Vec<u8>>, DataFileError> {
    let bytes = read(path, limits)?;
    Reader::from_source(bytes)
        .map_err(|error| DataFileError::NoDatabase { path: path.to_owned(), why: error.to_string() })
}

/// MaxMind: `country.iso_code`; others: `country_code`, or two letters in `country`.
fn country(found: &Value) -> Option<String> {
    let places = ["/country/iso_code", "/country_code", "/country"];
    let mut texts = places.into_iter().filter_map(|place| found.pointer(place)?.as_str());
    let country = texts.find(|text| text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()))?;
    Some(country.to_ascii_uppercase())
}

/// MaxMind: a number; others: `asn`, as a number or as `AS64500`.
fn as_number(found: &Value) -> Option<u32> {
    let number = |value: &Value| match value {
        Value::String(text) => text.trim_start_matches(['A', 'S', 'a', 's']).parse().ok(),
        value => value.as_u64().and_then(|number| u32::try_from(number).ok()),
    };
    ["autonomous_system_number", "asn"].into_iter().find_map(|name| number(found.get(name)?))
}

fn as_name(found: &Value) -> Option<String> {
    let names = ["autonomous_system_organization", "as_name", "as_organization", "as_domain"];
    let name = names.into_iter().find_map(|name| found.get(name)?.as_str().filter(|text| !text.is_empty()))?;
    Some(name.chars().take(NAME_CHARS_MAX).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn both_shapes_of_databases_are_understood() {
        let maxmind = json!({"country": {"iso_code": "JP", "names": {"en": "Japan"}}, "autonomous_system_number": 64500,
            "autonomous_system_organization": "Example K.K."});
        let flat = json!({"country": "Japan", "country_code": "jp", "asn": "AS64500", "as_name": "Example K.K."});
        for found in [maxmind, flat] {
            assert_eq!((country(&found).as_deref(), as_number(&found)), (Some("JP"), Some(64_500)));
            assert_eq!(as_name(&found).as_deref(), Some("Example K.K."));
        }
        let odd = json!({"country": "Atlantis", "asn": "none", "as_name": ""});
        assert_eq!((country(&odd), as_number(&odd), as_name(&odd)), (None, None, None));
    }

    #[test]
    fn addresses_share_what_is_equal() {
        let one = Network { country: Some("JP".to_owned()), as_number: Some(1), as_name: None };
        let two = Network { as_number: Some(2), ..one.clone() };
        assert_eq!(one.clone().shared(&two), Network { as_number: None, ..one });
    }
}
