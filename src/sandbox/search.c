/*
** Search, in both dialects: what was asked becomes one SELECT, what that
** finds becomes a snapshot, and a page is a slice of a snapshot.
*/
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "sandbox/criteria.h"
#include "sandbox/handlers.h"

#define MAX_SQL 4096
#define MAX_KEY 400000

/* In the order of the criteria's choices; the last is that of a search which
** asks for none. Each ends in what makes the order total. */
static const char *const orders[][2] = {
  {"created, row", "created DESC, row DESC"},
  {"type, row", "type DESC, row DESC"},
  {"name COLLATE NOCASE, row", "name COLLATE NOCASE DESC, row DESC"},
  {"size, row", "size DESC, row DESC"},
};

static const char *const types[] = {"dataset", "result", "combined", "model"};

/* A filter fails where "it matches" and "it excludes" are the same. */
static const char filtered[] =
  " AND NOT EXISTS (SELECT 1 FROM json_each(?2) AS f WHERE"
  " coalesce(json_extract(f.value, '$.exclude'), 0) = EXISTS (SELECT 1 FROM ("
  "  SELECT 'name' AS k, name AS v UNION ALL SELECT 'description', description"
  "  UNION ALL SELECT 'tags', value FROM json_each(tags)"
  "  UNION ALL SELECT key, value FROM json_each(custom_metadata))"
  " WHERE k = json_extract(f.value, '$.key') AND ("
  "  v = json_extract(f.value, '$.value')"
  "  OR lower(v) = lower(json_extract(f.value, '$.value'))"
  "  OR EXISTS (SELECT 1 FROM json_each(f.value, '$.values') AS x"
  "             WHERE v = x.value OR lower(v) = lower(x.value))"
  "  OR json_type(f.value, '$.range') = 'object'"
  "     AND v >= coalesce(json_extract(f.value, '$.range.min'), v)"
  "     AND v <= coalesce(json_extract(f.value, '$.range.max'), v))))";


/* favorite=false asks for nothing: the vendor calls the parameter "search
** only favorite data assets". archived=false does ask. */
static void write_sql(const sb_criteria *asked, sb_text *sql) {
  sb_text_printf(sql, "SELECT row FROM asset WHERE archived = %d",
                 asked->archived == 1);
  if (asked->type >= 0)
    sb_text_printf(sql, " AND type = '%s'", types[asked->type]);
  if (asked->shared >= 0)
    sb_text_printf(sql, " AND shared = %d", asked->shared);
  if (asked->favorite == 1) sb_text_puts(sql, " AND favorite");
  if (asked->external >= 0)
    sb_text_printf(sql, " AND coalesce(json_extract(source, '$.external'), 0)"
                   " = %d", asked->external);
  if (asked->match.length)
    sb_text_puts(sql, " AND row IN (SELECT rowid FROM words"
                      " WHERE words MATCH ?1)");
  if (asked->filters.length) sb_text_puts(sql, filtered);
  int field = asked->sort < 0 ? 0 : asked->sort;
  bool descending = asked->sort < 0 || asked->descending == 1;
  sb_text_printf(sql, " ORDER BY %s", orders[field][descending]);
}


typedef struct rows {
  int64_t *list;
  size_t count, room;
} rows;


static bool add_row(rows *found, int64_t row) {
  if (found->count == found->room) {
    size_t room = found->room ? 2 * found->room : 64;
    int64_t *list = realloc(found->list, room * sizeof *list);
    if (!list) return false;
    found->list = list;
    found->room = room;
  }
  found->list[found->count++] = row;
  return true;
}


static bool select_rows(sb_op *op, const sb_criteria *asked,
                        const char *sql, rows *found) {
  sqlite3_stmt *select = NULL;
  sqlite3 *db = sb_store_db(op->store);
  if (sqlite3_prepare_v2(db, sql, -1, &select, NULL) != SQLITE_OK) return false;
  if (asked->match.length) sb_store_bind(select, 1, asked->match.bytes);
  if (asked->filters.length) sb_store_bind(select, 2, asked->filters.bytes);
  int step;
  while ((step = sqlite3_step(select)) == SQLITE_ROW)
    if (!add_row(found, sqlite3_column_int64(select, 0))) break;
  sqlite3_finalize(select);
  return step == SQLITE_DONE;
}


static const sb_snapshot *make(sb_op *op, const sb_criteria *asked,
                               const char *sql, const char *key) {
  rows found = {0};
  if (!select_rows(op, asked, sql, &found)) {
    sb_op_fail_database(op);
    free(found.list);
    return NULL;
  }
  return sb_snapshots_keep(op->snapshots, key, sb_store_version(op->store),
                           found.list, found.count);
}


