//! Up to 64 things of one cell.

use super::bytes::{Reader, put_bitmap, put_varint};
use super::place::{Cell, Motion};
use crate::codec::CodecError;
use crate::ids::NetId;
use crate::snapshot::RecordKind;

/// Slots of a page: one bit each in a 64-bit word.
pub const PAGE_SLOTS: usize = 64;
/// How a page's shape says how many bytes each of its bitmaps has: as few as hold the last present slot.
const BYTES_MASK: u8 = 15;
/// Its number in the cell follows; else it is the first.
const NUMBER_BIT: u8 = 1 << 4;
/// Everything present is told, without a bitmap: so it is wherever all move.
const ALL_TOLD_BIT: u8 = 1 << 5;
/// Some in the page are new to the receiver.
const CAME_BIT: u8 = 1 << 6;
/// Set in a facet's kind where a template follows; else it is the first.
const TEMPLATE_BIT: u8 = 1 << 7;

/// What never changes about a thing while it keeps its slot.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Facet {
    /// Its name in the shard.
    pub id: NetId,
    /// What it is; never an area, those are sent whole.
    pub kind: RecordKind,
    /// Which template of its kind.
    pub template: u16,
}

const KINDS: [RecordKind; 5] =
    [RecordKind::Player, RecordKind::Npc, RecordKind::Item, RecordKind::Container, RecordKind::Projectile];

/// A page as it arrived: who is in it now, and what is told again of some of them.
#[derive(Clone, Debug)]
pub struct PageBlock {
    /// The cell of which this is a part.
    pub cell: Cell,
    /// Which page of the cell.
    pub page: u8,
    /// Slots that hold something the receiver may see. All others are empty to it.
    pub present: u64,
    /// Slots whose motion is told.
    pub told: u64,
    /// Slots whose facet is told: all of them are in `told`.
    pub came: u64,
    /// By slot, where `came`.
    pub facets: [Facet; PAGE_SLOTS],
    /// By slot, where `told`.
    pub motions: [Motion; PAGE_SLOTS],
}

impl Default for PageBlock {
    fn default() -> Self {
        Self {
            cell: Cell::default(),
            page: 0,
            present: 0,
            told: 0,
            came: 0,
            facets: [Facet::default(); PAGE_SLOTS],
            motions: [Motion::default(); PAGE_SLOTS],
        }
    }
}

/// The slots of a mask, rising.
pub(super) fn slots(mut mask: u64) -> impl Iterator<Item = usize> {
    core::iter::from_fn(move || {
        let slot = mask.trailing_zeros() as usize;
        mask &= mask.wrapping_sub(1);
        (slot < PAGE_SLOTS).then_some(slot)
    })
}

/// Appends a page. `told` and `came` are cut to `present`, and whatever came is told.
pub fn write_page(
    out: &mut Vec<u8>,
    (cell, page): (Cell, u8),
    (present, told, came): (u64, u64, u64),
    facets: &[Facet; PAGE_SLOTS],
    motions: &[Motion; PAGE_SLOTS],
) {
    let came = came & present;
    let told = (told | came) & present;
    let bits = (PAGE_SLOTS - present.leading_zeros() as usize).next_multiple_of(8);
    let flag = |is: bool, bit: u8| if is { bit } else { 0 };
    let shape = flag(page != 0, NUMBER_BIT) | flag(told == present, ALL_TOLD_BIT) | flag(came != 0, CAME_BIT);
    out.extend_from_slice(&[cell.row, cell.column, shape | (bits / 8) as u8]);
    if page != 0 {
        out.push(page);
    }
    put_bitmap(out, present, bits);
    if told != present {
        put_bitmap(out, told, bits);
    }
    if came != 0 {
        put_bitmap(out, came, bits);
        for slot in slots(came) {
            let Facet { id, kind, template } = facets[slot];
            put_varint(out, id.0);
            out.push(kind as u8 | flag(template != 0, TEMPLATE_BIT));
            if template != 0 {
                put_varint(out, template.into());
            }
        }
    }
    if told == u64::MAX {
        // The whole page, as one copy.
        for motion in motions {
            out.extend_from_slice(&motion.0.to_le_bytes());
        }
    } else {
        out.reserve(4 * told.count_ones() as usize);
        for slot in slots(told) {
            out.extend_from_slice(&motions[slot].0.to_le_bytes());
        }
    }
}

