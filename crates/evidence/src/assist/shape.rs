//! The common look of the texts of a column, as a regular expression.

use std::fmt::Write;

/// Fewest texts from which a shape is taken.
const FEWEST: u64 = 5;
/// Most runs of a shape. Texts of more are prose.
const RUNS: usize = 9;
/// Longest text that has a shape.
const LONGEST: usize = 32;
/// Most that the lengths of a run may differ.
const SPREAD: usize = 3;
/// Longest run of letters that is a code and not a word.
const CODE: usize = 5;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Upper,
    Lower,
    Digit,
    /// A sign that stands for itself.
    Sign(char),
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Run {
    class: Class,
    least: usize,
    most: usize,
    /// The text of the run, while it is the same everywhere.
    same: Option<String>,
}

/// Collects the look of texts.
#[derive(Debug, Default)]
pub(super) struct Look {
    texts: u64,
    differ: bool,
    runs: Vec<Run>,
}

impl Look {
    /// Looks at a further text.
    pub(super) fn add(&mut self, text: &str) {
        self.texts += 1;
        if self.differ {
            return;
        }
        let Some(runs) = runs(text) else {
            self.differ = true;
            return;
        };
        if self.texts == 1 {
            self.runs = runs;
            return;
        }
        if runs.len() != self.runs.len() || runs.iter().zip(&self.runs).any(|(new, old)| new.class != old.class) {
            self.differ = true;
            return;
        }
        for (run, new) in self.runs.iter_mut().zip(runs) {
            run.least = run.least.min(new.least);
            run.most = run.most.max(new.most);
            run.same = run.same.take().filter(|same| Some(same) == new.same.as_ref());
        }
    }

    /// The shape, if the texts have one that tells them from other texts.
    pub(super) fn shape(&self) -> Option<String> {
        if self.differ || self.texts < FEWEST || self.runs.is_empty() {
            return None;
        }
        let letters = |run: &Run| matches!(run.class, Class::Upper | Class::Lower);
        let numbered = self.runs.iter().any(|run| run.class == Class::Digit);
        let a_code = |run: &Run| match run.class {
            Class::Sign(_) => true,
            Class::Digit => run.most - run.least <= SPREAD,
            // Letters alone that are now more and now fewer are words.
            Class::Upper => run.same.is_some() || (run.most <= CODE && (numbered || run.most == run.least)),
            Class::Lower => run.same.is_some(),
        };
        // A text that is the same everywhere has no shape.
        if !self.runs.iter().all(a_code) || self.runs.iter().all(|run| run.same.is_some()) {
            return None;
        }
        let mut shape = String::new();
        for run in &self.runs {
            match (&run.same, run.class) {
                (_, Class::Sign(sign)) => {
                    if r".+*?()|[]{}^$\".contains(sign) {
                        shape.push('\\');
                    }
                    shape.push(sign);
                }
                (Some(same), _) if letters(run) => shape.push_str(same),
                _ => {
                    shape.push_str(if run.class == Class::Digit { r"\d" } else { "[A-Z]" });
                    let _ = match (run.least, run.most) {
                        (1, 1) => Ok(()),
                        (least, most) if least == most => write!(shape, "{{{most}}}"),
                        (least, most) => write!(shape, "{{{least},{most}}}"),
                    };
                }
            }
        }
        Some(shape)
    }
}

fn runs(text: &str) -> Option<Vec<Run>> {
    if text.len() > LONGEST {
        return None;
    }
    let mut runs: Vec<Run> = Vec::new();
    for c in text.chars() {
        let class = match c {
            'A'..='Z' => Class::Upper,
            'a'..='z' => Class::Lower,
            '0'..='9' => Class::Digit,
            c if c.is_ascii_graphic() || c == ' ' => Class::Sign(c),
            _ => return None,
        };
        let full = runs.len() == RUNS;
        match runs.last_mut() {
            Some(run) if run.class == class && !matches!(class, Class::Sign(_)) => {
                run.least += 1;
                run.most += 1;
                if let Some(same) = &mut run.same {
                    same.push(c);
                }
            }
            _ if full => return None,
            _ => runs.push(Run { class, least: 1, most: 1, same: Some(c.to_string()) }),
        }
    }
    Some(runs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_a_shape_and_words_have_none() {
        for (texts, expected) in [
            ("TX CA NM NY AZ", Some("[A-Z]{2}")),
            ("A900123456 A900123457 A900123458 A90012345 A900123450", Some(r"A\d{8,9}")),
            ("900-123-456 900-123-457 900-123-458 900-123-459 901-123-456", Some(r"\d{3}-\d{3}-\d{3}")),
            ("IOE0900000001 MSC0900000002 IOE0900000003 IOE0900000004 LIN0900000005", Some(r"[A-Z]{3}\d{10}")),
            ("rec-1-org rec-22-org rec-3-org rec-4-org rec-515-org", Some(r"rec-\d{1,3}-org")),
            ("MARIA JOSE ANA ROSA LUIS", None),
            ("Ana Rosa Luis Juan Eva", None),
            ("TX TX TX TX TX", None),
            ("TX CA NM", None),
            ("1 22 333 4444 55555", None),
        ] {
            let mut look = Look::default();
            for text in texts.split(' ') {
                look.add(text);
            }
            assert_eq!(look.shape().as_deref(), expected, "{texts}");
        }
    }
}