static const sb_snapshot *look(sb_op *op, const sb_criteria *asked) {
  sb_text sql, key;
  sb_text_init(&sql, MAX_SQL);
  sb_text_init(&key, MAX_KEY);
  write_sql(asked, &sql);
  sb_text_printf(&key, "%s\n%s\n%s", sql.bytes,
                 asked->match.length ? asked->match.bytes : "",
                 asked->filters.length ? asked->filters.bytes : "");
  const sb_snapshot *found = NULL;
  if (!sql.broken && !key.broken) {
    found = sb_snapshots_find(op->snapshots, key.bytes,
                              sb_store_version(op->store));
    if (!found) found = make(op, asked, sql.bytes, key.bytes);
  }
  sb_text_free(&sql);
  sb_text_free(&key);
  return found;
}


/* Adds the results from `start` on. A row that is gone by now is left out:
** the list is as old as the snapshot, what it shows is fresh. */
static void add_page(sb_op *op, const sb_snapshot *found, size_t start,
                     size_t end, sb_spelling face) {
  sb_text *out = op->out;
  sb_text_puts(out, "\"results\":[");
  for (size_t i = start; i < end; i++)
    if (sb_store_show_row(op->store, found->rows[i], face, op->tweaks, out))
      sb_text_puts(out, ",");
  if (out->length && out->bytes[out->length - 1] == ',')
    sb_text_cut(out, out->length - 1);
  sb_text_puts(out, "]");
}


static size_t page_end(const sb_op *op, const sb_criteria *asked,
                       size_t count) {
  int64_t limit = asked->limit;
  if (limit > op->config->page_cap) limit = op->config->page_cap;
  if (asked->start >= (int64_t)count) return count;
  if (limit > (int64_t)count - asked->start) return count;
  return (size_t)(asked->start + limit);
}


static size_t page_start(const sb_criteria *asked, size_t end) {
  return asked->start > (int64_t)end ? end : (size_t)asked->start;
}


static void open_page(sb_op *op, bool more) {
  op->status = 200;
  more = more || op->tweaks & SB_EMPTY_MORE;
  sb_text_printf(op->out, "{\"has_more\":%s,", more ? "true" : "false");
}


void sb_asset_search(sb_op *op) {
  sb_criteria asked;
  sb_criteria_init(&asked);
  asked.limit = 10;
  const sb_snapshot *found = NULL;
  if (sb_criteria_from_query(&asked, op)) found = look(op, &asked);
  if (found) {
    size_t end = page_end(op, &asked, found->count);
    size_t start = op->tweaks & SB_EMPTY_MORE ? end : page_start(&asked, end);
    open_page(op, end < found->count);
    add_page(op, found, start, end, SB_SHORT);
    sb_text_printf(op->out, ",\"total\":%zu}", found->count);
  }
  sb_criteria_free(&asked);
}


/* A token is a snapshot's name and the place its next page starts at. */
static const sb_snapshot *resume(sb_op *op, sb_criteria *asked) {
  uint64_t name;
  int length = 0;
  const sb_snapshot *found = NULL;
  if (sscanf(asked->token, "%16" SCNx64 "-%" SCNd64 "%n", &name, &asked->start,
             &length) == 2 && asked->token[length] == '\0')
    found = sb_snapshots_named(op->snapshots, name);
  if (found && asked->start >= 0 && asked->start <= (int64_t)found->count)
    return found;
  sb_op_fail(op, 400, "next_token is not one that this search gave,"
               " or is too old");
  return NULL;
}


static void add_token(sb_op *op, const sb_criteria *asked,
                      const sb_snapshot *found, size_t end) {
  char token[SB_TOKEN_SIZE];
  snprintf(token, sizeof token, "%016" PRIx64 "-%zu", found->name, end);
  bool stuck = op->tweaks & SB_STUCK_TOKEN && *asked->token;
  if (end < found->count || stuck || op->tweaks & SB_EMPTY_MORE)
    sb_text_printf(op->out, ",\"next_token\":\"%s\"",
                   stuck ? asked->token : token);
  sb_text_puts(op->out, "}");
}


void sb_asset_search_post(sb_op *op) {
  sb_criteria asked;
  sb_criteria_init(&asked);
  asked.limit = 100;
  const sb_snapshot *found = NULL;
  if (sb_criteria_from_body(&asked, op))
    found = *asked.token ? resume(op, &asked) : look(op, &asked);
  if (found) {
    size_t end = page_end(op, &asked, found->count);
    size_t start = op->tweaks & SB_EMPTY_MORE ? end : page_start(&asked, end);
    open_page(op, end < found->count || op->tweaks & SB_STUCK_TOKEN);
    add_page(op, found, start, end, SB_SHORT_PLUS);
    add_token(op, &asked, found, end);
  }
  sb_criteria_free(&asked);
}