impl PageBlock {
    /// Reads the next page into this one. After an error its contents mean nothing.
    ///
    /// # Errors
    /// [`CodecError`] where the bytes are no page.
    pub fn read(&mut self, reader: &mut Reader<'_>) -> Result<(), CodecError> {
        let [row, column, shape] = reader.array()?;
        let bits = 8 * usize::from(shape & BYTES_MASK);
        if bits > PAGE_SLOTS || shape & !(BYTES_MASK | NUMBER_BIT | ALL_TOLD_BIT | CAME_BIT) != 0 {
            return Err(CodecError::Malformed);
        }
        self.cell = Cell { row, column };
        self.page = if shape & NUMBER_BIT == 0 { 0 } else { reader.byte()? };
        self.present = reader.bitmap(bits)?;
        self.told = if shape & ALL_TOLD_BIT == 0 { reader.bitmap(bits)? } else { self.present };
        self.came = if shape & CAME_BIT == 0 { 0 } else { reader.bitmap(bits)? };
        if self.told & !self.present != 0 || self.came & !self.told != 0 {
            return Err(CodecError::Malformed);
        }
        for slot in slots(self.came) {
            let id = NetId(reader.varint()?);
            let byte = reader.byte()?;
            let tag = byte & !TEMPLATE_BIT;
            let kind = *KINDS.get(usize::from(tag)).ok_or(CodecError::UnknownTag(tag.into()))?;
            let template = if byte & TEMPLATE_BIT == 0 { 0 } else { reader.varint()? };
            let template = u16::try_from(template).map_err(|_| CodecError::Malformed)?;
            self.facets[slot] = Facet { id, kind, template };
        }
        for slot in slots(self.told) {
            self.motions[slot] = Motion(reader.u32()?);
        }
        Ok(())
    }
}

/// What a datagram's check adds up for one page: both ends work it out from what the page holds, so that a receiver whose
/// page differs notices. It is no defence against anyone: the lane is authenticated below.
#[must_use]
pub fn page_check(
    (cell, page): (Cell, u8),
    present: u64,
    facets: &[Facet; PAGE_SLOTS],
    motions: &[Motion; PAGE_SLOTS],
) -> u32 {
    let key = u32::from(cell.row) << 16 | u32::from(cell.column) << 8 | u32::from(page);
    let mut sum = key.wrapping_mul(0x9E37_79B1);
    for slot in slots(present) {
        let mixed = facets[slot].id.0.wrapping_mul(0x85EB_CA77) ^ motions[slot].0.rotate_left(slot as u32 & 31);
        sum = sum.wrapping_add((mixed ^ mixed >> 15).wrapping_mul(0x2C1B_3C6D));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn arrays(seed: u32) -> ([Facet; PAGE_SLOTS], [Motion; PAGE_SLOTS]) {
        let number = |slot: usize| (slot as u32 + 1).wrapping_mul(seed | 1);
        let facet = |slot| Facet { id: NetId(number(slot)), kind: KINDS[slot % 5], template: number(slot) as u16 };
        (core::array::from_fn(facet), core::array::from_fn(|slot| Motion(number(slot).rotate_left(9))))
    }

    #[test]
    fn a_page_of_a_few_who_all_move_takes_little_more_than_their_motions() {
        let (facets, motions) = arrays(1);
        let mut out = Vec::new();
        write_page(&mut out, (Cell::default(), 0), (0b1111, 0b1111, 0), &facets, &motions);
        assert_eq!(out.len(), 4 + 4 * 4, "cell, shape and one bitmap, and four motions");
    }

    proptest! {
        #[test]
        fn a_page_comes_back_as_it_was_written(seed: u32, present: u64, told: u64, came: u64, page: u8, row: u8) {
            let (facets, motions) = arrays(seed);
            let cell = Cell { row, column: 7 };
            // Everything told is a case of its own, and so is a cell's first page.
            let (told, page) = if seed % 3 == 0 { (u64::MAX, 0) } else { (told, page) };
            let mut out = Vec::new();
            write_page(&mut out, (cell, page), (present, told, came), &facets, &motions);
            let (mut block, mut reader) = (PageBlock::default(), Reader::new(&out));
            prop_assert_eq!(block.read(&mut reader), Ok(()));
            prop_assert_eq!(reader.end(), Ok(()));
            prop_assert_eq!((block.cell, block.page, block.present), (cell, page, present));
            prop_assert_eq!((block.told, block.came), ((told | came) & present, came & present));
            for slot in slots(block.told) {
                prop_assert_eq!(block.motions[slot], motions[slot]);
            }
            for slot in slots(block.came) {
                prop_assert_eq!(block.facets[slot], facets[slot]);
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
            let _ = PageBlock::default().read(&mut Reader::new(&bytes));
        }

        #[test]
        fn a_check_notices_a_motion_that_differs(seed: u32, slot in 0_usize..64, flip in 0_u32..32) {
            let (facets, mut motions) = arrays(seed);
            let check = page_check((Cell::default(), 0), u64::MAX, &facets, &motions);
            motions[slot].0 ^= 1 << flip;
            prop_assert_ne!(check, page_check((Cell::default(), 0), u64::MAX, &facets, &motions));
        }
    }
}
