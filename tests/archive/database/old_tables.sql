-- 0001
CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL,
    CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));
CREATE TABLE feeds (url TEXT NOT NULL, etag TEXT NOT NULL, last_modified TEXT NOT NULL, body_sha256 TEXT NOT NULL, checked_at DATETIME, next_poll_at DATETIME, failures INTEGER NOT NULL, moved_to TEXT NOT NULL, moved_polls INTEGER NOT NULL,
    CONSTRAINT pk_feeds PRIMARY KEY (url));
CREATE TABLE articles (feed_url TEXT NOT NULL, place INTEGER NOT NULL, article_id TEXT NOT NULL, published DATETIME NOT NULL, article JSON NOT NULL,
    CONSTRAINT pk_articles PRIMARY KEY (feed_url, place),
    CONSTRAINT fk_articles_feed_url_feeds FOREIGN KEY(feed_url) REFERENCES feeds (url) ON DELETE CASCADE);
CREATE INDEX ix_articles_article_id ON articles (article_id);
CREATE TABLE pages (link TEXT NOT NULL, text TEXT NOT NULL, reason TEXT NOT NULL, fetched_at DATETIME NOT NULL,
    CONSTRAINT pk_pages PRIMARY KEY (link));
CREATE INDEX ix_pages_fetched_at ON pages (fetched_at);
CREATE TABLE own_stories (station TEXT NOT NULL, article_id TEXT NOT NULL, published DATETIME NOT NULL, expires DATETIME, is_breaking INTEGER NOT NULL, category TEXT NOT NULL, section TEXT NOT NULL, article JSON NOT NULL,
    CONSTRAINT pk_own_stories PRIMARY KEY (station, article_id));
CREATE TABLE aired (id INTEGER NOT NULL, station TEXT NOT NULL, story_id TEXT NOT NULL, title TEXT NOT NULL, text TEXT NOT NULL, times INTEGER NOT NULL, first_at DATETIME NOT NULL, last_at DATETIME NOT NULL,
    CONSTRAINT pk_aired PRIMARY KEY (id),
    CONSTRAINT uq_aired_station_story_id UNIQUE (station, story_id));
CREATE INDEX ix_aired_station_last_at ON aired (station, last_at);
CREATE TABLE aired_articles (aired_id INTEGER NOT NULL, article_id TEXT NOT NULL,
    CONSTRAINT pk_aired_articles PRIMARY KEY (aired_id, article_id),
    CONSTRAINT fk_aired_articles_aired_id_aired FOREIGN KEY(aired_id) REFERENCES aired (id) ON DELETE CASCADE);
CREATE INDEX ix_aired_articles_article_id ON aired_articles (article_id);
CREATE TABLE bulletins (id INTEGER NOT NULL, station TEXT NOT NULL, at DATETIME NOT NULL, title TEXT NOT NULL, engine TEXT NOT NULL, voice TEXT NOT NULL, made_at DATETIME NOT NULL, duration_s FLOAT NOT NULL, planned_s FLOAT NOT NULL, running_order JSON NOT NULL, dropped JSON NOT NULL, renditions JSON NOT NULL, went_to JSON NOT NULL, timings JSON NOT NULL, notes JSON NOT NULL,
    CONSTRAINT pk_bulletins PRIMARY KEY (id),
    CONSTRAINT uq_bulletins_station_made_at UNIQUE (station, made_at));
CREATE TABLE episodes (id INTEGER NOT NULL, station TEXT NOT NULL, guid TEXT NOT NULL, title TEXT NOT NULL, published DATETIME NOT NULL, due DATETIME, audio TEXT NOT NULL, media_type TEXT NOT NULL, bytes INTEGER NOT NULL, duration_s FLOAT NOT NULL, description TEXT NOT NULL, sha256 TEXT NOT NULL, files JSON NOT NULL, withdrawn_at DATETIME, bulletin_id INTEGER,
    CONSTRAINT pk_episodes PRIMARY KEY (id),
    CONSTRAINT uq_episodes_station_guid UNIQUE (station, guid),
    CONSTRAINT fk_episodes_bulletin_id_bulletins FOREIGN KEY(bulletin_id) REFERENCES bulletins (id) ON DELETE SET NULL);
CREATE INDEX ix_episodes_station_published ON episodes (station, published);
CREATE TABLE podcasts (station TEXT NOT NULL, guid TEXT NOT NULL, feed_url TEXT NOT NULL,
    CONSTRAINT pk_podcasts PRIMARY KEY (station));
-- 0002
CREATE TABLE kills (station TEXT NOT NULL, entry TEXT NOT NULL, added_at DATETIME NOT NULL,
    CONSTRAINT pk_kills PRIMARY KEY (station, entry));
