//! What a program used at the most.

/// Peak memory of this process as Linux counts it; 0 elsewhere.
pub(crate) fn peak_kib() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    peak.split_whitespace().next().and_then(|number| number.parse().ok()).unwrap_or(0)
}
