/*
** Reads the criteria of a search. A parameter is a row: the member for its
** value, the function that reads it, and its valid values. A parameter without
** a row is ignored, as on the platform.
*/
#include "sandbox/api/criteria.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sandbox/http/body.h"
#include "sandbox/api/query.h"

#define MAX_FILTERS 65536
#define MAX_MATCH 262144

typedef struct parameter parameter;

struct parameter {
  const char *name;
  bool (*read)(const parameter *row, const char *text, void *to);
  size_t offset;       /* of the member of sb_criteria */
  const char *must_be; /* for messages, and for read_choice */
  const char *json;    /* the names of its types in SQLite */
  int64_t least, most;
};


/* Finds the text among the words of `must_be`, which is "a, b or c". */
static bool read_choice(const parameter *row, const char *text, void *to) {
  int index = 0;
  for (const char *at = row->must_be; *at; at += strspn(at, ", ")) {
    size_t length = strcspn(at, ", ");
    bool conjunction = length == 2 && strncmp(at, "or", 2) == 0;
    if (!conjunction && length == strlen(text) && !strncmp(at, text, length)) {
      *(int *)to = index;
      return true;
    }
    index += !conjunction;
    at += length;
  }
  return false;
}


/* Python clients send "True". */
static bool read_flag(const parameter *row, const char *text, void *to) {
  (void)row;
  bool on = strcasecmp(text, "true") == 0;
  if (!on && strcasecmp(text, "false") != 0) return false;
  *(int *)to = on;
  return true;
}


static bool read_number(const parameter *row, const char *text, void *to) {
  size_t digits = strspn(text, "0123456789");
  if (digits == 0 || digits > 18 || text[digits]) return false;
  int64_t number = strtoll(text, NULL, 10);
  if (number < row->least || number > row->most) return false;
  *(int64_t *)to = number;
  return true;
}


/* Keeps the text; it is parsed when all parameters have been read. */
static bool read_text(const parameter *row, const char *text, void *to) {
  (void)row;
  sb_text_reset(to);
  sb_text_puts(to, text);
  return !((sb_text *)to)->broken;
}


static bool read_token(const parameter *row, const char *text, void *to) {
  (void)row;
  return snprintf(to, SB_TOKEN_SIZE, "%s", text) < SB_TOKEN_SIZE;
}


#define AT(member) offsetof(sb_criteria, member)
#define START "an integer from 0", "integer", 0, INT64_MAX
#define LIMIT "an integer from 1 to 1000", "integer", 1, 1000
#define SORT "created, type, name or size", "text", 0, 0
#define ORDER "asc or desc", "text", 0, 0
#define FLAG "true or false", "true false", 0, 0
#define SHORTER "shorter", "text", 0, 0

static const parameter of_2022[] = {
  {"start",      read_number, AT(start),      START},
  {"limit",      read_number, AT(limit),      LIMIT},
  {"sort_field", read_choice, AT(sort),       SORT},
  {"sort_order", read_choice, AT(descending), ORDER},
  {"query",      read_text,   AT(query),      SHORTER},
  {"type",       read_choice, AT(type),       "dataset or result", "", 0, 0},
  {"ownership",  read_choice, AT(ownership),
   "owner, shared or private", "", 0, 0},
  {"favorite",   read_flag,   AT(favorite),   FLAG},
  {"archived",   read_flag,   AT(archived),   FLAG},
  {NULL, NULL, 0, NULL, NULL, 0, 0}
};

static const parameter of_current[] = {
  {"offset",     read_number, AT(start),      START},
  {"limit",      read_number, AT(limit),      LIMIT},
  {"next_token", read_token,  AT(token),      SHORTER},
  {"sort_field", read_choice, AT(sort),       SORT},
  {"sort_order", read_choice, AT(descending), ORDER},
  {"query",      read_text,   AT(query),      SHORTER},
  {"type",       read_choice, AT(type),
   "dataset, result, combined or model", "text", 0, 0},
  {"ownership",  read_choice, AT(ownership),
   "created, shared or private", "text", 0, 0},
  {"origin",     read_choice, AT(external),
   "internal or external", "text", 0, 0},
  {"favorite",   read_flag,   AT(favorite),   FLAG},
  {"archived",   read_flag,   AT(archived),   FLAG},
  {"filters",    read_text,   AT(filters),    "shorter", "array", 0, 0},
  {NULL, NULL, 0, NULL, NULL, 0, 0}
};


void sb_criteria_init(sb_criteria *criteria) {
  *criteria = (sb_criteria){.sort = -1, .descending = -1, .type = -1,
                         .ownership = -1,
                         .external = -1, .favorite = -1, .archived = -1};
  sb_text_init(&criteria->query, MAX_MATCH);
  sb_text_init(&criteria->match, MAX_MATCH);
  sb_text_init(&criteria->filters, MAX_FILTERS);
}


void sb_criteria_free(sb_criteria *criteria) {
  sb_text_free(&criteria->query);
  sb_text_free(&criteria->match);
  sb_text_free(&criteria->filters);
}


static const parameter *named(const parameter *rows, const char *name) {
  for (; rows->name; rows++)
    if (strcmp(rows->name, name) == 0) return rows;
  return NULL;
}


/* Reads a parameter; ignores an unknown one (`row` is NULL), as the platform
** does. So a client that misspells a filter gets every asset. */
static bool set_parameter(sb_criteria *criteria, sb_op *op,
                          const parameter *row, const char *text) {
  if (!row || row->read(row, text, (char *)criteria + row->offset)) return true;
  sb_op_fail(op, 400, "%s must be %s", row->name, row->must_be);
  return false;
}


