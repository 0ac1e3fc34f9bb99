//! Stub, replaced soon.
use std::borrow::Cow;
pub fn terminal(text: &str) -> Cow<'_, str> {
    Cow::Owned(text.escape_debug().to_string())
}
pub fn shorten(text: &str, cells: usize) -> Cow<'_, str> {
    Cow::Owned(text.chars().take(cells).collect())
}
pub fn csv_cell(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}
