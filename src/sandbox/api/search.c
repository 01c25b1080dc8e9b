/*
** Search in both dialects: the criteria become one SELECT, its rows become a
** snapshot, and a page is a slice of the snapshot.
*/
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/api/criteria.h"
#include "sandbox/api/handlers.h"
#include "sandbox/estate/lag.h"
#include "sandbox/estate/schema.h"
#include "sandbox/estate/search_index.h"

#define MAX_SQL 65536
#define MAX_KEY 400000

/* In the order of the criteria's choices: ascending, descending. The default is
** the first row, descending. Each ends with a column that makes the order
** total. */
static const char *const orders[][2] = {
  {"created, row", "created DESC, row DESC"},
  {"type, row", "type DESC, row DESC"},
  {"name COLLATE NOCASE, row", "name COLLATE NOCASE DESC, row DESC"},
  {"size, row", "size DESC, row DESC"},
};

/* In the order of the criteria's choices. */
static const char *const types[] = {
  " AND +type = 'dataset'", " AND +type = 'result'", " AND +type = 'combined'",
  " AND +type = 'model'",
};

/* In the order of the criteria's choices. The caller's own asset is private if
** nobody else may see it. */
static const char *const owned[] = {
  " AND NOT shared", " AND shared",
  " AND NOT shared AND (permissions IS NULL"
  "  OR (json_extract(permissions, '$.everyone') = 'none'"
  "   AND json_array_length(permissions, '$.groups') = 0"
  "   AND NOT EXISTS (SELECT 1 FROM json_each(permissions, '$.users')"
  "    WHERE lower(json_extract(value, '$.email')) <> lower(owner_email))))",
};

/* The values of a filter, as rows; %d is its index in the list. */
#define WANTED \
  "(SELECT json_extract(?2, '$[%d].value') AS v UNION ALL" \
  " SELECT value FROM json_each(?2, '$[%d].values'))"

/* The operand of LIKE that finds the value within a text. */
#define PART(value) \
  "'%%' || replace(replace(replace(" value ", '|', '||'), '%%', '|%%')," \
  " '_', '|_') || '%%' ESCAPE '|'"

/* A filter on name or description matches a part of it; any other filter
** matches the whole value, or a number in a range. The first %s is NOT or
** nothing. */
static const char matches_part[] =
  " AND %s (coalesce(%s LIKE " PART("json_extract(?2, '$[%d].value')") ", 0)"
  "  OR EXISTS (SELECT 1 FROM json_each(?2, '$[%d].values')"
  "   WHERE %s LIKE " PART("value") "))";

static const char matches_whole[] =
  " AND +row %s IN (SELECT row FROM field_value WHERE key ="
  "  json_extract(?2, '$[%d].key') AND word IN"
  "  (SELECT " SB_WORD("v") " FROM " WANTED " WHERE v IS NOT NULL)";

static const char in_range[] =
  " UNION ALL SELECT row FROM field_value"
  " WHERE key = json_extract(?2, '$[%d].key')"
  "  AND typeof(value) IN ('integer', 'real')"
  "  AND value >= (SELECT"
  "   coalesce(json_extract(?2, '$[%d].range.min'), -9e999))"
  "  AND value <= (SELECT"
  "   coalesce(json_extract(?2, '$[%d].range.max'), 9e999))";


static void write_filter(sb_text *sql, int i, const char *key, bool exclude,
                         bool has_range) {
  const char *not = exclude ? "NOT" : "";
  bool part = strcmp(key, "name") == 0 || strcmp(key, "description") == 0;
  if (part) {
    sb_text_printf(sql, matches_part, not, key, i, i, key);
    return;
  }
  sb_text_printf(sql, matches_whole, not, i, i, i);
  if (has_range) sb_text_printf(sql, in_range, i, i, i);
  sb_text_puts(sql, ")");
}


static bool write_filters(sb_op *op, const sb_criteria *criteria,
                          sb_text *sql) {
  if (criteria->filters.length == 0) return true;
  sqlite3_stmt *filters = sb_store_prepare(op->store,
    "SELECT key, json_extract(value, '$.key'),"
    " lower(json_extract(value, '$.exclude')) IN ('1', 'true'),"
    " json_type(value, '$.range') = 'object' FROM json_each(?1)");
  if (!filters) return false;
  sb_store_bind(filters, 1, criteria->filters.bytes);
  while (sqlite3_step(filters) == SQLITE_ROW)
    write_filter(sql, sqlite3_column_int(filters, 0),
                 (const char *)sqlite3_column_text(filters, 1),
                 sqlite3_column_int(filters, 2),
                 sqlite3_column_int(filters, 3));
  sb_store_reset(filters);
  return !sql->broken;
}


