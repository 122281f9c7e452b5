//! Who talks and who trades.

use crate::def::{ShopDef, TalkDef};
use crate::limits::WORDS_BYTES_MAX;
use crate::locate::Spot;
use crate::review::Review;

/// Topics of one NPC, and things that it sells or buys.
const LIST_MAX: usize = 32;
/// Words by which a topic is known.
const TOPIC_WORDS_MAX: usize = 8;
/// Letters of such a word.
const TOPIC_WORD_MAX: usize = 16;
/// Coins for one piece.
const PRICE_MAX: i64 = 500;

pub(super) fn check_talk(at: Spot<'_>, talk: &TalkDef, review: &mut Review<'_>) {
    review.prose(at.field("greeting"), &talk.greeting, WORDS_BYTES_MAX);
    if !talk.otherwise.is_empty() {
        review.prose(at.field("otherwise"), &talk.otherwise, WORDS_BYTES_MAX);
    }
    review.count(at.field("topics"), talk.topics.len(), 0..=LIST_MAX);
    for (place, topic) in talk.topics.iter().enumerate() {
        let at = at.field("topics").nth(place);
        review.count(at.field("words"), topic.words.len(), 1..=TOPIC_WORDS_MAX);
        for (place, word) in topic.words.iter().enumerate() {
            let is_small = |character: char| character.is_alphanumeric() && !character.is_uppercase();
            let length = word.chars().count();
            if length == 0 || length > TOPIC_WORD_MAX || !word.chars().all(is_small) {
                let expected = format!("1–{TOPIC_WORD_MAX} small letters and digits");
                review.fault(at.field("words").nth(place), "not a word", format!("{word:?}"), expected);
            }
        }
        review.prose(at.field("says"), &topic.says, WORDS_BYTES_MAX);
    }
}

pub(super) fn check_shop(at: Spot<'_>, shop: &mut ShopDef, review: &mut Review<'_>) {
    review.link(at.field("coin"), &mut shop.coin);
    for (field, prices) in [("sells", &mut shop.sells), ("buys", &mut shop.buys)] {
        let list = at.field(field);
        review.count(list, prices.len(), 0..=LIST_MAX);
        for (place, price) in prices.iter_mut().enumerate() {
            let at = list.nth(place);
            review.link(at.field("item"), &mut price.item);
            review.range(at.field("price"), price.price, 1..=PRICE_MAX);
        }
    }
    for (place, bought) in shop.buys.iter().enumerate() {
        let sold = shop.sells.iter().find(|sold| sold.item.key() == bought.item.key());
        if let Some(sold) = sold.filter(|sold| sold.price < bought.price) {
            let at = at.field("buys").nth(place).field("price");
            let expected = format!("at most {}, for which it sells the same", sold.price);
            review.fault(at, "money for nothing", bought.price, expected);
        }
    }
}
