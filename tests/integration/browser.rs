//! The digest page and the charts in a real browser: Chromium, without a window.
//!
//! All pages stand in frames of one page, which measures them and writes what it found into its own title.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::harness::{CHARTS, Place, fixture, read};

/// The day after the newest report of the story.
const NOW: &str = "2026-11-01T06:00:00Z";
/// Widths in CSS pixels: a small telephone, and a screen.
const WIDTHS: [u32; 2] = [320, 1_200];

/// What stands around the pages. `PAGES` is a list of objects with name, width and either page or picture.
const AROUND: &str = r##"<!doctype html><meta charset="utf-8"><title>waiting</title><body><script>
const pages = PAGES;
const found = {isDark: matchMedia("(prefers-color-scheme: dark)").matches, pages: []};
function textsOutside(svg, window) {
  const [left, top, width, height] = svg.getAttribute("viewBox").split(/[ ,]+/).map(Number);
  const frame = svg.getBoundingClientRect();
  return [...svg.querySelectorAll("text")].filter(text => {
    const box = text.getBoundingClientRect();
    return box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1;
  }).map(text => text.textContent);
}
async function look(page) {
  const frame = document.createElement("iframe");
  frame.style.cssText = `width:${page.width}px;height:900px;border:0`;
  const loaded = new Promise(done => frame.onload = done);
  frame.srcdoc = page.html;
  document.body.append(frame);
  await loaded;
  const inner = frame.contentDocument, window = frame.contentWindow;
  const root = inner.documentElement;
  // What lies in a box that scrolls by itself may be wider: charts stay readable on a small screen.
  const scrolls = one => one && (["auto", "scroll"].includes(window.getComputedStyle(one).overflowX) || scrolls(one.parentElement));
  const wide = [...inner.querySelectorAll("body *")].filter(one => one.getBoundingClientRect().right > page.width + 0.5 && !scrolls(one.parentElement));
  const links = [...inner.querySelectorAll("[src], [href]")].map(one => one.getAttribute("src") || one.getAttribute("href"));
  found.pages.push({
    name: page.name, width: page.width,
    scrollWidth: root.scrollWidth,
    wide: wide.slice(0, 5).map(one => one.outerHTML.slice(0, 120)),
    requests: window.performance.getEntriesByType("resource").map(one => one.name).filter(name => !name.startsWith("data:")),
    scripts: inner.querySelectorAll("script, iframe, object, embed, link, form").length,
    handlers: [...inner.querySelectorAll("*")].filter(one => [...one.attributes].some(own => own.name.startsWith("on"))).length,
    links: links.filter(link => !link.startsWith("data:") && !link.startsWith("#")),
    background: window.getComputedStyle(inner.body).backgroundColor,
    outside: [...inner.querySelectorAll("svg[viewBox]")].flatMap(svg => textsOutside(svg)),
    texts: inner.body.innerText.length + inner.querySelectorAll("text").length,
  });
}
(async () => { for (const page of pages) await look(page); })().catch(error => found.error = String(error)).finally(() => {
  document.body.innerHTML = ""; const out = document.createElement("pre"); out.id = "found"; out.textContent = JSON.stringify(found); document.body.append(out);
});
</script>"##;

/// A page to look at: its name, and its HTML.
type Page = (String, String);

