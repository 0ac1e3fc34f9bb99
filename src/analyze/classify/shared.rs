//! One value for each address, of which many are the same one: strangers come once and alike, and are judged once.

/// Values of addresses, in the order of the addresses.
#[derive(Clone, Debug)]
pub(super) struct Shared<T> {
    /// Each once.
    list: Vec<T>,
    /// By address, its place in the list.
    places: Vec<u32>,
}

impl<T> Shared<T> {
    /// None yet, with room for so many addresses.
    pub(super) fn with_capacity(addresses: usize) -> Self {
        Self { list: Vec::new(), places: Vec::with_capacity(addresses) }
    }

    fn add(&mut self, value: T) -> u32 {
        let place = u32::try_from(self.list.len()).unwrap_or(u32::MAX);
        self.list.push(value);
        place
    }

    /// The next address has a value of its own. Gives its place.
    pub(super) fn push(&mut self, value: T) -> u32 {
        let place = self.add(value);
        self.places.push(place);
        place
    }

    /// The next address has the value of a place.
    pub(super) fn push_again(&mut self, place: u32) {
        self.places.push(place);
    }

    /// Another value for one address.
    pub(super) fn set(&mut self, address: usize, value: T) {
        let place = self.add(value);
        if let Some(known) = self.places.get_mut(address) {
            *known = place;
        }
    }

    /// The value of each address.
    pub(super) fn iter(&self) -> impl Iterator<Item = &T> {
        self.places.iter().filter_map(|place| self.at(*place))
    }

    /// The value of an address.
    pub(super) fn get(&self, address: usize) -> Option<&T> {
        self.at(self.place(address)?)
    }

    /// The place of an address's value.
    pub(super) fn place(&self, address: usize) -> Option<u32> {
        self.places.get(address).copied()
    }

    /// The value of a place.
    pub(super) fn at(&self, place: u32) -> Option<&T> {
        self.list.get(usize::try_from(place).ok()?)
    }
}
