//! Stub, replaced soon.
use super::SummaryView;
#[derive(Clone, Copy, Debug)]
pub struct TextStyle {
    pub width: usize,
    pub color: bool,
    pub unicode: bool,
}
#[derive(Clone, Debug)]
pub struct ChartImage {
    pub alt: String,
    pub svg: String,
}
pub fn text(view: &SummaryView, _: &TextStyle) -> String {
    format!("{view:#?}\n")
}
pub fn markdown(view: &SummaryView) -> String {
    format!("{view:#?}\n")
}
pub fn csv(view: &SummaryView) -> String {
    format!("{view:#?}\n")
}
pub fn html(view: &SummaryView, _: &[ChartImage]) -> String {
    format!("{view:#?}\n")
}
pub fn json(_: &SummaryView) -> serde_json::Value {
    serde_json::json!({"schema":"ruascope.summary/1"})
}
