//! Selectors of one kind, `context own` with names, ids and classes, and what they match in a page.

use std::cell::Cell;
use std::collections::HashMap;

use crate::extract::dom::Tree;

/// Classes of one element that are looked at.
const CLASSES: usize = 8;
/// What matches more often is no list.
const MATCHES: usize = 4000;
/// Elements that all selectors of one list together are compared with.
const STEPS: usize = 2_000_000;
/// Ancestors that a context is looked for in.
const CLIMB: usize = 24;

/// An element as a selector describes it; of a name, an id and classes those that are given.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) id: Option<String>,
    pub(super) classes: Vec<String>,
}

impl Part {
    /// As CSS.
    pub(super) fn css(&self) -> String {
        let id = self.id.as_ref().map(|id| format!("#{id}")).unwrap_or_default();
        let classes: String = self.classes.iter().map(|class| format!(".{class}")).collect();
        format!("{}{id}{classes}", self.name)
    }
}

/// A part, inside of another one.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Sketch {
    pub(super) own: Part,
    /// What it stands in, and whether directly.
    pub(super) context: Option<(Part, bool)>,
}

impl Sketch {
    /// How likely it is to mean the same tomorrow, from 0 to 1: what has a name of its own is not anything of its kind.
    pub(super) fn firmness(&self) -> f64 {
        let of = |part: &Part| match part.name.as_str() {
            _ if !part.classes.is_empty() || part.id.is_some() => 1.0,
            "article" | "time" | "h1" | "h2" | "h3" | "h4" | "main" => 0.95,
            "p" | "ol" | "ul" | "table" | "section" => 0.8,
            _ => 0.6,
        };
        let context = self.context.as_ref().map_or(0.0, |(context, _)| of(context) - 0.05);
        f64::max(of(&self.own), context)
    }

    /// As CSS.
    pub(super) fn css(&self) -> String {
        match &self.context {
            None => self.own.css(),
            Some((context, true)) => format!("{} > {}", context.css(), self.own.css()),
            Some((context, false)) => format!("{} {}", context.css(), self.own.css()),
        }
    }
}

/// The elements of a page by name and by class, as they are written.
pub(super) struct Index<'a, 'd> {
    tree: &'a Tree<'d>,
    classes: HashMap<usize, Vec<String>>,
    by_class: HashMap<String, Vec<usize>>,
    by_name: HashMap<String, Vec<usize>>,
    /// Comparisons that are left.
    steps: Cell<usize>,
}

impl<'a, 'd> Index<'a, 'd> {
    pub(super) fn new(tree: &'a Tree<'d>) -> Index<'a, 'd> {
        let mut index = Index {
            tree,
            classes: HashMap::new(),
            by_class: HashMap::new(),
            by_name: HashMap::new(),
            steps: Cell::new(STEPS),
        };
        for at in 0..tree.len() {
            let node = tree.node(at);
            if node.name.is_empty() {
                continue;
            }
            index.by_name.entry(node.name.clone()).or_default().push(at);
            if node.class.is_empty() {
                continue;
            }
            let value = tree.attribute(at, "class").unwrap_or_default();
            let mut classes: Vec<String> = Vec::new();
            for class in value.split_ascii_whitespace().filter(|class| is_plain(class)).take(CLASSES) {
                if !classes.iter().any(|known| known == class) {
                    index.by_class.entry(class.to_owned()).or_default().push(at);
                    classes.push(class.to_owned());
                }
            }
            index.classes.insert(at, classes);
        }
        index
    }

    /// Begins another list.
    pub(super) fn renew(&self) {
        self.steps.set(STEPS);
    }

    /// The classes of an element that a selector can name.
    pub(super) fn classes(&self, at: usize) -> &[String] {
        self.classes.get(&at).map(Vec::as_slice).unwrap_or_default()
    }

    /// The id of an element, where a selector can name it and it is no number of a story.
    pub(super) fn id(&self, at: usize) -> Option<String> {
        self.tree.attribute(at, "id").filter(|id| is_plain(id) && !id.bytes().any(|b| b.is_ascii_digit()))
    }

    /// Whether an element is described by a part.
    pub(super) fn is(&self, at: usize, part: &Part) -> bool {
        (part.name.is_empty() || self.tree.node(at).name == part.name)
            && part.classes.iter().all(|class| self.classes(at).contains(class))
            && part.id.as_ref().is_none_or(|id| self.tree.attribute(at, "id").as_ref() == Some(id))
    }

    /// Whether an element is where a sketch says, `top` being the outermost that counts.
    pub(super) fn fits(&self, at: usize, sketch: &Sketch, top: usize) -> bool {
        let climb = match &sketch.context {
            None => 0,
            Some((_, true)) => 1,
            Some((_, false)) => CLIMB,
        };
        let Some(left) = self.steps.get().checked_sub(1 + climb) else { return false };
        self.steps.set(left);
        if !self.is(at, &sketch.own) {
            return false;
        }
        let Some((context, _)) = &sketch.context else { return true };
        self.tree.ancestors(at).skip(1).take(climb).take_while(|up| *up >= top).any(|up| self.is(up, context))
    }

    /// What a sketch matches in the page, in its order; `None`: too much.
    pub(super) fn matches(&self, sketch: &Sketch) -> Option<Vec<usize>> {
        let of_class = |class: &String| self.by_class.get(class).map(Vec::as_slice).unwrap_or_default();
        let rarest = sketch.own.classes.iter().map(of_class).min_by_key(|all| all.len());
        let all = rarest.or_else(|| self.by_name.get(&sketch.own.name).map(Vec::as_slice)).unwrap_or_default();
        (all.len() <= MATCHES).then(|| all.iter().copied().filter(|at| self.fits(*at, sketch, 0)).collect())
    }

    pub(super) fn tree(&self) -> &'a Tree<'d> {
        self.tree
    }
}

/// Whether a word needs no escapes in a selector (CSS Syntax 3 §4.3.11).
fn is_plain(word: &str) -> bool {
    word.len() <= 60
        && word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && word.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}
