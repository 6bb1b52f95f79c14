-- Our domains, as names are compared: lower case, A-labels. One that is the same as another has that one's people.
CREATE TABLE IF NOT EXISTS directory_domain (
  name VARCHAR(255) PRIMARY KEY CHECK (name = LOWER(name)),
  same_as VARCHAR(255) REFERENCES directory_domain (name),
  accept_any BOOLEAN DEFAULT FALSE NOT NULL
);

-- Who there is: accounts, and aliases that stand for members. The local part is in lower case, without quotes; that of an alias may be empty:
-- it gets what is for nobody else.
CREATE TABLE IF NOT EXISTS directory_address (
  domain VARCHAR(255) NOT NULL REFERENCES directory_domain (name) ON DELETE CASCADE,
  local_part VARCHAR(64) NOT NULL CHECK (local_part = LOWER(local_part)),
  kind VARCHAR(7) NOT NULL CHECK (kind IN ('account', 'alias')),
  password VARCHAR(1000),
  PRIMARY KEY (domain, local_part),
  CHECK (local_part <> '' OR kind = 'alias'),
  CHECK (password IS NULL OR kind = 'account')
);

CREATE INDEX IF NOT EXISTS directory_address_local_part ON directory_address (local_part, domain);

CREATE TABLE IF NOT EXISTS directory_member (
  domain VARCHAR(255) NOT NULL,
  local_part VARCHAR(64) NOT NULL,
  no INTEGER NOT NULL,
  member VARCHAR(400) NOT NULL,
  PRIMARY KEY (domain, local_part, no),
  FOREIGN KEY (domain, local_part) REFERENCES directory_address (domain, local_part) ON DELETE CASCADE
);

CREATE TABLE IF NOT EXISTS directory_attribute (
  domain VARCHAR(255) NOT NULL,
  local_part VARCHAR(64) NOT NULL,
  name VARCHAR(100) NOT NULL CHECK (name = LOWER(name)),
  setting VARCHAR(1000) NOT NULL,
  PRIMARY KEY (domain, local_part, name),
  FOREIGN KEY (domain, local_part) REFERENCES directory_address (domain, local_part) ON DELETE CASCADE
);

-- Who gets what is for the postmaster of a domain that has none of its own.
CREATE TABLE IF NOT EXISTS directory_postmaster (
  no INTEGER PRIMARY KEY,
  member VARCHAR(400) NOT NULL
);
