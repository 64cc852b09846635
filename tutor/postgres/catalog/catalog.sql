-- Reads a database's whole catalog as JSON (PostgreSQL 13 and later).
--
-- Names: an object in the schema "public" goes by its plain name, any other as schema.name. Left
-- out: the system's schemas, whatever an extension owns, Alembic's version table (told by its one
-- column: env.py may give it another name), and the NOT NULL constraints that PostgreSQL 18 lists
-- (columns say it themselves), but for those NOT VALID.
WITH spaces AS (
  SELECT oid, CASE nspname WHEN 'public' THEN '' ELSE nspname || '.' END AS prefix
    FROM pg_namespace
   WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), extended AS (
  SELECT classid, objid FROM pg_depend WHERE deptype = 'e'
), relations AS (
  SELECT c.oid, c.relkind, c.relname, prefix || relname AS name
    FROM pg_class c JOIN spaces ON spaces.oid = relnamespace
   WHERE NOT EXISTS (SELECT FROM extended WHERE classid = 'pg_class'::regclass AND objid = c.oid)
), tables AS (
  SELECT * FROM relations
   WHERE relkind IN ('r', 'p') AND relname <> 'alembic_version'
     AND (SELECT array_agg(attname) FROM pg_attribute
           WHERE attrelid = relations.oid AND attnum > 0 AND NOT attisdropped)
         IS DISTINCT FROM ARRAY['version_num'::name]
), columns AS (
  SELECT attrelid, json_object_agg(attname, json_build_object(
           'type', format_type(atttypid, atttypmod),
           'nullable', NOT attnotnull,
           'default', CASE attgenerated WHEN '' THEN pg_get_expr(adbin, adrelid) END,
           'identity', CASE attidentity WHEN 'a' THEN 'always' WHEN 'd' THEN 'by default' END,
           'generated', CASE WHEN attgenerated <> '' THEN pg_get_expr(adbin, adrelid) END
         ) ORDER BY attnum) AS found
    FROM pg_attribute
    LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
   WHERE attrelid IN (SELECT oid FROM tables) AND attnum > 0 AND NOT attisdropped
   GROUP BY attrelid
), constraints AS (
  SELECT conrelid, json_object_agg(conname, json_build_object(
           'kind', CASE contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique'
                                WHEN 'f' THEN 'foreign key' WHEN 'c' THEN 'check'
                                WHEN 'n' THEN 'not null' ELSE 'exclude' END,
           'columns', (SELECT coalesce(json_agg(attname ORDER BY place), '[]')
                         FROM unnest(conkey) WITH ORDINALITY AS key (number, place)
                         JOIN pg_attribute ON attrelid = conrelid AND attnum = number),
           'definition', pg_get_constraintdef(con.oid),
           'validated', convalidated,
           'references', CASE contype WHEN 'f' THEN json_build_object(
             'table', (SELECT name FROM relations WHERE oid = confrelid),
             'columns', (SELECT json_agg(attname ORDER BY place)
                           FROM unnest(confkey) WITH ORDINALITY AS key (number, place)
                           JOIN pg_attribute ON attrelid = confrelid AND attnum = number),
             'on_delete', CASE confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                            WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
                            ELSE 'SET DEFAULT' END,
             'on_update', CASE confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT'
                            WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL'
                            ELSE 'SET DEFAULT' END) END
         ) ORDER BY conname) AS found
    FROM pg_constraint con
   WHERE conrelid IN (SELECT oid FROM tables)
     AND (contype IN ('p', 'u', 'f', 'c', 'x') OR (contype = 'n' AND NOT convalidated))
   GROUP BY conrelid
), indexes AS (
  SELECT indrelid, json_object_agg(relname, json_build_object(
           'columns', (SELECT json_agg(pg_get_indexdef(indexrelid, place, true) ORDER BY place)
                         FROM generate_series(1, indnkeyatts) AS place),
           'unique', indisunique,
           'where', pg_get_expr(indpred, indrelid),
           'method', amname,
           'definition', pg_get_indexdef(indexrelid),
           'valid', indisvalid,
           'constraint', (SELECT conname FROM pg_constraint
                           WHERE conindid = indexrelid AND contype IN ('p', 'u', 'x')
                             AND conrelid = indrelid)
         ) ORDER BY relname) AS found
    FROM pg_index JOIN pg_class c ON c.oid = indexrelid JOIN pg_am ON pg_am.oid = relam
   WHERE indrelid IN (SELECT oid FROM tables)
   GROUP BY indrelid
), triggers AS (
  SELECT tgrelid, json_object_agg(tgname, pg_get_triggerdef(oid) ORDER BY tgname) AS found
    FROM pg_trigger WHERE tgrelid IN (SELECT oid FROM tables) AND NOT tgisinternal
   GROUP BY tgrelid
)
SELECT json_build_object(
  'tables', (SELECT coalesce(json_object_agg(name, json_build_object(
               'columns', coalesce(columns.found, '{}'),
               'constraints', coalesce(constraints.found, '{}'),
               'indexes', coalesce(indexes.found, '{}'),
               'triggers', coalesce(triggers.found, '{}')) ORDER BY name), '{}')
               FROM tables
               LEFT JOIN columns ON attrelid = oid LEFT JOIN constraints ON conrelid = oid
               LEFT JOIN indexes ON indrelid = oid LEFT JOIN triggers ON tgrelid = oid),
  'sequences', (SELECT coalesce(json_object_agg(name, json_build_object(
                  'type', format_type(seqtypid, NULL),
                  'start', seqstart, 'increment', seqincrement,
                  'owner', (SELECT (SELECT name FROM relations WHERE oid = refobjid)
                                   || '.' || attname
                              FROM pg_depend
                              JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
                             WHERE classid = 'pg_class'::regclass AND objid = seqrelid
                               AND refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i'))
                ) ORDER BY name), '{}')
                  FROM pg_sequence JOIN relations ON oid = seqrelid),
  'enums', (SELECT coalesce(json_object_agg(prefix || typname,
                     (SELECT coalesce(json_agg(enumlabel ORDER BY enumsortorder), '[]')
                        FROM pg_enum WHERE enumtypid = t.oid) ORDER BY typname), '{}')
              FROM pg_type t JOIN spaces ON spaces.oid = typnamespace
             WHERE typtype = 'e' AND NOT EXISTS (
                   SELECT FROM extended WHERE classid = 'pg_type'::regclass AND objid = t.oid)),
  'views', (SELECT coalesce(json_object_agg(name, pg_get_viewdef(oid) ORDER BY name), '{}')
              FROM relations WHERE relkind IN ('v', 'm')),
  'functions', (SELECT coalesce(json_object_agg(
                         prefix || proname || '(' || pg_get_function_identity_arguments(p.oid)
                         || ')', pg_get_functiondef(p.oid) ORDER BY proname), '{}')
                  FROM pg_proc p JOIN spaces ON spaces.oid = pronamespace
                 WHERE prokind IN ('f', 'p', 'w') AND NOT EXISTS (
                       SELECT FROM extended WHERE classid = 'pg_proc'::regclass
                          AND objid = p.oid))
)
