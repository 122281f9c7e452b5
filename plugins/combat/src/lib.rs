//! Who hurts whom: stats, abilities, hits, effects and death.
