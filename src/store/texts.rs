//! Many texts in one piece of memory: a report brings dozens, made by one thread and freed by another.

/// Texts in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Texts {
    bytes: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Texts {
    /// Adds a text; gives its place.
    pub(super) fn add(&mut self, text: &str) -> usize {
        self.bytes.push_str(text);
        self.ends.push(self.bytes.len());
        self.ends.len() - 1
    }

    /// All texts in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut begin = 0;
        self.ends.iter().map(move |end| self.bytes.get(std::mem::replace(&mut begin, *end)..*end).unwrap_or_default())
    }

    /// Gives back the memory that is not needed.
    pub(super) fn shrink(&mut self) {
        self.bytes.shrink_to_fit();
        self.ends.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_come_back_in_order_even_empty_ones() {
        let mut texts = Texts::default();
        let sent = ["a", "", "日本", "", "a"];
        assert_eq!(sent.map(|text| texts.add(text)), [0, 1, 2, 3, 4]);
        texts.shrink();
        assert_eq!(texts.iter().collect::<Vec<_>>(), sent);
    }
}
