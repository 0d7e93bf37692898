CREATE TABLE IF NOT EXISTS storyboard_farm_jobs (
    uuid           text PRIMARY KEY,
    queue          text NOT NULL,          -- of whoever pays: one for each account at a service
    digest         text NOT NULL,          -- the request, without key and attempt
    attempt        integer NOT NULL,
    state          text NOT NULL,          -- the last one that was told, as the ledger names them
    code           text,                   -- why it ended badly, or what keeps it from its end
    message        text,
    takes          integer NOT NULL,
    estimated_cost numeric NOT NULL,       -- US dollars, here and below
    cost           numeric,                -- what the service named
    frame          text,                   -- sha256 of a local first frame
    reserved_at    timestamptz,            -- when a worker was first allowed to send it
    reserved_on    date,                   -- the day, in UTC, whose budget it counts for
    counted        numeric NOT NULL DEFAULT 0, -- what it takes of that budget
    accepted_at    timestamptz,
    ended_at       timestamptz             -- no task is needed for it any more
);
CREATE INDEX IF NOT EXISTS storyboard_farm_jobs_by_request ON storyboard_farm_jobs (queue, digest);
CREATE INDEX IF NOT EXISTS storyboard_farm_jobs_by_end ON storyboard_farm_jobs (ended_at);
CREATE INDEX IF NOT EXISTS storyboard_farm_jobs_open ON storyboard_farm_jobs (queue) WHERE ended_at IS NULL;
CREATE INDEX IF NOT EXISTS storyboard_farm_jobs_by_frame ON storyboard_farm_jobs (frame) WHERE ended_at IS NULL;

CREATE TABLE IF NOT EXISTS storyboard_farm_orders (   -- who wants a job's videos, and where
    uuid   text NOT NULL REFERENCES storyboard_farm_jobs ON DELETE CASCADE,
    file   text NOT NULL,                  -- the storyboard's real path
    folder text NOT NULL,                  -- where its videos go, as a real path; empty: nowhere
    shown  text NOT NULL,                  -- the storyboard as the user named it
    name   text NOT NULL,                  -- its own in the folder
    first  integer NOT NULL,               -- the number of the first of the job's takes there
    line   jsonb,                          -- what came of it, as `submit --json` prints it
    PRIMARY KEY (uuid, file, folder)
);
CREATE INDEX IF NOT EXISTS storyboard_farm_orders_by_file ON storyboard_farm_orders (file);

CREATE TABLE IF NOT EXISTS storyboard_farm_names (    -- each storyboard's own name in a folder
    folder text NOT NULL,
    name   text NOT NULL,                  -- case folded
    file   text NOT NULL,
    base   text NOT NULL,
    PRIMARY KEY (folder, name),
    UNIQUE (folder, file)
);

CREATE TABLE IF NOT EXISTS storyboard_farm_frames (   -- first frames that jobs wait to send
    sha256 text PRIMARY KEY,
    bytes  bytea NOT NULL
);

CREATE TABLE IF NOT EXISTS storyboard_farm_budgets (
    queue text PRIMARY KEY,
    daily numeric NOT NULL
);

CREATE TABLE IF NOT EXISTS storyboard_farm_days (     -- what was allowed to be spent, by day in UTC
    queue    text NOT NULL,
    day      date NOT NULL,
    reserved numeric NOT NULL DEFAULT 0,
    PRIMARY KEY (queue, day)
);