/* Reads the names of the fields that are compared as a whole. */
static bool read_names(sb_op *op, sb_text *names) {
  sqlite3_stmt *select = sb_store_prepare(op->store,
    "SELECT key FROM field UNION SELECT 'contained_data_id'");
  if (!select) return false;
  while (sqlite3_step(select) == SQLITE_ROW)
    sb_text_add(names, sqlite3_column_text(select, 0),
                (size_t)sqlite3_column_bytes(select, 0) + 1);
  sb_text_add(names, "", 1);
  sb_store_reset(select);
  return !names->broken;
}


/* Appends the objects of `more`, each of which has a comma before it, to the
** array. */
static void extend_filters(sb_text *filters, const sb_text *more) {
  size_t end = filters->length;
  while (end > 0 && filters->bytes[end - 1] != ']') end--;
  if (end > 0) sb_text_cut(filters, end - 1);
  else sb_text_puts(filters, "[");
  size_t blanks = strspn(filters->bytes + 1, " \t\r\n");
  bool empty = filters->bytes[1 + blanks] == '\0';
  sb_text_puts(filters, more->bytes + empty);
  sb_text_puts(filters, "]");
}


/* Compiles the query. Its filters are added behind those that were sent. */
static bool compile(sb_criteria *criteria, sb_op *op) {
  if (criteria->query.length == 0) return true;
  sb_text names, filters;
  sb_text_init(&names, MAX_FILTERS);
  sb_text_init(&filters, MAX_FILTERS);
  bool named = read_names(op, &names);
  if (named)
    sb_query_compile(criteria->query.bytes, names.bytes, &criteria->match,
                     &filters);
  if (filters.length) extend_filters(&criteria->filters, &filters);
  bool fits = !names.broken && !filters.broken && !criteria->match.broken
              && !criteria->filters.broken;
  sb_text_free(&names);
  sb_text_free(&filters);
  if (!fits) sb_op_fail(op, 400, "query must be shorter");
  else if (!named) sb_op_fail_database(op);
  return fits && named;
}


bool sb_criteria_from_query(sb_criteria *criteria, sb_op *op) {
  char *copy = strdup(op->query ? op->query : "");
  char *rest = copy, *name, *value;
  int more = 1;
  bool good = copy != NULL;
  while (good && (more = sb_parameter_next(&rest, &name, &value)) == 1)
    good = set_parameter(criteria, op, named(of_2022, name), value);
  if (more < 0) sb_op_fail(op, 400, "the query string has a broken escape");
  free(copy);
  return good && more == 0 && compile(criteria, op);
}


static bool set_member(sb_criteria *criteria, sb_op *op,
                        sqlite3_stmt *member) {
  const char *type = (const char *)sqlite3_column_text(member, 1);
  const char *text = (const char *)sqlite3_column_text(member, 2);
  const parameter *row = named(of_current,
                               (const char *)sqlite3_column_text(member, 0));
  if (!row || strcmp(type, "null") == 0) return true;
  if (!strstr(row->json, type)) {
    sb_op_fail(op, 400, "%s must be %s, not %s", row->name,
                 strcmp(row->must_be, "shorter") ? row->must_be : row->json,
                 type);
    return false;
  }
  bool flag = row->json[0] == 't' && row->json[1] == 'r';
  return set_parameter(criteria, op, row, flag ? type : text);
}


static bool check_filters(const sb_criteria *criteria, sb_op *op) {
  if (criteria->filters.length == 0) return true;
  sqlite3_stmt *wrong = sb_store_prepare(op->store,
    "SELECT 1 FROM json_each(?1) WHERE CASE type WHEN 'object'"
    " THEN coalesce(json_type(value, '$.key'), '') <> 'text'"
    "  OR coalesce(json_type(value, '$.values'), 'null')"
    "   NOT IN ('null', 'array')"
    "  OR coalesce(json_type(value, '$.range'), 'null')"
    "   NOT IN ('null', 'object')"
    "  OR CASE coalesce(json_type(value, '$.exclude'), 'null')"
    "   WHEN 'text' THEN lower(json_extract(value, '$.exclude'))"
    "    NOT IN ('true', 'false')"
    "   ELSE json_type(value, '$.exclude')"
    "    NOT IN ('null', 'true', 'false') END"
    " ELSE 1 END");
  if (!wrong) return false;
  sb_store_bind(wrong, 1, criteria->filters.bytes);
  bool good = sqlite3_step(wrong) == SQLITE_DONE;
  if (!good)
    sb_op_fail(op, 400, "filters must be objects with a key, a list of values,"
               " an object as range, true or false as exclude");
  sb_store_reset(wrong);
  return good;
}


bool sb_criteria_from_body(sb_criteria *criteria, sb_op *op) {
  if (!sb_body_object(op)) return false;
  sqlite3_stmt *members = sb_store_prepare(op->store,
    "SELECT key, type, value FROM json_each(?1)");
  if (!members) return false;
  sqlite3_bind_text(members, 1, op->body, (int)op->length, SQLITE_STATIC);
  bool good = true;
  while (good && sqlite3_step(members) == SQLITE_ROW)
    good = set_member(criteria, op, members);
  sb_store_reset(members);
  return good && check_filters(criteria, op) && compile(criteria, op);
}