/* The 2022 dialect has two types: an asset that is no result is a dataset. */
static const char *of_type(const sb_op *op, int type) {
  return op->current || type != 0 ? types[type] : " AND +type <> 'result'";
}


/* favorite=false has no effect: the vendor calls the parameter "search only
** favorite data assets". archived=false is the default: archived assets are
** then left out. */
static bool write_sql(sb_op *op, const sb_criteria *criteria, sb_text *sql) {
  sb_text_printf(sql, "SELECT row FROM shown WHERE archived = %d",
                 criteria->archived == 1);
  if (criteria->type >= 0) sb_text_puts(sql, of_type(op, criteria->type));
  if (criteria->ownership >= 0) sb_text_puts(sql, owned[criteria->ownership]);
  if (criteria->favorite == 1) sb_text_puts(sql, " AND favorite");
  if (criteria->external >= 0)
    sb_text_printf(sql, " AND coalesce(json_extract(source, '$.external'), 0)"
                   " = %d", criteria->external);
  if (criteria->match.length)
    sb_text_puts(sql, " AND +row IN (SELECT rowid FROM text_index"
                      " WHERE text_index MATCH ?1)");
  if (!write_filters(op, criteria, sql)) return false;
  int field = criteria->sort < 0 ? 0 : criteria->sort;
  bool descending = criteria->sort < 0 || criteria->descending == 1;
  sb_text_printf(sql, " ORDER BY %s", orders[field][descending]);
  return !sql->broken;
}


static void bind_text(sqlite3_stmt *select, int index, const sb_text *text) {
  if (text->length)
    sqlite3_bind_text(select, index, text->bytes, (int)text->length,
                      SQLITE_TRANSIENT);
}


static sb_snapshot *search(sb_op *op, const sb_criteria *criteria,
                           const char *sql, const char *key) {
  sqlite3_stmt *select = NULL;
  sqlite3 *db = sb_store_db(op->store);
  if (sqlite3_prepare_v2(db, sql, -1, &select, NULL) != SQLITE_OK) {
    sb_op_fail_database(op);
    return NULL;
  }
  bind_text(select, 1, &criteria->match);
  bind_text(select, 2, &criteria->filters);
  return sb_snapshots_add(op->snapshots, key, sb_store_version(op->store),
                          select);
}


/* Brings what searches show up to date. Before that, reads every snapshot to
** its end, since its list of rows must not change. */
static bool refresh(sb_op *op) {
  if (sb_lag_is_on(op->store)) sb_snapshots_complete(op->snapshots);
  return sb_search_index_refresh(op->store);
}


static sb_snapshot *find_snapshot(sb_op *op, const sb_criteria *criteria) {
  sb_text sql, key;
  sb_text_init(&sql, MAX_SQL);
  sb_text_init(&key, MAX_KEY);
  bool written = refresh(op) && write_sql(op, criteria, &sql);
  sb_text_printf(&key, "%s\n%s\n%s", sql.bytes ? sql.bytes : "",
                 criteria->match.length ? criteria->match.bytes : "",
                 criteria->filters.length ? criteria->filters.bytes : "");
  sb_snapshot *found = NULL;
  if (sql.broken || key.broken) {
    sb_op_fail(op, 400, "the search has too many filters");
  } else if (!written) {
    sb_op_fail_database(op);
  } else {
    found = sb_snapshots_find(op->snapshots, key.bytes,
                              sb_store_version(op->store));
    if (!found) found = search(op, criteria, sql.bytes, key.bytes);
  }
  sb_text_free(&sql);
  sb_text_free(&key);
  return found;
}


/* Adds the results from `start` to `end`. The list of rows is the snapshot's;
** their content is as a new search would show it. A row that was deleted
** meanwhile is left out. False: a row cannot be read. */
static bool add_results(sb_op *op, const sb_snapshot *found, size_t start,
                        size_t end, sb_spelling spelling) {
  sb_text *out = op->out;
  int added = 0;
  sb_text_puts(out, "\"results\":[");
  for (size_t i = start; i < end && added >= 0; i++) {
    added = sb_asset_json_add_row(op->store, found->rows[i], spelling,
                                  sb_op_tweaks(op), out);
    if (added == 1) sb_text_puts(out, ",");
  }
  if (out->length && out->bytes[out->length - 1] == ',')
    sb_text_cut(out, out->length - 1);
  sb_text_puts(out, "]");
  return added >= 0;
}


