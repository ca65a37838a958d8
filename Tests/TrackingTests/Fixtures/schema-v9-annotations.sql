-- What `bench annotate old --tag later --note "after the fact"` and `bench annotate c9f959a7bc1f --tag odd` of bench 0.2.0
-- made of schema-v8-imports.sql, as `sqlite3 .bench/bench.db .dump` prints it.
PRAGMA application_id = 1651401576;
PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
INSERT INTO grdb_migrations VALUES('v1');
INSERT INTO grdb_migrations VALUES('v2-hits');
INSERT INTO grdb_migrations VALUES('v3-nights');
INSERT INTO grdb_migrations VALUES('v4-proof');
INSERT INTO grdb_migrations VALUES('v5-loss-interval');
INSERT INTO grdb_migrations VALUES('v6-names');
INSERT INTO grdb_migrations VALUES('v7-learning-rate');
INSERT INTO grdb_migrations VALUES('v8-imports');
INSERT INTO grdb_migrations VALUES('v9-annotations');
CREATE TABLE format (
  migration TEXT PRIMARY KEY,
  needs     TEXT NOT NULL     -- the first program that can read what the migration made
) STRICT;
INSERT INTO format VALUES('v1','bench 0.1.0');
INSERT INTO format VALUES('v2-hits','bench 0.2.0');
INSERT INTO format VALUES('v3-nights','bench 0.2.0');
INSERT INTO format VALUES('v4-proof','bench 0.2.0');
INSERT INTO format VALUES('v5-loss-interval','bench 0.2.0');
INSERT INTO format VALUES('v6-names','bench 0.2.0');
INSERT INTO format VALUES('v7-learning-rate','bench 0.2.0');
INSERT INTO format VALUES('v8-imports','bench 0.2.0');
INSERT INTO format VALUES('v9-annotations','bench 0.2.0');
CREATE TABLE study (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO study VALUES(1,'old');
CREATE TABLE revision (
  id         INTEGER PRIMARY KEY,
  study_id   INTEGER NOT NULL REFERENCES study (id),
  number     INTEGER NOT NULL,  -- from 1
  title      TEXT NOT NULL,
  axes       TEXT NOT NULL,     -- JSON: [{"path": …, "values": [ … ]}, … ]
  grid       TEXT NOT NULL,     -- the file as it was read, with --set applied
  created_at REAL NOT NULL, proof TEXT,     -- all times are seconds since 1970
  UNIQUE (study_id, number)
) STRICT;
INSERT INTO revision VALUES(1,1,1,'What a store of schema v6-names was made from','[{"path":"optimizer.lr","values":["0.01","1000000"]}]',replace('{\n  "name": "old",\n  "title": "What a store of schema v6-names was made from",\n  "dataset": {"name": "digits", "train": 300, "test": 100},\n  "model": {"family": "mlp", "hidden": [8]},\n  "optimizer": {"name": "sgd", "lr": 0.01},\n  "training": {"batch_size": 20, "iterations": 60, "evaluate_every": 50},\n  "loss": "mse",\n  "axes": {"optimizer.lr": [0.01, 1000000]},\n  "seeds": [0, 1]\n}\n','\n',char(10)),1795293126.4978227614,'2e1d5093d57590815f17d235dc7aba64dedb07b6cbdabeecc05e512e7dda49a8');
CREATE TABLE configuration (
  id         INTEGER PRIMARY KEY,
  hash       TEXT NOT NULL UNIQUE,
  canonical  TEXT NOT NULL,  -- JSON: what was hashed
  parameters INTEGER NOT NULL
) STRICT;
INSERT INTO configuration VALUES(1,'d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','{"dataset":{"name":"digits","train":300,"test":100,"validation":0,"shuffle":true,"normalize":null},"input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":8,"bias":true},{"type":"relu"},{"type":"linear","out_features":10,"bias":true}],"loss":"mse","optimizer":{"name":"sgd","lr":0.01,"momentum":0,"dampening":0,"weight_decay":0,"nesterov":false},"training":{"batch_size":20,"iterations":60,"evaluate_every":50,"evaluation_draws":"none"},"initial_weights":null}',6370);
INSERT INTO configuration VALUES(2,'89d7ea9aa74f1650c00b13c59ab716e917fb23201086ac8cb70d4400aa0e341e','{"dataset":{"name":"digits","train":300,"test":100,"validation":0,"shuffle":true,"normalize":null},"input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":8,"bias":true},{"type":"relu"},{"type":"linear","out_features":10,"bias":true}],"loss":"mse","optimizer":{"name":"sgd","lr":1000000,"momentum":0,"dampening":0,"weight_decay":0,"nesterov":false},"training":{"batch_size":20,"iterations":60,"evaluate_every":50,"evaluation_draws":"none"},"initial_weights":null}',6370);
CREATE TABLE named_configuration (
  id               INTEGER PRIMARY KEY,
  configuration_id INTEGER NOT NULL REFERENCES configuration (id),
  label            TEXT NOT NULL,
  stored           TEXT NOT NULL  -- JSON
, proof TEXT) STRICT;
INSERT INTO named_configuration VALUES(1,1,'lr 0.01','{"label":"lr 0.01","settings":[["optimizer.lr","0.01"]],"configuration":{"dataset":{"name":"digits","train":300,"test":100,"validation":0,"shuffle":true,"normalize":null},"input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":8,"bias":true},{"type":"relu"},{"type":"linear","out_features":10,"bias":true}],"loss":"mse","optimizer":{"name":"sgd","lr":0.01,"momentum":0,"dampening":0,"weight_decay":0,"nesterov":false},"training":{"batch_size":20,"iterations":60,"evaluate_every":50,"evaluation_draws":"none"},"initial_weights":null},"data":{"name":"digits","shape":[1,28,28],"classes":["0","1","2","3","4","5","6","7","8","9"],"train":300,"validation":0,"test":100}}','0013944acc34b384c4e051f5f9a3a02048d035eda9831d7fec9eba1e819c0566');
INSERT INTO named_configuration VALUES(2,2,'lr 1000000','{"label":"lr 1000000","settings":[["optimizer.lr","1000000"]],"configuration":{"dataset":{"name":"digits","train":300,"test":100,"validation":0,"shuffle":true,"normalize":null},"input":[1,28,28],"layers":[{"type":"flatten"},{"type":"linear","out_features":8,"bias":true},{"type":"relu"},{"type":"linear","out_features":10,"bias":true}],"loss":"mse","optimizer":{"name":"sgd","lr":1000000,"momentum":0,"dampening":0,"weight_decay":0,"nesterov":false},"training":{"batch_size":20,"iterations":60,"evaluate_every":50,"evaluation_draws":"none"},"initial_weights":null},"data":{"name":"digits","shape":[1,28,28],"classes":["0","1","2","3","4","5","6","7","8","9"],"train":300,"validation":0,"test":100}}','61072724984bc5ca2f70da5000ec5e64dbc2d8be788c3e1c4259ca961770b912');
CREATE TABLE revision_configuration (
  revision_id            INTEGER NOT NULL REFERENCES revision (id),
  position               INTEGER NOT NULL,  -- in file order, from 0
  named_configuration_id INTEGER NOT NULL REFERENCES named_configuration (id),
  PRIMARY KEY (revision_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO revision_configuration VALUES(1,0,1);
INSERT INTO revision_configuration VALUES(1,1,2);
CREATE TABLE dataset (
  id               INTEGER PRIMARY KEY,
  name             TEXT NOT NULL,
  digest           TEXT NOT NULL,
  shape            TEXT NOT NULL,  -- JSON
  classes          TEXT NOT NULL,  -- JSON
  train_count      INTEGER NOT NULL,
  validation_count INTEGER NOT NULL,
  test_count       INTEGER NOT NULL,
  UNIQUE (digest, name, shape, classes, train_count, validation_count, test_count)
) STRICT;
INSERT INTO dataset VALUES(1,'digits','74e1133d8b92cf14562d167903ea7792ec672390945233d7139eb22027318e06','[1,28,28]','["0","1","2","3","4","5","6","7","8","9"]',300,0,100);
CREATE TABLE trial (
  id                   INTEGER PRIMARY KEY,
  key                  TEXT NOT NULL UNIQUE,
  configuration_id     INTEGER NOT NULL REFERENCES configuration (id),
  dataset_id           INTEGER NOT NULL REFERENCES dataset (id),
  seed                 INTEGER NOT NULL,  -- the 64 bits of an unsigned number
  numerics             INTEGER NOT NULL,  -- the version of the engine's numbers
  iterations           INTEGER NOT NULL,  -- as planned
  iterations_per_epoch INTEGER NOT NULL,
  attempt_id           INTEGER REFERENCES attempt (id)  -- the latest; null until the first
) STRICT;
INSERT INTO trial VALUES(1,'c9f959a7bc1f82dcfbe283570f4e1ba0aff2a7f8e4540c02567b4280624ab29a',1,1,0,2,60,15,1);
INSERT INTO trial VALUES(2,'802b01557a191c92b45191d885b8a11359551cbc8354b4e20cadf78a040dd698',1,1,1,2,60,15,2);
INSERT INTO trial VALUES(3,'9bbeb74112b4c38843ddd2e2c9a9d0fc97c1318031c25899f221e92be71202e7',2,1,0,2,60,15,3);
INSERT INTO trial VALUES(4,'cadaf46042cb7b1da783a32fb977b131d5272bb3e9e3b674f9085337b9a88d26',2,1,1,2,60,15,NULL);
CREATE TABLE revision_trial (
  revision_id INTEGER NOT NULL,
  position    INTEGER NOT NULL,  -- of the configuration
  place       INTEGER NOT NULL,  -- of the seed, from 0
  trial_id    INTEGER NOT NULL REFERENCES trial (id),
  PRIMARY KEY (revision_id, position, place),
  FOREIGN KEY (revision_id, position) REFERENCES revision_configuration (revision_id, position)
) STRICT, WITHOUT ROWID;
INSERT INTO revision_trial VALUES(1,0,0,1);
INSERT INTO revision_trial VALUES(1,0,1,2);
INSERT INTO revision_trial VALUES(1,1,0,3);
INSERT INTO revision_trial VALUES(1,1,1,4);
CREATE TABLE environment (
  id           INTEGER PRIMARY KEY,
  host         TEXT NOT NULL,
  cpu          TEXT NOT NULL,
  cores        INTEGER NOT NULL,
  memory_bytes INTEGER NOT NULL,
  os           TEXT NOT NULL,
  swift        TEXT NOT NULL,
  blas         TEXT NOT NULL,
  program      TEXT NOT NULL,
  workers      INTEGER NOT NULL, proof TEXT,
  UNIQUE (host, cpu, cores, memory_bytes, os, swift, blas, program, workers)
) STRICT;
INSERT INTO environment VALUES(1,'host','AMD EPYC',2,25276510208,'Debian GNU/Linux 12 (bookworm)','6.3','OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64 on Haswell','0.2.0 (debug, kernels for x86-64-v3)',2,'243926acc8f8af8e223b3e8385f6fac55aca8be8eb9a383b3b876c9105eb667c');
CREATE TABLE source (
  id          INTEGER PRIMARY KEY,
  commit_hash TEXT NOT NULL,
  branch      TEXT,
  diff        TEXT
, proof TEXT) STRICT;
CREATE TABLE run (
  id             INTEGER PRIMARY KEY,
  revision_id    INTEGER NOT NULL REFERENCES revision (id),
  environment_id INTEGER NOT NULL REFERENCES environment (id),
  source_id      INTEGER REFERENCES source (id),
  command_line   TEXT NOT NULL,  -- JSON
  started_at     REAL NOT NULL
) STRICT;
INSERT INTO run VALUES(1,1,1,NULL,'["bench","run","schema-v6-names.json","--limit","3","--no-weights","-q","--no-diff"]',1795293126.4981570243);
CREATE TABLE attempt (
  id                INTEGER PRIMARY KEY,
  trial_id          INTEGER NOT NULL REFERENCES trial (id),
  number            INTEGER NOT NULL,  -- from 1
  run_id            INTEGER NOT NULL REFERENCES run (id),
  state             TEXT NOT NULL
    CHECK (state IN ('running', 'done', 'diverged', 'failed', 'cancelled', 'stale')),
  host              TEXT NOT NULL,
  process           INTEGER NOT NULL,
  process_start     INTEGER NOT NULL,
  boot              TEXT NOT NULL,
  process_namespace TEXT NOT NULL,
  claimed_at        REAL NOT NULL,
  heartbeat_at      REAL NOT NULL,
  lease_until       REAL NOT NULL,
  ended_at          REAL,
  resumed_from      INTEGER NOT NULL,  -- 0: from the start
  recorded          INTEGER NOT NULL,  -- all up to this iteration is stored
  checkpoint        INTEGER,           -- the last iteration that can be resumed from
  error             TEXT,
  log_tail          TEXT,
  iterations        INTEGER,           -- from here on: what came of it
  diverged_at       INTEGER,
  wall_seconds      REAL,
  cpu_seconds       REAL,
  peak_bytes        INTEGER,
  images_per_second REAL,
  trace_digest      TEXT, result_digest TEXT, weights_digest TEXT, loss_interval INTEGER,
  UNIQUE (trial_id, number)
) STRICT;
INSERT INTO attempt VALUES(1,1,1,1,'done','host',2750,2315139,'boot','pid:[1]',1795293126.5219368934,1795293126.5558378696,1795293186.5558378696,1795293126.5563836098,0,60,NULL,NULL,NULL,60,NULL,0.0099766150015057064592,0.0013562729999999998536,65073152,122299.62428836725303,'8e47e6286157d88c8f4d420d29a9bad53212f0308615f079fe317baa5a6cae89','a602666dff9f3768b44ea6ca5a25800120c02f12f43c729cdb60863eb3165074',NULL,1);
INSERT INTO attempt VALUES(2,2,1,1,'done','host',2750,2315139,'boot','pid:[1]',1795293126.5281610489,1795293126.5370168685,1795293186.5370168685,1795293126.5442056656,0,60,NULL,NULL,NULL,60,NULL,0.0036780160007765516638,0.0015116039999999997256,64913408,342180.50510007725097,'1c7bdcb993db97a4cc0d1fbf0eb3f51413c4f2019b03ab0d5fddb901a67e0429','28c21273a4cc7fc6e6cfa6c1d12f53a65b53561d10e2998632e4d7af267cbf77',NULL,1);
INSERT INTO attempt VALUES(3,3,1,1,'diverged','host',2750,2315139,'boot','pid:[1]',1795293126.5520868301,1795293126.5718135834,1795293186.5718135834,1795293126.5837182998,0,4,NULL,'the loss was not finite at iteration 4',NULL,4,4,0.00017887700232677161693,0.00017795500000000047391,74772480,833654.62457979831378,'f7f299e198bd2b9a6754394ff2141594c0182799b99bf9c0d12410369fd7fe35','097505775303f03caa2329fb7ef8eb9e05128a55734ed99ecd6781e1f9c931a6',NULL,1);
CREATE TABLE confusion (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  counts     TEXT NOT NULL  -- JSON: [truth][guess]
) STRICT;
INSERT INTO confusion VALUES(1,'[[3,0,0,0,0,0,11,0,0,0],[4,0,1,0,0,0,3,0,0,0],[10,0,1,0,0,0,1,0,0,0],[6,0,0,0,0,0,2,0,0,0],[1,0,0,0,0,0,3,0,0,0],[5,0,0,0,0,0,4,0,0,0],[2,0,0,0,0,0,6,0,0,0],[9,0,1,0,0,0,3,0,0,0],[9,0,0,0,0,0,5,0,0,0],[8,0,0,0,0,0,2,0,0,0]]');
INSERT INTO confusion VALUES(2,'[[0,0,0,1,0,2,0,0,11,0],[0,0,0,1,0,1,0,0,6,0],[0,0,0,0,0,2,0,0,10,0],[0,0,0,1,0,0,1,0,6,0],[0,0,0,0,0,3,0,0,1,0],[0,0,0,0,0,1,1,0,7,0],[0,0,0,0,0,1,0,0,7,0],[0,0,0,1,0,3,0,0,9,0],[0,0,0,1,0,0,0,0,13,0],[0,0,0,0,0,1,0,0,9,0]]');
INSERT INTO confusion VALUES(3,'[[0,0,0,0,0,0,14,0,0,0],[0,0,0,0,0,0,8,0,0,0],[0,0,0,0,0,0,12,0,0,0],[0,0,0,0,0,0,8,0,0,0],[0,0,0,0,0,0,4,0,0,0],[0,0,0,0,0,0,9,0,0,0],[0,0,0,0,0,0,8,0,0,0],[0,0,0,0,0,0,13,0,0,0],[0,0,0,0,0,0,14,0,0,0],[0,0,0,0,0,0,10,0,0,0]]');
CREATE TABLE batch_loss (
  trial_id  INTEGER NOT NULL REFERENCES trial (id),
  iteration INTEGER NOT NULL,
  value     REAL,
  PRIMARY KEY (trial_id, iteration)
) STRICT, WITHOUT ROWID;
INSERT INTO batch_loss VALUES(1,1,0.13914988934993743896);
INSERT INTO batch_loss VALUES(1,2,0.14337500929832458496);
INSERT INTO batch_loss VALUES(1,3,0.13004989922046661376);
INSERT INTO batch_loss VALUES(1,4,0.13438251614570617675);
INSERT INTO batch_loss VALUES(1,5,0.13258744776248931884);
INSERT INTO batch_loss VALUES(1,6,0.12952542304992675781);
INSERT INTO batch_loss VALUES(1,7,0.14327676594257354736);
INSERT INTO batch_loss VALUES(1,8,0.12534862756729125976);
INSERT INTO batch_loss VALUES(1,9,0.13349661231040954589);
INSERT INTO batch_loss VALUES(1,10,0.14090743660926818847);
INSERT INTO batch_loss VALUES(1,11,0.12705981731414794921);
INSERT INTO batch_loss VALUES(1,12,0.12204331904649734497);
INSERT INTO batch_loss VALUES(1,13,0.12445124238729476928);
INSERT INTO batch_loss VALUES(1,14,0.12846569716930389404);
INSERT INTO batch_loss VALUES(1,15,0.12594009935855865478);
INSERT INTO batch_loss VALUES(1,16,0.13653844594955444335);
INSERT INTO batch_loss VALUES(1,17,0.11955575644969940185);
INSERT INTO batch_loss VALUES(1,18,0.12872759997844696044);
INSERT INTO batch_loss VALUES(1,19,0.11376065015792846679);
INSERT INTO batch_loss VALUES(1,20,0.13380056619644165039);
INSERT INTO batch_loss VALUES(1,21,0.11127045005559921264);
INSERT INTO batch_loss VALUES(1,22,0.13508419692516326904);
INSERT INTO batch_loss VALUES(1,23,0.12979812920093536376);
INSERT INTO batch_loss VALUES(1,24,0.13396637141704559326);
INSERT INTO batch_loss VALUES(1,25,0.13420082628726959228);
INSERT INTO batch_loss VALUES(1,26,0.12147473543882369995);
INSERT INTO batch_loss VALUES(1,27,0.118846990168094635);
INSERT INTO batch_loss VALUES(1,28,0.12555997073650360107);
INSERT INTO batch_loss VALUES(1,29,0.11945408582687377929);
INSERT INTO batch_loss VALUES(1,30,0.11762052774429321289);
INSERT INTO batch_loss VALUES(1,31,0.12662702798843383789);
INSERT INTO batch_loss VALUES(1,32,0.12310596555471420288);
INSERT INTO batch_loss VALUES(1,33,0.12143698334693908691);
INSERT INTO batch_loss VALUES(1,34,0.12191102653741836547);
INSERT INTO batch_loss VALUES(1,35,0.1235081106424331665);
INSERT INTO batch_loss VALUES(1,36,0.11816861480474472045);
INSERT INTO batch_loss VALUES(1,37,0.13397997617721557617);
INSERT INTO batch_loss VALUES(1,38,0.118633270263671875);
INSERT INTO batch_loss VALUES(1,39,0.10762622207403182983);
INSERT INTO batch_loss VALUES(1,40,0.1216217130422592163);
INSERT INTO batch_loss VALUES(1,41,0.11548127979040145874);
INSERT INTO batch_loss VALUES(1,42,0.11817312985658645629);
INSERT INTO batch_loss VALUES(1,43,0.11776410788297653198);
INSERT INTO batch_loss VALUES(1,44,0.12086255848407745361);
INSERT INTO batch_loss VALUES(1,45,0.12713973224163055419);
INSERT INTO batch_loss VALUES(1,46,0.11904108524322509765);
INSERT INTO batch_loss VALUES(1,47,0.11479275673627853393);
INSERT INTO batch_loss VALUES(1,48,0.099935606122016906738);
INSERT INTO batch_loss VALUES(1,49,0.11218824982643127441);
INSERT INTO batch_loss VALUES(1,50,0.10472027957439422607);
INSERT INTO batch_loss VALUES(1,51,0.12772418558597564697);
INSERT INTO batch_loss VALUES(1,52,0.1212940216064453125);
INSERT INTO batch_loss VALUES(1,53,0.12045832723379135131);
INSERT INTO batch_loss VALUES(1,54,0.11912443488836288452);
INSERT INTO batch_loss VALUES(1,55,0.12649397552013397216);
INSERT INTO batch_loss VALUES(1,56,0.12191598117351531982);
INSERT INTO batch_loss VALUES(1,57,0.1205145418643951416);
INSERT INTO batch_loss VALUES(1,58,0.12030832469463348388);
INSERT INTO batch_loss VALUES(1,59,0.12456806749105453491);
INSERT INTO batch_loss VALUES(1,60,0.11598115414381027221);
INSERT INTO batch_loss VALUES(2,1,0.13905386626720428466);
INSERT INTO batch_loss VALUES(2,2,0.14735685288906097412);
INSERT INTO batch_loss VALUES(2,3,0.15085031092166900634);
INSERT INTO batch_loss VALUES(2,4,0.14605551958084106445);
INSERT INTO batch_loss VALUES(2,5,0.13228026032447814941);
INSERT INTO batch_loss VALUES(2,6,0.15504723787307739257);
INSERT INTO batch_loss VALUES(2,7,0.14794750511646270751);
INSERT INTO batch_loss VALUES(2,8,0.14140027761459350585);
INSERT INTO batch_loss VALUES(2,9,0.14706504344940185546);
INSERT INTO batch_loss VALUES(2,10,0.13596642017364501953);
INSERT INTO batch_loss VALUES(2,11,0.14570689201354980468);
INSERT INTO batch_loss VALUES(2,12,0.13741113245487213134);
INSERT INTO batch_loss VALUES(2,13,0.15053835511207580566);
INSERT INTO batch_loss VALUES(2,14,0.13824908435344696044);
INSERT INTO batch_loss VALUES(2,15,0.12726600468158721923);
INSERT INTO batch_loss VALUES(2,16,0.13426800072193145751);
INSERT INTO batch_loss VALUES(2,17,0.13403597474098205566);
INSERT INTO batch_loss VALUES(2,18,0.13049103319644927978);
INSERT INTO batch_loss VALUES(2,19,0.13495762646198272705);
INSERT INTO batch_loss VALUES(2,20,0.1439885646104812622);
INSERT INTO batch_loss VALUES(2,21,0.13971275091171264648);
INSERT INTO batch_loss VALUES(2,22,0.1345659494400024414);
INSERT INTO batch_loss VALUES(2,23,0.13476067781448364257);
INSERT INTO batch_loss VALUES(2,24,0.14192195236682891845);
INSERT INTO batch_loss VALUES(2,25,0.12540142238140106201);
INSERT INTO batch_loss VALUES(2,26,0.13941560685634613037);
INSERT INTO batch_loss VALUES(2,27,0.12620042264461517333);
INSERT INTO batch_loss VALUES(2,28,0.137439727783203125);
INSERT INTO batch_loss VALUES(2,29,0.12947860360145568847);
INSERT INTO batch_loss VALUES(2,30,0.1305745244026184082);
INSERT INTO batch_loss VALUES(2,31,0.12587632238864898681);
INSERT INTO batch_loss VALUES(2,32,0.12524023652076721191);
INSERT INTO batch_loss VALUES(2,33,0.12486102432012557983);
INSERT INTO batch_loss VALUES(2,34,0.12762500345706939697);
INSERT INTO batch_loss VALUES(2,35,0.11959059536457061767);
INSERT INTO batch_loss VALUES(2,36,0.13537771999835968017);
INSERT INTO batch_loss VALUES(2,37,0.12549439072608947753);
INSERT INTO batch_loss VALUES(2,38,0.13444098830223083496);
INSERT INTO batch_loss VALUES(2,39,0.12390252202749252319);
INSERT INTO batch_loss VALUES(2,40,0.12510880827903747558);
INSERT INTO batch_loss VALUES(2,41,0.1277309805154800415);
INSERT INTO batch_loss VALUES(2,42,0.11842320859432220458);
INSERT INTO batch_loss VALUES(2,43,0.12177042663097381591);
INSERT INTO batch_loss VALUES(2,44,0.13262616097927093505);
INSERT INTO batch_loss VALUES(2,45,0.12638893723487854003);
INSERT INTO batch_loss VALUES(2,46,0.12490449845790863037);
INSERT INTO batch_loss VALUES(2,47,0.11849726736545562744);
INSERT INTO batch_loss VALUES(2,48,0.11926092952489852905);
INSERT INTO batch_loss VALUES(2,49,0.12076067924499511718);
INSERT INTO batch_loss VALUES(2,50,0.12447290122509002685);
INSERT INTO batch_loss VALUES(2,51,0.12867106497287750244);
INSERT INTO batch_loss VALUES(2,52,0.12574411928653717041);
INSERT INTO batch_loss VALUES(2,53,0.12781625986099243164);
INSERT INTO batch_loss VALUES(2,54,0.12093409895896911621);
INSERT INTO batch_loss VALUES(2,55,0.11511451750993728637);
INSERT INTO batch_loss VALUES(2,56,0.11635606735944747924);
INSERT INTO batch_loss VALUES(2,57,0.11590752750635147094);
INSERT INTO batch_loss VALUES(2,58,0.11422840505838394165);
INSERT INTO batch_loss VALUES(2,59,0.11868553608655929565);
INSERT INTO batch_loss VALUES(2,60,0.10796118527650833129);
INSERT INTO batch_loss VALUES(3,1,0.13914988934993743896);
INSERT INTO batch_loss VALUES(3,2,8789101777522786304.0);
INSERT INTO batch_loss VALUES(3,3,3.2959103291667459611e+29);
INSERT INTO batch_loss VALUES(3,4,1e999);
CREATE TABLE series (
  id     INTEGER PRIMARY KEY,
  split  TEXT NOT NULL,
  metric TEXT NOT NULL,
  UNIQUE (split, metric)
) STRICT;
INSERT INTO series VALUES(0,'train','mean_loss');
INSERT INTO series VALUES(1,'validation','loss');
INSERT INTO series VALUES(2,'validation','accuracy');
INSERT INTO series VALUES(3,'test','loss');
INSERT INTO series VALUES(4,'test','accuracy');
INSERT INTO series VALUES(5,'train','lr');
CREATE TABLE metric (
  trial_id  INTEGER NOT NULL REFERENCES trial (id),
  series_id INTEGER NOT NULL REFERENCES series (id),
  iteration INTEGER NOT NULL,
  value     REAL,
  PRIMARY KEY (trial_id, series_id, iteration)
) STRICT, WITHOUT ROWID;
INSERT INTO metric VALUES(1,0,50,0.12452873602509498263);
INSERT INTO metric VALUES(1,0,60,0.12183830142021179199);
INSERT INTO metric VALUES(1,3,50,0.11227518990208321114);
INSERT INTO metric VALUES(1,3,60,0.11037838783124039043);
INSERT INTO metric VALUES(1,4,50,0.10000000000000000555);
INSERT INTO metric VALUES(1,4,60,0.10000000000000000555);
INSERT INTO metric VALUES(2,0,50,0.13323522403836249305);
INSERT INTO metric VALUES(2,0,60,0.11914187818765639703);
INSERT INTO metric VALUES(2,3,50,0.12433938950837568337);
INSERT INTO metric VALUES(2,3,60,0.12077181012162432893);
INSERT INTO metric VALUES(2,4,50,0.14999999999999999444);
INSERT INTO metric VALUES(2,4,60,0.14999999999999999444);
INSERT INTO metric VALUES(3,0,4,1e999);
INSERT INTO metric VALUES(3,3,4,1e999);
INSERT INTO metric VALUES(3,4,4,0.080000000000000001665);
CREATE TABLE summary (
  trial_id                 INTEGER PRIMARY KEY REFERENCES trial (id),
  iteration                INTEGER NOT NULL,  -- of the last evaluation
  train_loss               REAL,
  validation_loss          REAL,
  validation_accuracy      REAL,
  test_loss                REAL,
  test_accuracy            REAL,
  chosen_on                TEXT CHECK (chosen_on IN ('validation', 'test')),  -- what "best" means
  best_iteration           INTEGER,
  best_validation_loss     REAL,
  best_validation_accuracy REAL,
  best_test_loss           REAL,
  best_test_accuracy       REAL
) STRICT;
INSERT INTO summary VALUES(1,60,0.12183830142021179199,NULL,NULL,0.11037838783124039043,0.10000000000000000555,'test',50,NULL,NULL,0.11227518990208321114,0.10000000000000000555);
INSERT INTO summary VALUES(2,60,0.11914187818765639703,NULL,NULL,0.12077181012162432893,0.14999999999999999444,'test',50,NULL,NULL,0.12433938950837568337,0.14999999999999999444);
INSERT INTO summary VALUES(3,4,1e999,NULL,NULL,1e999,0.080000000000000001665,'test',4,NULL,NULL,1e999,0.080000000000000001665);
CREATE TABLE baseline (
  id         INTEGER PRIMARY KEY,
  name       TEXT NOT NULL UNIQUE,
  study      TEXT NOT NULL,
  revision   INTEGER NOT NULL,
  created_at REAL NOT NULL,
  document   TEXT NOT NULL  -- JSON: what stood in the study when it was saved
, anchor TEXT, anchor_created_at REAL) STRICT;
INSERT INTO baseline VALUES(1,'good','old',1,1795293126.9297990799,replace('{\n  "schema": "bench.baseline",\n  "schema_version": 1,\n  "study": "old",\n  "revision": 1,\n  "commit": null,\n  "machines": [\n    {"host": "vm", "cpu": "AMD EPYC", "cores": 2, "workers": 2, "program": "0.2.0 (debug, kernels for x86-64-v3)", "blas": "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64 on Haswell"}\n  ],\n  "configurations": [\n    {\n      "label": "lr 0.01",\n      "configuration": "d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77",\n      "data": "74e1133d8b92cf14562d167903ea7792ec672390945233d7139eb22027318e06",\n      "test_examples": 100,\n      "trials": [\n        {"seed": 0, "state": "done", "trial": "c9f959a7bc1f82dcfbe283570f4e1ba0aff2a7f8e4540c02567b4280624ab29a", "trace": "8e47e6286157d88c8f4d420d29a9bad53212f0308615f079fe317baa5a6cae89", "machine": 0, "train_loss": 0.12183830142021179, "test_loss": 0.11037838783124039, "test_accuracy": 0.1, "best_test_accuracy": 0.1, "wall_seconds": 0.009976615001505706, "cpu_seconds": 0.0013562729999999999, "peak_bytes": 65073152, "images_per_second": 122299.62428836725},\n        {"seed": 1, "state": "done", "trial": "802b01557a191c92b45191d885b8a11359551cbc8354b4e20cadf78a040dd698", "trace": "1c7bdcb993db97a4cc0d1fbf0eb3f51413c4f2019b03ab0d5fddb901a67e0429", "machine": 0, "train_loss": 0.1191418781876564, "test_loss": 0.12077181012162433, "test_accuracy": 0.15, "best_test_accuracy": 0.15, "wall_seconds": 0.0036780160007765517, "cpu_seconds": 0.0015116039999999997, "peak_bytes": 64913408, "images_per_second": 342180.50510007725}\n      ]\n    },\n    {\n      "label": "lr 1000000",\n      "configuration": "89d7ea9aa74f1650c00b13c59ab716e917fb23201086ac8cb70d4400aa0e341e",\n      "data": "74e1133d8b92cf14562d167903ea7792ec672390945233d7139eb22027318e06",\n      "test_examples": 100,\n      "trials": [\n        {"seed": 0, "state": "diverged", "trial": "9bbeb74112b4c38843ddd2e2c9a9d0fc97c1318031c25899f221e92be71202e7", "error": "the loss was not finite at iteration 4", "trace": "f7f299e198bd2b9a6754394ff2141594c0182799b99bf9c0d12410369fd7fe35", "machine": 0},\n        {"seed": 1, "state": "planned", "trial": "cadaf46042cb7b1da783a32fb977b131d5272bb3e9e3b674f9085337b9a88d26"}\n      ]\n    }\n  ],\n  "digest": "fbd7a29e3302e05c86128dc6fda6c0cb1b0f4342f2caebb945ba2ff472c4e350"\n}\n','\n',char(10)),replace('{\n  "schema": "bench.baseline",\n  "schema_version": 1,\n  "study": "old",\n  "revision": 1,\n  "commit": null,\n  "machines": [\n    {"host": "vm", "cpu": "AMD EPYC", "cores": 2, "workers": 2, "program": "0.2.0 (debug, kernels for x86-64-v3)", "blas": "OpenBLAS 0.3.21 NO_LAPACKE DYNAMIC_ARCH NO_AFFINITY Haswell MAX_THREADS=64 on Haswell"}\n  ],\n  "configurations": [\n    {\n      "label": "lr 0.01",\n      "configuration": "d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77",\n      "data": "74e1133d8b92cf14562d167903ea7792ec672390945233d7139eb22027318e06",\n      "test_examples": 100,\n      "trials": [\n        {"seed": 0, "state": "done", "trial": "c9f959a7bc1f82dcfbe283570f4e1ba0aff2a7f8e4540c02567b4280624ab29a", "trace": "8e47e6286157d88c8f4d420d29a9bad53212f0308615f079fe317baa5a6cae89", "machine": 0, "train_loss": 0.12183830142021179, "test_loss": 0.11037838783124039, "test_accuracy": 0.1, "best_test_accuracy": 0.1, "wall_seconds": 0.009976615001505706, "cpu_seconds": 0.0013562729999999999, "peak_bytes": 65073152, "images_per_second": 122299.62428836725},\n        {"seed": 1, "state": "done", "trial": "802b01557a191c92b45191d885b8a11359551cbc8354b4e20cadf78a040dd698", "trace": "1c7bdcb993db97a4cc0d1fbf0eb3f51413c4f2019b03ab0d5fddb901a67e0429", "machine": 0, "train_loss": 0.1191418781876564, "test_loss": 0.12077181012162433, "test_accuracy": 0.15, "best_test_accuracy": 0.15, "wall_seconds": 0.0036780160007765517, "cpu_seconds": 0.0015116039999999997, "peak_bytes": 64913408, "images_per_second": 342180.50510007725}\n      ]\n    },\n    {\n      "label": "lr 1000000",\n      "configuration": "89d7ea9aa74f1650c00b13c59ab716e917fb23201086ac8cb70d4400aa0e341e",\n      "data": "74e1133d8b92cf14562d167903ea7792ec672390945233d7139eb22027318e06",\n      "test_examples": 100,\n      "trials": [\n        {"seed": 0, "state": "diverged", "trial": "9bbeb74112b4c38843ddd2e2c9a9d0fc97c1318031c25899f221e92be71202e7", "error": "the loss was not finite at iteration 4", "trace": "f7f299e198bd2b9a6754394ff2141594c0182799b99bf9c0d12410369fd7fe35", "machine": 0},\n        {"seed": 1, "state": "planned", "trial": "cadaf46042cb7b1da783a32fb977b131d5272bb3e9e3b674f9085337b9a88d26"}\n      ]\n    }\n  ],\n  "digest": "fbd7a29e3302e05c86128dc6fda6c0cb1b0f4342f2caebb945ba2ff472c4e350"\n}\n','\n',char(10)),1795293126.7858824729);
CREATE TABLE comparison (
  id         INTEGER PRIMARY KEY,
  baseline   TEXT NOT NULL,
  candidate  TEXT NOT NULL,
  verdict    TEXT NOT NULL,
  created_at REAL NOT NULL,
  document   TEXT NOT NULL  -- JSON: policy and verdicts
, results TEXT) STRICT;
INSERT INTO comparison VALUES(1,'good','other/.bench/bench.db','fine',1795293127.3012075423,replace('{\n  "schema": "bench.comparison",\n  "schema_version": 2,\n  "outcome": "fine",\n  "headline": "Equal to the last bit: 2 equal to the last bit.",\n  "alpha": 0.05,\n  "strict": false,\n  "tolerances": {\n    "test_accuracy": {"absolute": 0.005}\n  },\n  "family": 0,\n  "baseline": {"study": "old", "revision": 1, "commit": null},\n  "candidate": {"study": "old", "revision": 1, "commit": null},\n  "anchor": {"study": "old", "revision": 1, "commit": null},\n  "equal_traces": 3,\n  "changed_traces": 0,\n  "changed_blas": [],\n  "common_traces": 3,\n  "same_runs": 0,\n  "results": [\n    {\n      "label": "lr 0.01",\n      "configuration": "d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77",\n      "metric": "test_accuracy",\n      "family": "quality",\n      "verdict": "equal",\n      "reason": null,\n      "equal_traces": true,\n      "baseline_mean": 0.125,\n      "candidate_mean": 0.125,\n      "difference": 0,\n      "interval": null,\n      "tolerance": 0.005,\n      "seeds": [0, 1],\n      "differences": [0, 0],\n      "baseline_seeds": 2,\n      "collapsed_seeds": [],\n      "collapse_limit": null,\n      "excluded_seeds": 0\n    },\n    {\n      "label": "lr 1000000",\n      "configuration": "89d7ea9aa74f1650c00b13c59ab716e917fb23201086ac8cb70d4400aa0e341e",\n      "metric": "test_accuracy",\n      "family": "quality",\n      "verdict": "equal",\n      "reason": null,\n      "equal_traces": true,\n      "baseline_mean": null,\n      "candidate_mean": null,\n      "difference": null,\n      "interval": null,\n      "tolerance": null,\n      "seeds": [],\n      "differences": [],\n      "baseline_seeds": 0,\n      "collapsed_seeds": [],\n      "collapse_limit": null,\n      "excluded_seeds": 0\n    }\n  ],\n  "since_anchor": [\n    {\n      "label": "lr 0.01",\n      "configuration": "d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77",\n      "metric": "test_accuracy",\n      "family": "quality",\n      "verdict": "equal",\n      "reason": null,\n      "equal_traces": true,\n      "baseline_mean": 0.125,\n      "candidate_mean": 0.125,\n      "difference": 0,\n      "interval": null,\n      "tolerance": 0.005,\n      "seeds": [0, 1],\n      "differences": [0, 0],\n      "baseline_seeds": 2,\n      "collapsed_seeds": [],\n      "collapse_limit": null,\n      "excluded_seeds": 0\n    },\n    {\n      "label": "lr 1000000",\n      "configuration": "89d7ea9aa74f1650c00b13c59ab716e917fb23201086ac8cb70d4400aa0e341e",\n      "metric": "test_accuracy",\n      "family": "quality",\n      "verdict": "equal",\n      "reason": null,\n      "equal_traces": true,\n      "baseline_mean": null,\n      "candidate_mean": null,\n      "difference": null,\n      "interval": null,\n      "tolerance": null,\n      "seeds": [],\n      "differences": [],\n      "baseline_seeds": 0,\n      "collapsed_seeds": [],\n      "collapse_limit": null,\n      "excluded_seeds": 0\n    }\n  ],\n  "lost": [],\n  "new": []\n}\n','\n',char(10)),'ff764bf72b411901ad49196060df5bc3aca5579201e5462fafc5c2e42694c51d');
CREATE TABLE hits (
  attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
  images     INTEGER NOT NULL,
  mask       BLOB NOT NULL  -- a bit per test image, in the data set's order, least significant first
) STRICT;
INSERT INTO hits VALUES(1,100,X'05000280042000000001088200');
INSERT INTO hits VALUES(2,100,X'00500027900000124200024400');
INSERT INTO hits VALUES(3,100,X'0400228004a000000000080000');
CREATE TABLE night (
  id          INTEGER PRIMARY KEY,
  recorded_at REAL NOT NULL,
  study       TEXT NOT NULL,
  revision    INTEGER NOT NULL,
  commit_hash TEXT,     -- with + where something had not been committed
  host        TEXT,     -- this and the next four: null where trials ran in several places
  cpu         TEXT,
  cores       INTEGER,
  workers     INTEGER,
  program     TEXT,
  numerics    INTEGER,  -- the version of the engine's numbers
  baseline    TEXT NOT NULL,
  verdict     TEXT NOT NULL
, proof TEXT) STRICT;
INSERT INTO night VALUES(1,1795293127.3012075423,'old',1,NULL,'host','AMD EPYC',2,2,'0.2.0 (debug, kernels for x86-64-v3)',2,'good','fine','e1140eb5f091ef75b34ca6a353d146ab35cbca25a79d613517c36bb17aa2caec');
CREATE TABLE night_value (
  night_id      INTEGER NOT NULL REFERENCES night (id) ON DELETE CASCADE,
  position      INTEGER NOT NULL,  -- of the configuration in the study, from 0
  metric        TEXT NOT NULL,     -- as the view `trials` names it
  configuration TEXT NOT NULL,     -- its hash
  label         TEXT NOT NULL,
  mean          REAL,              -- over seeds; null where it is NaN
  sd            REAL,              -- null for one seed
  seeds         INTEGER NOT NULL,
  PRIMARY KEY (night_id, position, metric)
) STRICT, WITHOUT ROWID;
INSERT INTO night_value VALUES(1,0,'best_test_accuracy','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.125,0.035355339059327368922,2);
INSERT INTO night_value VALUES(1,0,'cpu_seconds','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.0014133930000000002012,0.00021230032576988693395,2);
INSERT INTO night_value VALUES(1,0,'images_per_second','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',974193.48793213861063,164595.28601366968359,2);
INSERT INTO night_value VALUES(1,0,'peak_bytes','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',64552960.0,92681.900023683163455,2);
INSERT INTO night_value VALUES(1,0,'test_accuracy','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.125,0.035355339059327368922,2);
INSERT INTO night_value VALUES(1,0,'test_loss','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.11557509897643236662,0.007349259381265901142,2);
INSERT INTO night_value VALUES(1,0,'train_loss','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.12049008980393409451,0.0019066591526888708799,2);
INSERT INTO night_value VALUES(1,0,'wall_seconds','d35adeb378e45a16ef50e985322a67058cd77645427e08fc2307487bcbd31f77','lr 0.01',0.0043618205017992295324,0.0043819216320856542098,2);
CREATE TABLE annotation (
  id       INTEGER PRIMARY KEY,
  study_id INTEGER UNIQUE REFERENCES study (id),
  trial_id INTEGER UNIQUE REFERENCES trial (id),
  tags     TEXT NOT NULL,  -- JSON: in the order in which they were given
  untagged TEXT NOT NULL,  -- JSON: tags of the grid that were taken away
  note     TEXT NOT NULL,  -- may be empty
  proof    TEXT,           -- SHA-256 over the study's name or the trial's key, and the columns before
  CHECK ((study_id IS NULL) <> (trial_id IS NULL))
) STRICT;
INSERT INTO annotation VALUES(1,1,NULL,'["later"]','[]','after the fact','49f43dae778d7fae4f63a96ba76bc66d3f8fc6d4e74846b5dee71179bead8a06');
INSERT INTO annotation VALUES(2,NULL,1,'["odd"]','[]','','ad1a48940c8ea90303ae5c45a06afe9a514af151bd720c2efb491ab61689e027');
CREATE INDEX named_configuration_by_configuration ON named_configuration (configuration_id);
CREATE INDEX revision_trial_by_trial ON revision_trial (trial_id);
CREATE INDEX run_by_revision ON run (revision_id);
CREATE INDEX running_attempt ON attempt (id) WHERE state = 'running';
CREATE VIEW trials AS
SELECT
  study.name AS study, trial.key AS trial, named_configuration.label AS label,
  configuration.hash AS configuration, CASE WHEN trial.seed < 0 THEN printf('%llu', trial.seed) ELSE trial.seed END AS seed,
  CASE
    WHEN attempt.id IS NULL THEN 'planned'
    WHEN attempt.state = 'running' AND attempt.lease_until < unixepoch() THEN 'stale'
    ELSE attempt.state
  END AS state,
  CASE WHEN trial.numerics > 0 THEN configuration.parameters END AS parameters, attempt.recorded AS iterations,
  summary.train_loss, summary.validation_loss, summary.validation_accuracy,
  summary.test_loss, summary.test_accuracy, summary.best_test_accuracy, summary.best_iteration,
  attempt.wall_seconds, attempt.cpu_seconds, attempt.images_per_second, attempt.error
FROM study JOIN revision ON revision.study_id = study.id
  AND revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id)
JOIN revision_trial ON revision_trial.revision_id = revision.id
JOIN trial ON trial.id = revision_trial.trial_id
JOIN revision_configuration ON revision_configuration.revision_id = revision_trial.revision_id
  AND revision_configuration.position = revision_trial.position
JOIN named_configuration ON named_configuration.id = revision_configuration.named_configuration_id
JOIN configuration ON configuration.id = named_configuration.configuration_id
  LEFT JOIN attempt ON attempt.id = trial.attempt_id
  LEFT JOIN summary ON summary.trial_id = trial.id;
CREATE VIEW curves AS
SELECT study.name AS study, trial.key AS trial, named_configuration.label AS label,
  configuration.hash AS configuration, CASE WHEN trial.seed < 0 THEN printf('%llu', trial.seed) ELSE trial.seed END AS seed,
  'train' AS split, 'loss' AS metric,
  batch_loss.iteration AS iteration, batch_loss.iteration * 1.0 / nullif(trial.iterations_per_epoch, 0) AS epoch,
  batch_loss.value AS value,
  CASE
    WHEN batch_loss.value IS NULL THEN 'nan'
    WHEN batch_loss.value = 9e999 THEN 'inf'
    WHEN batch_loss.value = -9e999 THEN '-inf'
    ELSE 'finite'
  END AS kind
FROM study JOIN revision ON revision.study_id = study.id
  AND revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id)
JOIN revision_trial ON revision_trial.revision_id = revision.id
JOIN trial ON trial.id = revision_trial.trial_id
JOIN revision_configuration ON revision_configuration.revision_id = revision_trial.revision_id
  AND revision_configuration.position = revision_trial.position
JOIN named_configuration ON named_configuration.id = revision_configuration.named_configuration_id
JOIN configuration ON configuration.id = named_configuration.configuration_id
  JOIN batch_loss ON batch_loss.trial_id = trial.id
UNION ALL
SELECT study.name AS study, trial.key AS trial, named_configuration.label AS label,
  configuration.hash AS configuration, CASE WHEN trial.seed < 0 THEN printf('%llu', trial.seed) ELSE trial.seed END AS seed,
  series.split AS split, series.metric AS metric,
  metric.iteration AS iteration, metric.iteration * 1.0 / nullif(trial.iterations_per_epoch, 0) AS epoch,
  metric.value AS value,
  CASE
    WHEN metric.value IS NULL THEN 'nan'
    WHEN metric.value = 9e999 THEN 'inf'
    WHEN metric.value = -9e999 THEN '-inf'
    ELSE 'finite'
  END AS kind
FROM study JOIN revision ON revision.study_id = study.id
  AND revision.number = (SELECT max(number) FROM revision AS other WHERE other.study_id = study.id)
JOIN revision_trial ON revision_trial.revision_id = revision.id
JOIN trial ON trial.id = revision_trial.trial_id
JOIN revision_configuration ON revision_configuration.revision_id = revision_trial.revision_id
  AND revision_configuration.position = revision_trial.position
JOIN named_configuration ON named_configuration.id = revision_configuration.named_configuration_id
JOIN configuration ON configuration.id = named_configuration.configuration_id
  JOIN series ON series.metric <> 'mean_loss'
  JOIN metric ON metric.trial_id = trial.id AND metric.series_id = series.id;
CREATE INDEX night_by_study ON night (study, recorded_at);
COMMIT;
