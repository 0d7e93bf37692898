CREATE TABLE jobs (
    service        TEXT NOT NULL,          -- the service's base URL, or "sandbox"
    uuid           TEXT NOT NULL,
    account        TEXT NOT NULL,          -- fingerprint of the key that pays
    digest         TEXT NOT NULL,          -- the request, without key and attempt
    attempt        INTEGER NOT NULL,
    state          TEXT NOT NULL,
    request        TEXT NOT NULL,          -- the task as JSON; a local first frame only as its digest
    frame          TEXT,                   -- sha256 of a local first frame
    media_type     TEXT,
    estimated_cost TEXT NOT NULL,          -- US dollars, decimal text
    takes          INTEGER NOT NULL,
    reused         INTEGER NOT NULL DEFAULT 0,
    code           TEXT,
    message        TEXT,
    created_at     REAL NOT NULL,          -- seconds since 1970, here and below
    sent_at        REAL,
    accepted_at    REAL,
    finished_at    REAL,
    holder         TEXT,                   -- the process that carries the job
    held_until     REAL NOT NULL DEFAULT 0,
    PRIMARY KEY (service, uuid)
);
CREATE INDEX jobs_by_request ON jobs (service, account, digest, attempt);
CREATE INDEX jobs_by_state ON jobs (state);

CREATE TABLE frames (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
);

CREATE TABLE results (
    service    TEXT NOT NULL,
    uuid       TEXT NOT NULL,
    video_uuid TEXT NOT NULL,
    number     INTEGER NOT NULL,           -- from 1, in the order the service finished them
    url        TEXT,
    seen_at    REAL NOT NULL,
    seed       INTEGER,
    cost       REAL,
    nsfw       INTEGER,
    sha256     TEXT,
    bytes      INTEGER,
    PRIMARY KEY (service, uuid, video_uuid)
);

CREATE TABLE orders (                      -- who wants a job's videos, and where
    service TEXT NOT NULL,
    uuid    TEXT NOT NULL,
    file    TEXT NOT NULL,                 -- the storyboard's real path
    folder  TEXT NOT NULL,                 -- where its videos go, as a real path
    shown   TEXT NOT NULL,                 -- the storyboard as the user named it
    PRIMARY KEY (service, uuid, file, folder)
);

CREATE TABLE names (                       -- each storyboard's own name and count in a folder
    folder TEXT NOT NULL,
    name   TEXT NOT NULL,                  -- case folded
    file   TEXT NOT NULL,
    base   TEXT NOT NULL,
    PRIMARY KEY (folder, name)
);
CREATE INDEX names_by_file ON names (folder, file);

CREATE TABLE deliveries (
    service    TEXT NOT NULL,
    uuid       TEXT NOT NULL,
    video_uuid TEXT NOT NULL,
    file       TEXT NOT NULL,
    folder     TEXT NOT NULL,
    take       INTEGER NOT NULL,
    path       TEXT NOT NULL UNIQUE,
    done_at    REAL,
    PRIMARY KEY (service, uuid, video_uuid, file, folder)
);
CREATE INDEX deliveries_by_file ON deliveries (folder, file);
