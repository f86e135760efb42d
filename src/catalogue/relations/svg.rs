//! The drawing of a graph: what points at the dataset on the left, the dataset in the middle, what it points at on the right.

use std::collections::BTreeMap;

use svg::Document;
use svg::node::element::path::Data;
use svg::node::element::{Definitions, Group, Marker, Path, Rectangle, Text, Title};

use super::{Edge, Graph};
use crate::model::condition::Lang;

const WIDTH: i32 = 250;
const HEIGHT: i32 = 44;
/// Between two columns there is room for the names of columns.
const ACROSS: i32 = 240;
const DOWN: i32 = 34;
const EDGE: i32 = 20;
/// How far an arrow goes that comes back.
const LOOP: i32 = 60;
/// How many characters fit in a box, and on an arrow.
const IN_BOX: usize = 32;
const ON_ARROW: usize = 34;

/// The upper left corner of a box.
#[derive(Debug, Clone, Copy)]
struct At {
    x: i32,
    y: i32,
}

/// Draws a graph.
pub(super) fn draw(graph: &Graph, lang: Lang) -> String {
    let places = places(graph);
    let rows = places.values().map(|at| at.y).max().unwrap_or(EDGE) + HEIGHT + EDGE;
    let across = places.values().map(|at| at.x).max().unwrap_or(EDGE) + WIDTH + EDGE + loops(graph) * LOOP;
    let title = graph.datasets.first().map(|node| node.name(lang)).unwrap_or_default();
    let mut document = Document::new()
        .set("viewBox", (0, 0, across, rows))
        .set("width", across)
        .set("height", rows)
        .set("role", "img")
        .set("font-family", "sans-serif")
        .set("font-size", 13)
        .add(Title::new(title))
        .add(Definitions::new().add(arrow_head()));
    let mut between: BTreeMap<(usize, usize), i32> = BTreeMap::new();
    for edge in &graph.relations {
        let nth = between.entry((edge.from.min(edge.to), edge.from.max(edge.to))).or_default();
        if let (Some(from), Some(to)) = (places.get(&edge.from), places.get(&edge.to)) {
            document = document.add(arrow(*from, *to, edge, *nth));
        }
        *nth += 1;
    }
    for (i, node) in graph.datasets.iter().enumerate() {
        if let Some(at) = places.get(&i) {
            document = document.add(labelled_box(*at, &node.name(lang), i == 0));
        }
    }
    format!("{document}\n")
}

/// The first dataset in the middle; on the left what points at it, on the right the others.
fn places(graph: &Graph) -> BTreeMap<usize, At> {
    let points_at_it = |i: usize| graph.relations.iter().any(|e| e.from == i && e.to == 0);
    let pointed_at = |i: usize| graph.relations.iter().any(|e| e.from == 0 && e.to == i);
    let others = 1..graph.datasets.len();
    let (left, right): (Vec<usize>, Vec<usize>) = others.partition(|i| points_at_it(*i) && !pointed_at(*i));
    let step = HEIGHT + DOWN;
    let most = i32::try_from(left.len().max(right.len()).max(1)).unwrap_or(i32::MAX / (2 * step));
    let middle = if left.is_empty() { EDGE } else { EDGE + WIDTH + ACROSS };
    let mut places = BTreeMap::new();
    let mut column = |nodes: &[usize], x: i32| {
        let used = i32::try_from(nodes.len()).unwrap_or(most);
        let mut y = EDGE + (most - used) * step / 2;
        for node in nodes {
            places.insert(*node, At { x, y });
            y += step;
        }
    };
    column(&left, EDGE);
    column(&[0], middle);
    column(&right, middle + WIDTH + ACROSS);
    places
}

/// Whether room is needed beside the last column, for arrows that come back.
fn loops(graph: &Graph) -> i32 {
    let right = graph.relations.iter().any(|e| e.from == 0 && e.to != 0);
    i32::from(!right && graph.relations.iter().any(|e| e.from == e.to))
}

fn arrow_head() -> Marker {
    let shape = Path::new().set("d", Data::new().move_to((0, 0)).line_to((8, 4)).line_to((0, 8)).close());
    let marker = Marker::new().set("id", "head").set("markerWidth", 8).set("markerHeight", 8);
    marker.set("refX", 8).set("refY", 4).set("orient", "auto").add(shape)
}

/// An arrow with the names of its columns; the `nth` between the same two, either way, has them lower.
fn arrow(from: At, to: At, edge: &Edge, nth: i32) -> Group {
    let half = HEIGHT / 2;
    let line =
        |d: Data| Path::new().set("d", d).set("fill", "none").set("stroke", "#555").set("marker-end", "url(#head)");
    let (path, x, y) = if from.x == to.x {
        // to itself: out on the right, and back
        let (x, y) = (from.x + WIDTH, from.y + half);
        let round = Data::new().move_to((x, y - 10)).cubic_curve_to((x + LOOP, y - 30, x + LOOP, y + 30, x, y + 10));
        (round, x, from.y - 6)
    } else {
        let (start, end) = if from.x < to.x { (from.x + WIDTH, to.x) } else { (from.x, to.x + WIDTH) };
        let straight = Data::new().move_to((start, from.y + half)).line_to((end, to.y + half));
        (straight, i32::midpoint(start, end), i32::midpoint(from.y, to.y) + half - 6)
    };
    let whole = edge.name();
    let label = Text::new(cut(&whole, ON_ARROW)).set("x", x).set("y", y + nth * 16).set("text-anchor", "middle");
    Group::new().add(Title::new(whole)).add(line(path)).add(label.set("font-size", 11).set("fill", "#333"))
}

fn labelled_box(at: At, name: &str, first: bool) -> Group {
    let shape = Rectangle::new().set("x", at.x).set("y", at.y).set("width", WIDTH).set("height", HEIGHT).set("rx", 4);
    let shape = shape.set("fill", if first { "#e5f0f9" } else { "#ffffff" }).set("stroke", "#154273");
    let text = Text::new(cut(name, IN_BOX)).set("x", at.x + WIDTH / 2).set("y", at.y + HEIGHT / 2 + 5);
    Group::new().add(Title::new(name)).add(shape).add(text.set("text-anchor", "middle"))
}

/// What fits; the whole stands in the title beside it.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}
