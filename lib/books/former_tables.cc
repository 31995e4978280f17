// SPDX-License-Identifier: Apache-2.0
#include "lib/books/former_tables.h"

namespace plivo_dial {

const char* const kFormerTables = R"(
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE segment(
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  offset INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  last_us INTEGER NOT NULL);
CREATE TABLE event(
  seq INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  lane INTEGER NOT NULL,
  call TEXT,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  leg TEXT NOT NULL,
  talked INTEGER NOT NULL,
  accepted_us INTEGER NOT NULL,
  late INTEGER NOT NULL,
  segment INTEGER,
  offset INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE INDEX event_id ON event(id);
CREATE INDEX event_lane ON event(lane) WHERE lane <> 0;
CREATE INDEX event_segment ON event(segment, seq);
CREATE INDEX event_accepted ON event(accepted_us);
CREATE TABLE held(
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  id TEXT NOT NULL,
  lane INTEGER NOT NULL,
  call TEXT,
  name TEXT NOT NULL,
  step INTEGER NOT NULL,
  stage INTEGER NOT NULL,
  leg TEXT NOT NULL,
  talked INTEGER NOT NULL,
  accepted_us INTEGER NOT NULL,
  segment INTEGER,
  offset INTEGER NOT NULL,
  body TEXT NOT NULL);
CREATE TABLE sink(
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  configured INTEGER NOT NULL,
  events TEXT NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  forgotten INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0);
CREATE TABLE delivery(
  sink INTEGER NOT NULL,
  seq INTEGER NOT NULL,
  lane INTEGER NOT NULL,
  state INTEGER NOT NULL,
  attempts INTEGER NOT NULL,
  failures INTEGER NOT NULL,
  next_ms INTEGER NOT NULL,
  begun_ms INTEGER NOT NULL,
  error TEXT NOT NULL,
  PRIMARY KEY(sink, seq)) WITHOUT ROWID;
CREATE INDEX delivery_waiting ON delivery(sink, seq) WHERE state = 0;
CREATE INDEX delivery_lane ON delivery(sink, lane, seq) WHERE state = 0;
CREATE INDEX delivery_due ON delivery(sink, next_ms) WHERE state = 0 AND next_ms > 0;
CREATE INDEX delivery_dead ON delivery(seq, sink) WHERE state = 2;
CREATE TABLE seen(key BLOB NOT NULL UNIQUE, accepted_us INTEGER NOT NULL, id TEXT NOT NULL);
CREATE TABLE unfinished(
  seq INTEGER PRIMARY KEY,
  segment INTEGER,
  waiting INTEGER NOT NULL,
  dead INTEGER NOT NULL);
CREATE INDEX unfinished_waiting ON unfinished(segment) WHERE waiting > 0;
CREATE INDEX delivery_dead_of ON delivery(sink, seq) WHERE state = 2;
CREATE INDEX held_id ON held(id);
CREATE INDEX held_segment ON held(segment, offset);
ALTER TABLE seen ADD COLUMN taken_us INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sink ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sink ADD COLUMN retrying INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sink ADD COLUMN delivered INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sink ADD COLUMN dead INTEGER NOT NULL DEFAULT 0;
)";

const char* const kFormerSums = R"(
INSERT INTO unfinished(seq, segment, waiting, dead)
  SELECT d.seq, e.segment, sum(d.state = 0), sum(d.state = 2)
  FROM delivery d JOIN event e ON e.seq = d.seq WHERE d.state <> 1 GROUP BY d.seq;
UPDATE sink SET
  waiting = (SELECT count(*) FROM delivery WHERE sink = number AND state = 0),
  retrying = (SELECT count(*) FROM delivery WHERE sink = number AND state = 0 AND next_ms > 0),
  delivered = (SELECT count(*) FROM delivery WHERE sink = number AND state = 1),
  dead = (SELECT count(*) FROM delivery WHERE sink = number AND state = 2);
INSERT OR REPLACE INTO counter(name, value) SELECT 'held', count(*) FROM held;
CREATE TRIGGER delivery_added AFTER INSERT ON delivery BEGIN
  UPDATE sink SET waiting = waiting + (NEW.state = 0),
    retrying = retrying + (NEW.state = 0 AND NEW.next_ms > 0), delivered = delivered + (NEW.state = 1), dead = dead + (NEW.state = 2)
    WHERE number = NEW.sink;
  INSERT INTO unfinished(seq, segment, waiting, dead)
    SELECT seq, segment, NEW.state = 0, NEW.state = 2 FROM event
    WHERE seq = NEW.seq AND NEW.state <> 1
    ON CONFLICT(seq) DO UPDATE SET waiting = waiting + excluded.waiting,
      dead = dead + excluded.dead;
END;
CREATE TRIGGER delivery_delayed AFTER UPDATE OF state, next_ms ON delivery
  WHEN (OLD.state = 0 AND OLD.next_ms > 0) <> (NEW.state = 0 AND NEW.next_ms > 0) BEGIN
  UPDATE sink SET retrying = retrying + (NEW.state = 0 AND NEW.next_ms > 0)
    - (OLD.state = 0 AND OLD.next_ms > 0) WHERE number = NEW.sink;
END;
CREATE TRIGGER delivery_moved AFTER UPDATE OF state ON delivery WHEN OLD.state <> NEW.state BEGIN
  UPDATE sink SET waiting = waiting + (NEW.state = 0) - (OLD.state = 0),
    delivered = delivered + (NEW.state = 1) - (OLD.state = 1),
    dead = dead + (NEW.state = 2) - (OLD.state = 2) WHERE number = NEW.sink;
  INSERT INTO unfinished(seq, segment, waiting, dead)
    SELECT seq, segment, 0, 0 FROM event WHERE seq = NEW.seq AND OLD.state = 1
    ON CONFLICT(seq) DO NOTHING;
  UPDATE unfinished SET waiting = waiting + (NEW.state = 0) - (OLD.state = 0),
    dead = dead + (NEW.state = 2) - (OLD.state = 2) WHERE seq = NEW.seq;
  DELETE FROM unfinished WHERE seq = NEW.seq AND waiting = 0 AND dead = 0;
END;
CREATE TRIGGER delivery_removed AFTER DELETE ON delivery BEGIN
  UPDATE sink SET waiting = waiting - (OLD.state = 0),
    retrying = retrying - (OLD.state = 0 AND OLD.next_ms > 0),
    delivered = delivered - (OLD.state = 1), dead = dead - (OLD.state = 2)
    WHERE number = OLD.sink;
  UPDATE unfinished SET waiting = waiting - (OLD.state = 0), dead = dead - (OLD.state = 2)
    WHERE seq = OLD.seq AND OLD.state <> 1;
  DELETE FROM unfinished WHERE seq = OLD.seq AND waiting = 0 AND dead = 0;
END;
CREATE TRIGGER held_added AFTER INSERT ON held BEGIN
  INSERT INTO counter(name, value) VALUES('held', 1)
    ON CONFLICT(name) DO UPDATE SET value = value + 1;
END;
CREATE TRIGGER held_removed AFTER DELETE ON held BEGIN
  UPDATE counter SET value = value - 1 WHERE name = 'held';
END;
CREATE TRIGGER seen_added AFTER INSERT ON seen WHEN NEW.taken_us = 0 BEGIN
  UPDATE seen SET taken_us = ifnull((SELECT value FROM counter WHERE name = 'age_us'), 0)
    WHERE key = NEW.key;
END;
CREATE TRIGGER event_moved AFTER UPDATE OF segment ON event BEGIN
  UPDATE unfinished SET segment = NEW.segment WHERE seq = NEW.seq;
END;
)";

}  // namespace plivo_dial
