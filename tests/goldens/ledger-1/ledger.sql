BEGIN TRANSACTION;
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
INSERT INTO "deliveries" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','e194cbb4-6e0b-4617-a6cd-7e1b899a69c1','@FOLDER@/film.storyboard.yaml','@FOLDER@/renders',1,'@FOLDER@/renders/film-1.mp4',1.79606516679014253622e+09);
INSERT INTO "deliveries" VALUES('@SERVICE@/v1','9b2e357d-344c-41eb-b02c-12e3552ced5d','eb1f0062-b96c-46c6-82ba-5bfe1f3cb984','@FOLDER@/gone.storyboard.yaml','@FOLDER@/renders',1,'@FOLDER@/renders/gone-1.mp4',1.796065166810851574e+09);
INSERT INTO "deliveries" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','7ef359ac-5982-45ae-a46d-739860ca3092','@FOLDER@/film.storyboard.yaml','@FOLDER@/renders',2,'@FOLDER@/renders/film-2.mp4',1.79606516683820724485e+09);
CREATE TABLE frames (
    sha256 TEXT PRIMARY KEY,
    bytes  BLOB NOT NULL
);
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
INSERT INTO "jobs" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','c489df2e27a8d349','df32cf3695688a731936c1f04646f698d5d6bafdaa6a22d3d4198b917239a09b',1,'done','{"taskType": "videoInference", "taskUUID": "5697eef5-e57e-4403-b320-dfd2cadfccb1", "model": "klingai:kling-video@3.0-turbo", "positivePrompt": "shot 1, 3, Wide shot of film at dawn.;", "width": 1280, "height": 720, "duration": 3, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "deliveryMethod": "async", "includeCost": true, "numberResults": 2}',NULL,NULL,'0.672',2,0,NULL,NULL,1.79606516656653404239e+09,1.79606516667562913893e+09,1.7960651666849067211e+09,1.79606516683964347836e+09,NULL,0.0);
INSERT INTO "jobs" VALUES('@SERVICE@/v1','9b2e357d-344c-41eb-b02c-12e3552ced5d','c489df2e27a8d349','cfec44958b51c742b8c03962893b91c14f0558183ff9b1dc87b0db691adea103',1,'done','{"taskType": "videoInference", "taskUUID": "9b2e357d-344c-41eb-b02c-12e3552ced5d", "model": "klingai:kling-video@3.0-turbo", "positivePrompt": "shot 1, 3, Wide shot of gone at dawn.;", "width": 1280, "height": 720, "duration": 3, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "deliveryMethod": "async", "includeCost": true, "numberResults": 1}',NULL,NULL,'0.336',1,0,NULL,NULL,1.79606516656700444228e+09,1.79606516667883062358e+09,1.796065166687800169e+09,1.79606516681531524657e+09,NULL,0.0);
INSERT INTO "jobs" VALUES('@SERVICE@/v1','dbddcf21-3176-43de-9b2b-7c459647b7cd','c489df2e27a8d349','547ad00b293aa97c3f983a8ca0d1cfd77cedac5acf4010c1ced914c301648fdc',1,'failed','{"taskType": "videoInference", "taskUUID": "dbddcf21-3176-43de-9b2b-7c459647b7cd", "model": "klingai:kling-video@3.0-turbo", "positivePrompt": "shot 1, 3, Wide shot of failing at dawn.;", "width": 1280, "height": 720, "duration": 3, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "deliveryMethod": "async", "includeCost": true, "numberResults": 1}',NULL,NULL,'0.336',1,0,'contentPolicyViolation','The provider could not make this video.',1.79606516684702658651e+09,1.79606516688881516453e+09,1.7960651668910138607e+09,1.79606516695790100097e+09,NULL,0.0);
INSERT INTO "jobs" VALUES('@SERVICE@/v1','c364a59c-79e5-4556-ac40-d1fb0f6b4f26','c489df2e27a8d349','7bef69e88b71e8d615adc0ed5afc52ece0dc1c81a2f5006c6343edb1b98ebf13',1,'accepted','{"taskType": "videoInference", "taskUUID": "c364a59c-79e5-4556-ac40-d1fb0f6b4f26", "model": "klingai:kling-video@3.0-turbo", "positivePrompt": "shot 1, 3, Wide shot of running at dawn.;", "width": 1280, "height": 720, "duration": 3, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "deliveryMethod": "async", "includeCost": true, "numberResults": 1}',NULL,NULL,'0.336',1,0,NULL,NULL,1.79606516697048377989e+09,1.79606516701146101946e+09,1.79606516701617026331e+09,NULL,NULL,0.0);
INSERT INTO "jobs" VALUES('@SERVICE@/v1','36e61dea-617e-4e00-9a7b-4708fbb7c307','c489df2e27a8d349','0975d8350845f8bb13e5b684f9e7bdeb51884a3e86076cef0967fca87be4f975',1,'prepared','{"taskType": "videoInference", "taskUUID": "36e61dea-617e-4e00-9a7b-4708fbb7c307", "model": "klingai:kling-video@3.0-turbo", "positivePrompt": "shot 1, 3, Wide shot of unsent at dawn.;", "width": 1280, "height": 720, "duration": 3, "outputType": "URL", "outputFormat": "MP4", "outputQuality": 95, "deliveryMethod": "async", "includeCost": true, "numberResults": 1}',NULL,NULL,'0.336',1,0,NULL,NULL,1.79606516702948141098e+09,NULL,NULL,NULL,NULL,0.0);
CREATE TABLE names (                       -- each storyboard's own name and count in a folder
    folder TEXT NOT NULL,
    name   TEXT NOT NULL,                  -- case folded
    file   TEXT NOT NULL,
    base   TEXT NOT NULL,
    PRIMARY KEY (folder, name)
);
INSERT INTO "names" VALUES('@FOLDER@/renders','film','@FOLDER@/film.storyboard.yaml','film');
INSERT INTO "names" VALUES('@FOLDER@/renders','gone','@FOLDER@/gone.storyboard.yaml','gone');
CREATE TABLE orders (                      -- who wants a job's videos, and where
    service TEXT NOT NULL,
    uuid    TEXT NOT NULL,
    file    TEXT NOT NULL,                 -- the storyboard's real path
    folder  TEXT NOT NULL,                 -- where its videos go, as a real path
    shown   TEXT NOT NULL,                 -- the storyboard as the user named it
    PRIMARY KEY (service, uuid, file, folder)
);
INSERT INTO "orders" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','@FOLDER@/film.storyboard.yaml','@FOLDER@/renders','film.storyboard.yaml');
INSERT INTO "orders" VALUES('@SERVICE@/v1','9b2e357d-344c-41eb-b02c-12e3552ced5d','@FOLDER@/gone.storyboard.yaml','@FOLDER@/renders','gone.storyboard.yaml');
INSERT INTO "orders" VALUES('@SERVICE@/v1','dbddcf21-3176-43de-9b2b-7c459647b7cd','@FOLDER@/failing.storyboard.yaml','@FOLDER@/renders','failing.storyboard.yaml');
INSERT INTO "orders" VALUES('@SERVICE@/v1','c364a59c-79e5-4556-ac40-d1fb0f6b4f26','@FOLDER@/running.storyboard.yaml','@FOLDER@/renders','running.storyboard.yaml');
INSERT INTO "orders" VALUES('@SERVICE@/v1','36e61dea-617e-4e00-9a7b-4708fbb7c307','@FOLDER@/unsent.storyboard.yaml','@FOLDER@/renders','unsent.storyboard.yaml');
INSERT INTO "orders" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','@FOLDER@/copy.storyboard.yaml','@FOLDER@/out','copy.storyboard.yaml');
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
INSERT INTO "results" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','e194cbb4-6e0b-4617-a6cd-7e1b899a69c1',1,'@SERVICE@/video/e194cbb4-6e0b-4617-a6cd-7e1b899a69c1.mp4',1.79606516675756263737e+09,1148859801,0.336,NULL,'8d56d0588afe842bc11ba6f94d63e7ff4039baae5986146708fe09b412b684a9',20148);
INSERT INTO "results" VALUES('@SERVICE@/v1','5697eef5-e57e-4403-b320-dfd2cadfccb1','7ef359ac-5982-45ae-a46d-739860ca3092',2,'@SERVICE@/video/7ef359ac-5982-45ae-a46d-739860ca3092.mp4',1.79606516675775218006e+09,479842193,0.336,NULL,'f914e100b6bd68366c7d713565906a6df9c6d304bfcc47f18b47a36a9c67f8f2',20148);
INSERT INTO "results" VALUES('@SERVICE@/v1','9b2e357d-344c-41eb-b02c-12e3552ced5d','eb1f0062-b96c-46c6-82ba-5bfe1f3cb984',1,'@SERVICE@/video/eb1f0062-b96c-46c6-82ba-5bfe1f3cb984.mp4',1.7960651667672708035e+09,1092285205,0.336,NULL,'4f699120a55b4e4fa78d24599f71aa5bb32c5578f903908bac4ac039aad1334c',20148);
CREATE INDEX jobs_by_request ON jobs (service, account, digest, attempt);
CREATE INDEX jobs_by_state ON jobs (state);
CREATE INDEX names_by_file ON names (folder, file);
CREATE INDEX deliveries_by_file ON deliveries (folder, file);
COMMIT;
