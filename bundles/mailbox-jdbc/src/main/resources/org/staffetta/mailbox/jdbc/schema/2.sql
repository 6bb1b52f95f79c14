-- The id that another store gave the message; null for those that were delivered here, whose id is that of the row.
ALTER TABLE mailbox_message ADD COLUMN IF NOT EXISTS imported VARCHAR(100);

-- What was noted about it, with blanks between
ALTER TABLE mailbox_message ADD COLUMN IF NOT EXISTS flags VARCHAR(1000) DEFAULT '' NOT NULL;

CREATE UNIQUE INDEX IF NOT EXISTS mailbox_message_imported ON mailbox_message (account, imported);

-- The names of accounts that stand as a hash elsewhere
CREATE TABLE IF NOT EXISTS mailbox_long_account (
  account VARCHAR(600) PRIMARY KEY,
  name VARCHAR(1000000) NOT NULL
);