static bool add_page(sb_op *op, const sb_snapshot *found, size_t start,
                     size_t end, sb_spelling spelling) {
  bool good = add_results(op, found, start, end, spelling);
  if (!good) sb_op_fail_database(op);
  return good;
}


static size_t page_end(const sb_op *op, const sb_criteria *criteria,
                       size_t count) {
  int64_t limit = criteria->limit;
  if (limit > op->config->page_cap) limit = op->config->page_cap;
  if (criteria->start >= (int64_t)count) return count;
  if (limit > (int64_t)count - criteria->start) return count;
  return (size_t)(criteria->start + limit);
}


static size_t page_start(const sb_criteria *criteria, size_t end) {
  return criteria->start > (int64_t)end ? end : (size_t)criteria->start;
}


/* Reads the search until `count` rows are known. NULL: the operation failed. */
static sb_snapshot *read_rows(sb_op *op, sb_snapshot *found, size_t count) {
  if (!found || sb_snapshots_read(op->snapshots, found, count)) return found;
  sb_op_fail_database(op);
  return NULL;
}


/* The number of rows to read: to the end of the page, and one more, which tells
** whether there are further pages. */
static size_t rows_needed(const sb_criteria *criteria) {
  return (size_t)criteria->start + (size_t)criteria->limit + 1;
}


static void open_page(sb_op *op, bool more) {
  op->status = 200;
  more = more || op->tweaks & SB_EMPTY_MORE;
  sb_text_printf(op->out, "{\"has_more\":%s,", more ? "true" : "false");
}


void sb_asset_search(sb_op *op) {
  if (op->config->dialect == SB_BOTH) op->current = false;
  sb_criteria criteria;
  sb_criteria_init(&criteria);
  criteria.limit = 10;
  sb_snapshot *found = NULL;
  if (sb_criteria_from_query(&criteria, op))
    found = read_rows(op, find_snapshot(op, &criteria), SIZE_MAX);
  if (found) {
    size_t end = page_end(op, &criteria, found->count);
    size_t start = op->tweaks & SB_EMPTY_MORE ? end
                                              : page_start(&criteria, end);
    open_page(op, end < found->count);
    if (add_page(op, found, start, end, SB_SHORT))
      sb_text_printf(op->out, ",\"total\":%zu}", found->count);
  }
  sb_criteria_free(&criteria);
}


/* A token is a snapshot's name and the index where the next page starts. */
static sb_snapshot *continue_search(sb_op *op, sb_criteria *criteria) {
  uint64_t name;
  int length = 0;
  sb_snapshot *found = NULL;
  if (sscanf(criteria->token, "%16" SCNx64 "-%" SCNd64 "%n", &name,
             &criteria->start, &length) == 2 && criteria->token[length] == '\0')
    found = sb_snapshots_named(op->snapshots, name);
  if (found && criteria->start >= 0 && criteria->start <= (int64_t)found->count)
    return found;
  sb_op_fail(op, 400, "next_token is not one that this search gave,"
               " or is too old");
  return NULL;
}


static void add_token(sb_op *op, const sb_criteria *criteria,
                      const sb_snapshot *found, size_t end) {
  char token[SB_TOKEN_SIZE];
  snprintf(token, sizeof token, "%016" PRIx64 "-%zu", found->name, end);
  bool stuck = op->tweaks & SB_STUCK_TOKEN && *criteria->token;
  if (end < found->count || stuck || op->tweaks & SB_EMPTY_MORE)
    sb_text_printf(op->out, ",\"next_token\":\"%s\"",
                   stuck ? criteria->token : token);
  sb_text_puts(op->out, "}");
}


void sb_asset_search_post(sb_op *op) {
  op->current = true;
  sb_criteria criteria;
  sb_criteria_init(&criteria);
  criteria.limit = 100;
  sb_snapshot *found = NULL;
  if (sb_criteria_from_body(&criteria, op))
    found = *criteria.token ? continue_search(op, &criteria)
                            : find_snapshot(op, &criteria);
  found = read_rows(op, found, rows_needed(&criteria));
  if (found) {
    size_t end = page_end(op, &criteria, found->count);
    size_t start = op->tweaks & SB_EMPTY_MORE ? end
                                              : page_start(&criteria, end);
    open_page(op, end < found->count || op->tweaks & SB_STUCK_TOKEN);
    if (add_page(op, found, start, end, SB_SHORT_PLUS))
      add_token(op, &criteria, found, end);
  }
  sb_criteria_free(&criteria);
}
