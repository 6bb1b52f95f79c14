-- An entry that came from another spool keeps the queue id that it had there; the id of its row is one of this spool. Two more states: I (incoming) is a
-- copy of an entry that is still another spool's, and its origin says of which; O (outgoing) is the note that an entry was handed over, and its copy
-- says where to.
ALTER TABLE spool_entry ADD COLUMN IF NOT EXISTS queue_id VARCHAR(64);

ALTER TABLE spool_entry ADD COLUMN IF NOT EXISTS origin VARCHAR(200);

ALTER TABLE spool_entry ADD COLUMN IF NOT EXISTS copy VARCHAR(200);

-- only postgresql: most entries are of this spool
CREATE UNIQUE INDEX IF NOT EXISTS spool_entry_queue_id ON spool_entry (queue_id) WHERE queue_id IS NOT NULL;

-- only h2: has no partial indexes
CREATE UNIQUE INDEX IF NOT EXISTS spool_entry_queue_id ON spool_entry (queue_id);

-- What tells these tables from all others.
CREATE TABLE IF NOT EXISTS spool_identity (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  identity VARCHAR(64) NOT NULL
);
