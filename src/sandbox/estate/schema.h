/*
** The tables of a sandbox's database, and SQL that more than one file uses.
*/
#ifndef SB_SCHEMA_H
#define SB_SCHEMA_H

/* Marks the file as ours ("cosb"), so that start refuses to fill another
** program's database. */
#define SB_APPLICATION_ID 0x636F7362
#define SB_SCHEMA_VERSION 3

/* Seconds since the epoch, within SQL. */
#define SB_NOW "(julianday('now') - 2440587.5) * 86400.0"

/* SQL: the word by which a value is compared as a whole. A whole number has the
** same word with a point and without. */
#define SB_WORD(value) \
  "CASE WHEN typeof(" value ") = 'real' AND " value " = CAST(" value \
  " AS INTEGER) THEN CAST(CAST(" value " AS INTEGER) AS TEXT)" \
  " ELSE lower(CAST(" value " AS TEXT)) END"

/* The indexes and the trigger that are made after many rows were inserted. */
#define SB_INDEXES \
  "CREATE UNIQUE INDEX asset_id ON asset (id);" \
  "CREATE INDEX asset_created ON asset (archived, created);" \
  "CREATE INDEX asset_name ON asset (archived, name COLLATE NOCASE);" \
  "CREATE INDEX asset_size ON asset (archived, size);" \
  "CREATE INDEX asset_type ON asset (archived, type);" \
  "CREATE INDEX field_value_word ON field_value (word, key);" \
  "CREATE INDEX field_value_number ON field_value (key, value, row)" \
  "  WHERE typeof(value) IN ('integer', 'real');" \
  "CREATE INDEX field_value_row ON field_value (row);" \
  "CREATE TRIGGER asset_insert AFTER INSERT ON asset BEGIN" \
  "  INSERT INTO stale VALUES (new.row); END;"

/* The relation that searches read, as it is without a lag (lag.h). */
#define SB_SHOWN "PRAGMA temp_store = MEMORY;" \
  "CREATE TEMP VIEW shown AS SELECT * FROM asset"

extern const char sb_schema[];

#endif
