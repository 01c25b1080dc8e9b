/*
** The language of `query`: words and "phrases", each alone or behind name:,
** tag:, run_script: or commit_id:. The same field twice is OR, different
** fields are AND, and so are words alone.
*/
#include "sandbox/query.h"

#include <string.h>

typedef struct field {
  const char *name;     /* as users write it; "" is a word alone */
  const char *column;   /* as the index has it */
  const char *between;  /* two terms of this field */
  bool prefix;          /* whether a word matches the start of one: the
                           vendor's own example finds commoncrawl by name:co,
                           while tags are matched by whole words */
} field;

static const field fields[] = {
  {"name",       "name : ",       " OR ",  true},
  {"tag",        "tags : ",       " OR ",  false},
  {"run_script", "run_script : ", " OR ",  true},
  {"commit_id",  "commit_id : ",  " OR ",  true},
  {"",           "",              " AND ", true},
};

#define FIELDS (int)(sizeof fields / sizeof *fields)

typedef struct sb_term {
  int field;
  const char *text;
  size_t length;
  bool phrase;
} sb_term;


static int field_named(const char *name, size_t length) {
  for (int i = 0; i < FIELDS - 1; i++)
    if (strlen(fields[i].name) == length
        && strncasecmp(fields[i].name, name, length) == 0)
      return i;
  return FIELDS - 1;
}


/* Reads one term behind the blanks; false at the end. */
static bool next_term(const char **query, sb_term *term) {
  const char *at = *query + strspn(*query, " \t\r\n");
  if (!*at) return false;
  size_t name = strcspn(at, ":\" \t\r\n");
  term->field = at[name] == ':' ? field_named(at, name) : FIELDS - 1;
  if (term->field < FIELDS - 1) at += name + 1;
  term->phrase = *at == '"';
  if (term->phrase) at++;
  term->text = at;
  term->length = strcspn(at, term->phrase ? "\"" : " \t\r\n");
  *query = at + term->length + (term->phrase && at[term->length] == '"');
  return true;
}


/* Everything else the user may write is quoted away: no wildcards, no
** operators of the index. */
static void add_term(sb_text *text, const sb_term *term) {
  sb_text_puts(text, "\"");
  for (size_t i = 0; i < term->length; i++)
    sb_text_add(text, term->text[i] == '"' ? " " : &term->text[i], 1);
  bool prefix = fields[term->field].prefix && !term->phrase;
  sb_text_puts(text, prefix ? "\" *" : "\"");
}


void sb_query_compile(const char *query, sb_text *match) {
  for (int i = 0; i < FIELDS; i++) {
    const char *rest = query;
    const char *between = match->length ? ") AND " : "";
    bool any = false;
    for (sb_term term; next_term(&rest, &term);) {
      if (term.field != i || term.length == 0) continue;
      if (any) sb_text_puts(match, fields[i].between);
      else sb_text_printf(match, "%s%s(", between, fields[i].column);
      add_term(match, &term);
      any = true;
    }
  }
  if (match->length) sb_text_puts(match, ")");
}