/// What Chromium finds, and what it says on its console.
fn look(folder: &Path, pages: &[Page], is_dark: bool) -> (Value, Vec<String>) {
    let pages: Vec<Value> = pages
        .iter()
        .flat_map(|(name, html)| WIDTHS.map(|width| serde_json::json!({"name": name, "width": width, "html": html})))
        .collect();
    // In a script only `</` would end it.
    let list = serde_json::to_string(&pages).expect("JSON").replace("</", "<\\/").replace("<!--", "<\\!--");
    let path = folder.join(if is_dark { "dark.html" } else { "light.html" });
    std::fs::write(&path, AROUND.replace("PAGES", &list)).expect("a page");
    let scheme = format!("--blink-settings=preferredColorScheme={}", u8::from(!is_dark));
    let mut chromium = Command::new("chromium");
    chromium.args(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"]);
    chromium.args(["--disable-background-networking", "--disable-component-update", "--disable-sync"]);
    chromium.args(["--enable-logging=stderr", "--virtual-time-budget=20000", "--timeout=120000", "--dump-dom"]);
    chromium.arg(&scheme).arg(format!("--user-data-dir={}", folder.join("profile").display()));
    let output = chromium.arg(&path).env("HOME", folder).output().expect("chromium: tests/all installs it");
    let (dom, log) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let found = dom.split("<pre id=\"found\">").nth(1).and_then(|rest| rest.split("</pre>").next());
    let found = found.unwrap_or_else(|| panic!("nothing was measured\n{dom:.500}\n{log}"));
    let found = found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
    let console = log.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect();
    (serde_json::from_str(&found).expect("JSON"), console)
}

/// The digest page and all charts of a store, in both languages.
fn pages(place: &Place) -> Vec<Page> {
    let mut pages = Vec::new();
    for language in ["en", "ja"] {
        let out = place.path().join(format!("out-{language}"));
        place.run(["run", "--quiet", "--lang", language, "--out"]).arg(&out).now(NOW).bytes();
        pages.push((format!("digest {language}"), read(&out.join("digest.html"))));
        for (theme, background) in [("light", "#fff"), ("dark", "#000")] {
            let chart = |kind: &str| {
                let path = place.path().join("chart.svg");
                place
                    .run(["chart", kind, "--quiet", "--theme", theme, "--lang", language, "--output"])
                    .arg(&path)
                    .now(NOW)
                    .bytes();
                let style = "svg{display:block;max-width:100%;height:auto}";
                let page = format!(
                    "<!doctype html><style>{style}</style><body style=\"margin:0;background:{background}\">{}",
                    read(&path)
                );
                (format!("{kind} {theme} {language}"), page)
            };
            pages.extend(CHARTS.map(chart));
        }
    }
    pages
}

#[track_caller]
fn is_well(place: &Place, pages: &[Page]) {
    for is_dark in [false, true] {
        let (found, console) = look(place.path(), pages, is_dark);
        assert_eq!(console, [""; 0], "nothing is said on the console");
        assert_eq!((&found["isDark"], &found["error"]), (&is_dark.into(), &Value::Null));
        let looked_at = found["pages"].as_array().expect("a list");
        assert_eq!(looked_at.len(), pages.len() * WIDTHS.len());
        for page in looked_at {
            let what = format!("{} at {}: {page:#}", page["name"], page["width"]);
            assert!(page["scrollWidth"].as_u64() <= page["width"].as_u64(), "wider than the screen: {what}");
            assert_eq!(page["wide"], serde_json::json!([]), "{what}");
            for nothing in ["requests", "links", "outside"] {
                assert_eq!(page[nothing], serde_json::json!([]), "{nothing}: {what}");
            }
            assert_eq!((&page["scripts"], &page["handlers"]), (&0.into(), &0.into()), "{what}");
            assert!(page["texts"].as_u64() > Some(5), "{what}");
        }
        let digest = looked_at.iter().find(|page| page["name"] == "digest en").expect("a digest");
        let numbers = digest["background"].as_str().expect("a colour").split(|c: char| !c.is_ascii_digit());
        let light: u32 = numbers.filter_map(|number| number.parse::<u32>().ok()).take(3).sum();
        assert!(if is_dark { light < 200 } else { light > 600 }, "the page follows the reader's wish: {digest:#}");
    }
}

#[test]
fn a_browser_shows_the_digest_and_the_charts_as_they_are_meant() {
    let place = Place::new();
    place.run(["ingest", "--quiet"]).arg(fixture("story")).check();
    is_well(&place, &pages(&place));
}

#[test]
fn a_browser_shows_nothing_but_text_of_a_stranger() {
    let place = Place::new();
    let attack = "&lt;img src=//evil.example/x onerror=alert(1)&gt;&lt;script&gt;document.title=1&lt;/script&gt;\
        &quot;&#39;&gt;&lt;svg onload=alert(1)&gt; javascript:alert(1) \u{202e}gnp.exe";
    let report = read(&fixture("quirk/begin-equals-end.xml"))
        .replace("<org_name>", &format!("<org_name>{attack} {}", "wide".repeat(200)))
        .replace("<header_from>", "<header_from>&lt;b onclick=alert(1)&gt;");
    place.write("hostile.xml", report);
    place.run(["ingest", "--quiet"]).arg(place.path().join("hostile.xml")).check();
    is_well(&place, &pages(&place));
}
