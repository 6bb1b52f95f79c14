CREATE TABLE IF NOT EXISTS spool_id (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  space VARCHAR(5) NOT NULL,
  next BIGINT NOT NULL
);

-- A server that uses this spool. Once it has not been heard of for the time of its lease, its claims are given back.
CREATE TABLE IF NOT EXISTS spool_node (
  id VARCHAR(32) PRIMARY KEY,
  name VARCHAR(255) NOT NULL,
  expires TIMESTAMP(6) WITH TIME ZONE NOT NULL
);

-- A message. The state is W (waiting), C (claimed by the node) or H (held). It is due when the first of its recipients is, and offered not before
-- that; a node that asks not to be offered it so early sets that moment and leaves its id, so that this ends with the node. The claim counts
-- the claims, so that one that was lost cannot write any more. The body is null where it stands in chunks. Recipients not yet tried have no rows in spool_pending: those are
-- written once one of them remains after an attempt; from then on, tried is true.
CREATE TABLE IF NOT EXISTS spool_entry (
  id VARCHAR(13) PRIMARY KEY,
  state VARCHAR(1) NOT NULL,
  due TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  offered TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  node VARCHAR(32),
  claim BIGINT NOT NULL,
  tried BOOLEAN NOT NULL,
  arrival TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  held VARCHAR NOT NULL,
  sender VARCHAR NOT NULL,
  recipients VARCHAR NOT NULL,
  attributes VARCHAR NOT NULL,
  headers ${octets} NOT NULL,
  body_size BIGINT NOT NULL,
  body ${octets}
);

CREATE INDEX IF NOT EXISTS spool_entry_offered ON spool_entry (state, offered, id);

CREATE INDEX IF NOT EXISTS spool_entry_arrival ON spool_entry (arrival, id);

-- only postgresql: what a node has, when it goes; for the others it is no node's
CREATE INDEX IF NOT EXISTS spool_entry_node ON spool_entry (node) WHERE node IS NOT NULL;

-- only h2
CREATE INDEX IF NOT EXISTS spool_entry_node ON spool_entry (node);

-- only postgresql: what is in a mail does not get much smaller, and to try takes time
ALTER TABLE spool_entry ALTER COLUMN body SET STORAGE EXTERNAL;

-- only postgresql: what was taken stands in the way of what is next until it is vacuumed
ALTER TABLE spool_entry SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_vacuum_threshold = 1000);

CREATE TABLE IF NOT EXISTS spool_pending (
  entry VARCHAR(13) NOT NULL REFERENCES spool_entry (id) ON DELETE CASCADE,
  no INTEGER NOT NULL,
  recipient VARCHAR NOT NULL,
  attempts INTEGER NOT NULL,
  next_attempt VARCHAR NOT NULL,
  last_reply VARCHAR NOT NULL,
  PRIMARY KEY (entry, no)
);

-- A large body. Its first chunks are there before the message is.
CREATE TABLE IF NOT EXISTS spool_entry_chunk (
  content VARCHAR(13) NOT NULL,
  no INTEGER NOT NULL,
  octets ${octets} NOT NULL,
  stored TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (content, no)
);

-- only postgresql
ALTER TABLE spool_entry_chunk ALTER COLUMN octets SET STORAGE EXTERNAL;
