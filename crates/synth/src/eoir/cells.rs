use super::days::{Day, Days};
use super::marginals::Coded;
use crate::chance::Dice;

/// The cells of one row, as they are in truth: UTF-8, with a tab between two of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Cells {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
    }

    fn open(&mut self) -> &mut Vec<u8> {
        if !self.ends.is_empty() {
            self.bytes.push(b'\t');
        }
        &mut self.bytes
    }

    fn close(&mut self) {
        self.ends.push(self.bytes.len());
    }

    fn put(&mut self, value: &[u8]) {
        self.open().extend_from_slice(value);
        self.close();
    }

    /// The row as the release writes it, without the end of the line.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// A cell; empty if there is none at that place.
    pub(super) fn get(&self, at: usize) -> &[u8] {
        let start = if at == 0 { 0 } else { self.ends.get(at - 1).map_or(0, |end| end + 1) };
        self.ends.get(at).map_or(&[], |end| &self.bytes[start..*end])
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = &[u8]> {
        (0..self.len()).map(|at| self.get(at))
    }
}

/// Writes the cells of one row from the left. What fills a cell by chance depends on the row's key and the cell's place
/// only, so that a row keeps such cells from one release to the next whatever else changes.
pub(super) struct Pen<'a> {
    cells: &'a mut Cells,
    days: &'a Days,
    pub(super) dice: Dice,
    place: u32,
}

impl<'a> Pen<'a> {
    pub(super) fn new(cells: &'a mut Cells, days: &'a Days, dice: Dice) -> Self {
        cells.clear();
        Self { cells, days, dice, place: 0 }
    }

    fn put(&mut self, value: &[u8]) -> &mut Self {
        self.cells.put(value);
        self.place += 1;
        self
    }

    /// Whether the next cell is filled, which it is in `share` of the rows.
    pub(super) fn filled(&self, share: f64) -> bool {
        self.dice.yes(self.place + 1_000, share)
    }

    /// A draw for the next cell.
    pub(super) fn roll(&self) -> u64 {
        self.dice.roll(self.place)
    }

    pub(super) fn text(&mut self, value: &str) -> &mut Self {
        self.put(value.as_bytes())
    }

    pub(super) fn none(&mut self) -> &mut Self {
        self.put(&[])
    }

    pub(super) fn empty(&mut self, cells: usize) -> &mut Self {
        for _ in 0..cells {
            self.none();
        }
        self
    }

    pub(super) fn number(&mut self, value: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut at = digits.len();
        let mut left = value;
        loop {
            at -= 1;
            digits[at] = b'0' + (left % 10) as u8;
            left /= 10;
            if left == 0 {
                break;
            }
        }
        self.put(&digits[at..])
    }

    pub(super) fn maybe_number(&mut self, value: Option<u64>) -> &mut Self {
        match value {
            Some(value) => self.number(value),
            None => self.none(),
        }
    }

    pub(super) fn day(&mut self, day: Day) -> &mut Self {
        let days = self.days;
        self.put(days.stamp(day))
    }

    pub(super) fn maybe_day(&mut self, day: Option<Day>) -> &mut Self {
        match day {
            Some(day) => self.day(day),
            None => self.none(),
        }
    }

    /// A day with a time in office hours.
    pub(super) fn moment(&mut self, day: Day) -> &mut Self {
        let mut stamp = *self.days.stamp(day);
        let roll = self.roll();
        let two = |n: u64| [b'0' + (n / 10) as u8, b'0' + (n % 10) as u8];
        stamp[11..13].copy_from_slice(&two(8 + roll % 10));
        stamp[14..16].copy_from_slice(&two((roll >> 8) % 60));
        stamp[17..19].copy_from_slice(&two((roll >> 16) % 60));
        // The database keeps thirds of a hundredth of a second: .000, .003, .007.
        stamp[20..22].copy_from_slice(&two((roll >> 24) % 100));
        stamp[22] = [b'0', b'3', b'7'][((roll >> 32) % 3) as usize];
        self.put(&stamp)
    }

    /// A value of a coded column, missing as often as there.
    pub(super) fn coded(&mut self, codes: &Coded) -> &mut Self {
        let value = if self.filled(codes.filled) { codes.value(self.roll()) } else { "" };
        self.text(value)
    }

    /// A value of a coded column, never missing.
    pub(super) fn value(&mut self, codes: &Coded) -> &mut Self {
        let value = codes.value(self.roll());
        self.text(value)
    }

    /// A time of day as the release writes it.
    pub(super) fn time(&mut self) -> &mut Self {
        const TIMES: [&str; 8] = ["0830", "0830", "0900", "1300", "0800", "1000", "1330", "0900"];
        let time = TIMES[(self.roll() % 8) as usize];
        self.text(time)
    }
}
