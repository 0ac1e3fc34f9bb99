//! Many texts in few pieces of memory: a report brings dozens, made by one thread and freed by another.

/// Bytes of a piece: what is larger would have to be copied, and be there twice, to grow.
const PIECE_BYTES: usize = 32 << 10;

/// Texts in the order in which they were added.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pieces: Vec<String>,
    /// In which piece each lies, and where it ends there.
    ends: Vec<(usize, usize)>,
}

impl Texts {
    /// Adds a text; gives its place.
    pub(super) fn add(&mut self, text: &str) -> usize {
        let is_full = self.pieces.last().is_none_or(|last| last.len() + text.len() > PIECE_BYTES);
        if is_full {
            self.shrink();
            self.pieces.push(String::new());
        }
        let number = self.pieces.len() - 1;
        if let Some(last) = self.pieces.last_mut() {
            last.push_str(text);
            self.ends.push((number, last.len()));
        }
        self.ends.len() - 1
    }

    /// All texts in order.
    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &str> {
        let mut before = (0, 0);
        self.ends.iter().map(move |&(number, end)| {
            let begin = if before.0 == number { before.1 } else { 0 };
            before = (number, end);
            self.pieces.get(number).and_then(|piece| piece.get(begin..end)).unwrap_or_default()
        })
    }

    /// Gives back the memory that is not needed.
    pub(super) fn shrink(&mut self) {
        if let Some(last) = self.pieces.last_mut() {
            last.shrink_to_fit();
        }
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

    #[test]
    fn texts_of_many_pieces_come_back() {
        let mut texts = Texts::default();
        let sent: Vec<String> = (0..200).map(|number| "x".repeat(number * number * 7 % 50_000)).collect();
        for text in &sent {
            texts.add(text);
        }
        assert!(texts.pieces.len() > 50 && texts.iter().eq(sent.iter().map(String::as_str)));
        let held: usize = texts.pieces.iter().map(String::capacity).sum();
        let needed: usize = sent.iter().map(String::len).sum();
        assert!(held < needed + PIECE_BYTES, "{held} of {needed}");
    }
}
