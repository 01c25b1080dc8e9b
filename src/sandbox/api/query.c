/*
** The language of `query`: words and "phrases", each alone or behind the name
** of a field and a colon. Terms of one field are joined by OR; different
** fields, and words alone, by AND. Four fields are in the index of words.
** contained_data_id and the estate's custom fields are compared as a whole, and
** become filters.
*/
#include "sandbox/api/query.h"

#include <string.h>

/* On the platform a longer word behind "name:" finds nothing. */
#define LONGEST_NAME_WORD 20

typedef struct query_field {
  const char *name;     /* as users write it; "": a word alone */
  const char *column;   /* the column of the index */
  const char *between;  /* the operator between two terms of this field */
  bool prefix;          /* a term matches the start of a word. The vendor's own
                           example finds commoncrawl by name:co, while tags are
                           matched by whole words. */
} query_field;

static const query_field fields[] = {
  {"name",       "name : ",       " OR ",  true},
  {"tag",        "tags : ",       " OR ",  false},
  {"run_script", "run_script : ", " OR ",  true},
  {"commit_id",  "commit_id : ",  " OR ",  true},
  {"", "{name description tags metadata} : ", " AND ", true},
};

enum { NAME, FIELDS = sizeof fields / sizeof *fields, ALONE = FIELDS - 1 };

typedef struct query_term {
  int field;            /* an index into fields */
  const char *custom;   /* a field that is compared as a whole, or NULL */
  const char *text;
  size_t length;
  bool phrase;
} query_term;


/* Whether the text at `at` begins with the name and a colon. */
static bool begins(const char *at, const char *name) {
  size_t length = strlen(name);
  return strncasecmp(at, name, length) == 0 && at[length] == ':';
}


/* Reads the field named at `at` and returns where its value begins. The longest
** name that fits counts: one name may be the start of another. */
static const char *read_field(const char *at, const char *names,
                              query_term *term) {
  const char *value = at;
  term->field = ALONE;
  term->custom = NULL;
  for (int i = 0; i < ALONE; i++)
    if (begins(at, fields[i].name)) {
      term->field = i;
      value = at + strlen(fields[i].name) + 1;
    }
  for (const char *name = names; *name; name += strlen(name) + 1)
    if (begins(at, name) && at + strlen(name) + 1 > value) {
      term->custom = name;
      value = at + strlen(name) + 1;
    }
  return value;
}


/* Skips blanks and reads one term; false at the end. */
static bool next_term(const char **query, const char *names, query_term *term) {
  const char *at = *query + strspn(*query, " \t\r\n");
  if (!*at) return false;
  at = read_field(at, names, term);
  term->phrase = *at == '"';
  if (term->phrase) at++;
  term->text = at;
  term->length = strcspn(at, term->phrase ? "\"" : " \t\r\n");
  *query = at + term->length + (term->phrase && at[term->length] == '"');
  return true;
}


static size_t characters(const char *text, size_t length) {
  size_t count = 0;
  for (size_t i = 0; i < length; i++) count += (text[i] & 0xC0) != 0x80;
  return count;
}


/* Adds a term in quotes, so that FTS5 reads no wildcard or operator in it. */
static void add_term(sb_text *text, const query_term *term) {
  bool found = term->field != NAME || term->phrase
               || characters(term->text, term->length) <= LONGEST_NAME_WORD;
  sb_text_puts(text, "\"");
  for (size_t i = 0; found && i < term->length; i++)
    sb_text_add(text, term->text[i] == '"' ? " " : &term->text[i], 1);
  bool prefix = found && fields[term->field].prefix && !term->phrase;
  sb_text_puts(text, prefix ? "\" *" : "\"");
}


static void match_field(int field, const char *query, const char *names,
                        sb_text *match) {
  const char *between = match->length ? ") AND " : "";
  bool any = false;
  for (query_term term; next_term(&query, names, &term);) {
    if (term.custom || term.field != field || term.length == 0) continue;
    if (any) sb_text_puts(match, fields[field].between);
    else sb_text_printf(match, "%s%s(", between, fields[field].column);
    add_term(match, &term);
    any = true;
  }
}


static void add_value(sb_text *filters, const query_term *term) {
  sb_text value;
  sb_text_init(&value, term->length + 1);
  sb_text_add(&value, term->text, term->length);
  sb_text_quote(filters, value.bytes ? value.bytes : "");
  sb_text_free(&value);
}


static void filter_field(const char *name, const char *query,
                         const char *names, sb_text *filters) {
  bool any = false;
  for (query_term term; next_term(&query, names, &term);) {
    if (term.custom != name || term.length == 0) continue;
    sb_text_puts(filters, any ? "," : ",{\"key\":");
    if (!any) {
      sb_text_quote(filters, name);
      sb_text_puts(filters, ",\"values\":[");
    }
    add_value(filters, &term);
    any = true;
  }
  if (any) sb_text_puts(filters, "]}");
}


void sb_query_compile(const char *query, const char *names, sb_text *match,
                      sb_text *filters) {
  for (int i = 0; i < FIELDS; i++) match_field(i, query, names, match);
  if (match->length) sb_text_puts(match, ")");
  for (const char *name = names; *name; name += strlen(name) + 1)
    filter_field(name, query, names, filters);
}
