CREATE TABLE IF NOT EXISTS mailbox_id (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  space VARCHAR(5) NOT NULL,
  next BIGINT NOT NULL
);

-- A message with its trace fields, as it was delivered. The content is null where it stands in chunks.
CREATE TABLE IF NOT EXISTS mailbox_message (
  id VARCHAR(13) PRIMARY KEY,
  account VARCHAR(600) NOT NULL,
  delivered TIMESTAMP(6) WITH TIME ZONE NOT NULL,
  size BIGINT NOT NULL,
  content ${octets}
);

CREATE INDEX IF NOT EXISTS mailbox_message_account ON mailbox_message (account, delivered, id);

-- only postgresql: what is in a mail does not get much smaller, and to try takes time
ALTER TABLE mailbox_message ALTER COLUMN content SET STORAGE EXTERNAL;

-- A large message. Its first chunks are there before its row is.
CREATE TABLE IF NOT EXISTS mailbox_message_chunk (
  content VARCHAR(13) NOT NULL,
  no INTEGER NOT NULL,
  octets ${octets} NOT NULL,
  stored TIMESTAMP(6) WITH TIME ZONE DEFAULT CURRENT_TIMESTAMP NOT NULL,
  PRIMARY KEY (content, no)
);

-- only postgresql
ALTER TABLE mailbox_message_chunk ALTER COLUMN octets SET STORAGE EXTERNAL;
