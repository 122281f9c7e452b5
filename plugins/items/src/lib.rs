//! What is carried: instances, inventory, equipment, ground loot and loot tables.