ALTER TABLE aired ADD COLUMN heard TEXT DEFAULT '' NOT NULL;
-- 0003
CREATE TABLE slots (station TEXT NOT NULL, due DATETIME NOT NULL, state TEXT NOT NULL, level TEXT NOT NULL, owner TEXT NOT NULL, lease_until DATETIME, tries INTEGER NOT NULL, begun_at DATETIME, ready_at DATETIME, note TEXT NOT NULL,
    CONSTRAINT pk_slots PRIMARY KEY (station, due));
CREATE INDEX ix_slots_state_due ON slots (state, due);
-- 0004
CREATE TABLE speech ("key" TEXT NOT NULL, owner TEXT NOT NULL, lease_until DATETIME, begun_at DATETIME NOT NULL, said_at DATETIME,
    CONSTRAINT pk_speech PRIMARY KEY ("key"));
CREATE INDEX ix_speech_begun_at ON speech (begun_at);
ALTER TABLE slots ADD COLUMN standby TEXT DEFAULT '' NOT NULL;
ALTER TABLE slots ADD COLUMN standby_at DATETIME;
-- 0005
ALTER TABLE kills ADD COLUMN note TEXT DEFAULT '' NOT NULL;
ALTER TABLE bulletins ADD COLUMN level TEXT DEFAULT 'fresh' NOT NULL;
ALTER TABLE bulletins ADD COLUMN withdrawn_at DATETIME;
ALTER TABLE bulletins ADD COLUMN corrects_id INTEGER;
CREATE INDEX ix_bulletins_station_at ON bulletins (station, at);
CREATE TABLE tellings (bulletin_id INTEGER NOT NULL, story_id TEXT NOT NULL, station TEXT NOT NULL, at DATETIME NOT NULL, title TEXT NOT NULL, words TEXT NOT NULL, names TEXT NOT NULL, sources JSON NOT NULL,
    CONSTRAINT pk_tellings PRIMARY KEY (bulletin_id, story_id),
    CONSTRAINT fk_tellings_bulletin_id_bulletins FOREIGN KEY(bulletin_id) REFERENCES bulletins (id) ON DELETE CASCADE);
CREATE INDEX ix_tellings_station_story_id ON tellings (station, story_id);
CREATE TABLE runs (id INTEGER NOT NULL, station TEXT NOT NULL, began_at DATETIME NOT NULL, at DATETIME, verdict TEXT NOT NULL, error TEXT NOT NULL, bulletin_id INTEGER, timings JSON NOT NULL, notes JSON NOT NULL, log JSON NOT NULL,
    CONSTRAINT pk_runs PRIMARY KEY (id));
CREATE INDEX ix_runs_station_began_at ON runs (station, began_at);
CREATE TABLE considered (run_id INTEGER NOT NULL, story_id TEXT NOT NULL, station TEXT NOT NULL, title TEXT NOT NULL, section TEXT NOT NULL, place INTEGER NOT NULL, score FLOAT NOT NULL, verdict TEXT NOT NULL, reasons JSON NOT NULL, articles JSON NOT NULL,
    CONSTRAINT pk_considered PRIMARY KEY (run_id, story_id),
    CONSTRAINT fk_considered_run_id_runs FOREIGN KEY(run_id) REFERENCES runs (id) ON DELETE CASCADE);
CREATE INDEX ix_considered_station_story_id ON considered (station, story_id);
CREATE TABLE left_out (station TEXT NOT NULL, article_id TEXT NOT NULL, reason TEXT NOT NULL, title TEXT NOT NULL, times INTEGER NOT NULL, first_at DATETIME NOT NULL, last_at DATETIME NOT NULL,
    CONSTRAINT pk_left_out PRIMARY KEY (station, article_id, reason));
CREATE INDEX ix_left_out_station_last_at ON left_out (station, last_at);
-- 0006
CREATE TABLE outbox (id INTEGER NOT NULL, station TEXT NOT NULL, delivery TEXT NOT NULL, guid TEXT NOT NULL, action TEXT NOT NULL, title TEXT NOT NULL, due DATETIME, state TEXT NOT NULL, tries INTEGER NOT NULL, next_try_at DATETIME NOT NULL, note TEXT NOT NULL, created_at DATETIME NOT NULL, done_at DATETIME,
    CONSTRAINT pk_outbox PRIMARY KEY (id),
    CONSTRAINT uq_outbox_station_delivery_guid_action UNIQUE (station, delivery, guid, action));
CREATE INDEX ix_outbox_station_delivery_state ON outbox (station, delivery, state);
-- 0007
ALTER TABLE pages ADD COLUMN section TEXT DEFAULT '' NOT NULL;
ALTER TABLE pages ADD COLUMN page_type TEXT DEFAULT '' NOT NULL;
-- 0008
ALTER TABLE aired ADD COLUMN sentences JSON DEFAULT '[]' NOT NULL;
