//! What clients need of the content, as HTTP answers it.

use hypogeum_content::Content;
use hypogeum_content_delivery::{ContentSet, PublishedContent};
use hypogeum_hosting::ResumedShard;
use hypogeum_locale::Locales;
use hypogeum_shard::ShardConfig;

/// What there is of a content. What goes on with older content is [told apart](tell_apart) once it is known.
pub(super) fn publish(content: &Content, locales: &Locales) -> anyhow::Result<(ContentSet, PublishedContent)> {
    let set = ContentSet::of(content, locales)?;
    Ok((set.clone(), PublishedContent::new(set)))
}

/// Says what numbers mean in shards that go on with the content they began with.
pub(super) fn tell_apart(
    (set, published): (ContentSet, PublishedContent),
    resumed: &[ResumedShard],
) -> anyhow::Result<()> {
    let runs_on = |resumed: &ResumedShard| {
        let rules = resumed.shard.world().get_resource::<ShardConfig>()?;
        Some((resumed.id.0, rules.content.clone()))
    };
    let shards: Vec<_> = resumed.iter().filter_map(runs_on).collect();
    published.publish(set.with_shards(shards.iter().map(|(id, content)| (*id, &**content)))?);
    Ok(())
}
