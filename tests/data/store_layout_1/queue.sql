-- SPDX-License-Identifier: Apache-2.0
-- The store of the version before layout 2, by .dump of sqlite3, with the segments beside it.
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE counter(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO counter VALUES('age_us',0);
INSERT INTO counter VALUES('boot',6133082704024295443);
INSERT INTO counter VALUES('boot_base_us',1795000000000000);
INSERT INTO counter VALUES('caught_up',1);
INSERT INTO counter VALUES('clock_base_ms',1795000000000);
INSERT INTO counter VALUES('clock_lag_ms',0);
INSERT INTO counter VALUES('duplicates',1);
INSERT INTO counter VALUES('events',10);
INSERT INTO counter VALUES('forgotten',2);
INSERT INTO counter VALUES('frames',13);
INSERT INTO counter VALUES('held',1);
INSERT INTO counter VALUES('in_order',1);
INSERT INTO counter VALUES('presumed_before_us',0);
INSERT INTO counter VALUES('presumed_up_to',0);
INSERT INTO counter VALUES('refused',1);
CREATE TABLE segment(
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  offset INTEGER NOT NULL,
  ended INTEGER NOT NULL,
  frames INTEGER NOT NULL,
  last_us INTEGER NOT NULL);
INSERT INTO segment VALUES(1,'0123abcd-1-2-2.seg',2213,1,6,1795000000007000);
INSERT INTO segment VALUES(2,'0123abcd-1-2-3.seg',1638,0,4,1795003600003000);
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
INSERT INTO event VALUES(2,'01hq8w3v9k2m4n6p8r0s000002',311099684806800428,'c1','recording',8,0,'',1,1795000000001000,0,NULL,436,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000002","seq":0,"received":"2026-11-18T11:06:40.001000Z","event":"recording","endpoint":"action","call":"c1","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c1","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(4,'01hq8w3v9k2m4n6p8r0s000004',311098035539358112,'c2','other',8,0,'',1,1795000000003000,0,1,16,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000004","seq":0,"received":"2026-11-18T11:06:40.003000Z","event":"other","endpoint":"action","call":"c2","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c2","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(5,'01hq8w3v9k2m4n6p8r0s000005',311098035539358112,'c2','recording',8,0,'',1,1795000000004000,0,1,501,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000005","seq":0,"received":"2026-11-18T11:06:40.004000Z","event":"recording","endpoint":"action","call":"c2","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c2","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(6,'01hq8w3v9k2m4n6p8r0s000006',0,NULL,'other',8,0,'',1,1795000000005000,0,1,925,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000006","seq":0,"received":"2026-11-18T11:06:40.005000Z","event":"other","endpoint":"action","call":null,"account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(7,'01hq8w3v9k2m4n6p8r0s000008',311098035539358112,'c2','other',8,0,'',1,1795000000007000,0,1,1793,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000008","seq":0,"received":"2026-11-18T11:06:40.007000Z","event":"other","endpoint":"action","call":"c2","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c2","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(8,'01hq8w3v9k2m4n6p8r0s000009',311101334074242745,'c4','recording',8,0,'',1,1795003600000000,0,2,16,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000009","seq":0,"received":"2026-11-18T12:06:40.000000Z","event":"recording","endpoint":"action","call":"c4","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c4","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(9,'01hq8w3v9k2m4n6p8r0s000011',311098035539358112,'c2','other',8,0,'',1,1795003600002000,0,2,865,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000011","seq":0,"received":"2026-11-18T12:06:40.002000Z","event":"other","endpoint":"action","call":"c2","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c2","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
INSERT INTO event VALUES(10,'01hq8w3v9k2m4n6p8r0s000012',0,NULL,'other',8,0,'',1,1795003600003000,0,2,1285,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000012","seq":0,"received":"2026-11-18T12:06:40.003000Z","event":"other","endpoint":"action","call":null,"account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
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
INSERT INTO held VALUES(1,'01hq8w3v9k2m4n6p8r0s000010',311098585295172217,'c3','dial.ended',5,1,'b-c3',1,1795003600001000,2,440,'{"v":1,"id":"01hq8w3v9k2m4n6p8r0s000010","seq":0,"received":"2026-11-18T12:06:40.001000Z","event":"dial.ended","endpoint":"action","call":"c3","account":"","verified":false,"node":"pbx","dial_status":"completed","b_leg":"b-c3","stage":1,"params":{"CallUUID":"6f1d","Evil":"\n$(reboot) �"},"params_raw":{"Evil":"CiQocmVib290KSD/"}}');
CREATE TABLE sink(
  number INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  configured INTEGER NOT NULL,
  events TEXT NOT NULL,
  taken INTEGER NOT NULL DEFAULT 0,
  forgotten INTEGER NOT NULL DEFAULT 0,
  dropped INTEGER NOT NULL DEFAULT 0, waiting INTEGER NOT NULL DEFAULT 0, retrying INTEGER NOT NULL DEFAULT 0, delivered INTEGER NOT NULL DEFAULT 0, dead INTEGER NOT NULL DEFAULT 0);
INSERT INTO sink VALUES(1,'a',1,'',10,2,0,5,1,2,1);
INSERT INTO sink VALUES(2,'b',1,'other',7,2,1,2,0,1,1);
INSERT INTO sink VALUES(3,'gone',0,'',7,2,0,3,0,2,0);
INSERT INTO sink VALUES(4,'late',1,'',3,0,0,1,0,2,0);
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
INSERT INTO delivery VALUES(1,2,311099684806800428,2,7,7,0,1795000000000,'exit status 65');
INSERT INTO delivery VALUES(1,4,311098035539358112,1,1,0,0,1795000000000,'');
INSERT INTO delivery VALUES(1,5,311098035539358112,0,3,3,1795000060000,1795000000000,'timed out');
INSERT INTO delivery VALUES(1,6,-6,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(1,7,311098035539358112,1,2,0,0,1795000000000,'');
INSERT INTO delivery VALUES(1,8,311101334074242745,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(1,9,311098035539358112,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(1,10,-10,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(2,4,311098035539358112,2,5,5,0,1795000000000,'refused');
INSERT INTO delivery VALUES(2,7,311098035539358112,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(2,9,311098035539358112,1,1,0,0,1795000000000,'');
INSERT INTO delivery VALUES(2,10,-10,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(3,2,311099684806800428,1,1,0,0,1795000000000,'');
INSERT INTO delivery VALUES(3,4,311098035539358112,1,1,0,0,1795000000000,'');
INSERT INTO delivery VALUES(3,5,311098035539358112,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(3,6,-6,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(3,7,311098035539358112,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(4,8,311101334074242745,1,1,0,0,1795000000000,'');
INSERT INTO delivery VALUES(4,9,311098035539358112,0,0,0,0,1795000000000,'');
INSERT INTO delivery VALUES(4,10,-10,1,1,0,0,1795000000000,'');
CREATE TABLE seen(key BLOB NOT NULL UNIQUE, accepted_us INTEGER NOT NULL, id TEXT NOT NULL, taken_us INTEGER NOT NULL DEFAULT 0);
INSERT INTO seen VALUES(X'0100000000000000000000000000000000000000000000000000000000000007',1795000000000000,'01hq8w3v9k2m4n6p8r0s000001',0);
INSERT INTO seen VALUES(X'0200000000000000000000000000000000000000000000000000000000000007',1795000000001000,'01hq8w3v9k2m4n6p8r0s000002',0);
INSERT INTO seen VALUES(X'0300000000000000000000000000000000000000000000000000000000000007',1795000000002000,'01hq8w3v9k2m4n6p8r0s000003',0);
INSERT INTO seen VALUES(X'0400000000000000000000000000000000000000000000000000000000000007',1795000000003000,'01hq8w3v9k2m4n6p8r0s000004',0);
INSERT INTO seen VALUES(X'ec03000000000000000000000000000000000000000000000000000000000007',1795000000003000,'01hq8w3v9k2m4n6p8r0s000004',0);
INSERT INTO seen VALUES(X'0500000000000000000000000000000000000000000000000000000000000007',1795000000004000,'01hq8w3v9k2m4n6p8r0s000005',0);
INSERT INTO seen VALUES(X'0600000000000000000000000000000000000000000000000000000000000007',1795000000005000,'01hq8w3v9k2m4n6p8r0s000006',0);
INSERT INTO seen VALUES(X'0800000000000000000000000000000000000000000000000000000000000007',1795000000007000,'01hq8w3v9k2m4n6p8r0s000008',0);
INSERT INTO seen VALUES(X'0900000000000000000000000000000000000000000000000000000000000007',1795003600000000,'01hq8w3v9k2m4n6p8r0s000009',0);
INSERT INTO seen VALUES(X'0a00000000000000000000000000000000000000000000000000000000000007',1795003600001000,'01hq8w3v9k2m4n6p8r0s000010',0);
INSERT INTO seen VALUES(X'0b00000000000000000000000000000000000000000000000000000000000007',1795003600002000,'01hq8w3v9k2m4n6p8r0s000011',0);
CREATE TABLE unfinished(
  seq INTEGER PRIMARY KEY,
  segment INTEGER,
  waiting INTEGER NOT NULL,
  dead INTEGER NOT NULL);
INSERT INTO unfinished VALUES(2,NULL,0,1);
INSERT INTO unfinished VALUES(4,1,0,1);
INSERT INTO unfinished VALUES(5,1,2,0);
INSERT INTO unfinished VALUES(6,1,2,0);
INSERT INTO unfinished VALUES(7,1,2,0);
INSERT INTO unfinished VALUES(8,2,1,0);
INSERT INTO unfinished VALUES(9,2,2,0);
INSERT INTO unfinished VALUES(10,2,2,0);
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('event',10);
INSERT INTO sqlite_sequence VALUES('held',1);
CREATE INDEX event_id ON event(id);
CREATE INDEX event_lane ON event(lane) WHERE lane <> 0;
CREATE INDEX event_segment ON event(segment, seq);
CREATE INDEX event_accepted ON event(accepted_us);
CREATE INDEX delivery_waiting ON delivery(sink, seq) WHERE state = 0;
CREATE INDEX delivery_lane ON delivery(sink, lane, seq) WHERE state = 0;
CREATE INDEX delivery_due ON delivery(sink, next_ms) WHERE state = 0 AND next_ms > 0;
CREATE INDEX delivery_dead ON delivery(seq, sink) WHERE state = 2;
CREATE INDEX unfinished_waiting ON unfinished(segment) WHERE waiting > 0;
CREATE INDEX delivery_dead_of ON delivery(sink, seq) WHERE state = 2;
CREATE INDEX held_id ON held(id);
CREATE INDEX held_segment ON held(segment, offset);
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
COMMIT;
