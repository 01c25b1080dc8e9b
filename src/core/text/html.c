/*
** Finds the title or the first words of a web page: skips tags, scripts and
** styles, and collapses blanks. Parses no more of HTML than that.
*/
#include "core/text/html.h"

#include <string.h>
#include <strings.h>

typedef struct reader {
  const char *at, *end;
  char *to;
  size_t length, room;
} reader;


static bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f';
}


bool co_html_is_page(const char *text, size_t length) {
  size_t i = 0;
  while (i < length && is_blank(text[i])) i++;
  return i < length && text[i] == '<';
}


static bool begins(const reader *r, const char *with) {
  size_t n = strlen(with);
  return (size_t)(r->end - r->at) >= n && strncasecmp(r->at, with, n) == 0;
}


/* Skips to behind that text, or to the end. */
static void skip_past(reader *r, const char *what) {
  while (r->at < r->end && !begins(r, what)) r->at++;
  r->at += r->at < r->end ? strlen(what) : 0;
}


/* Skips a tag; a script or style with all of its content. */
static void skip_tag(reader *r) {
  if (begins(r, "<!--")) {
    skip_past(r, "-->");
    return;
  }
  if (begins(r, "<script")) skip_past(r, "</script");
  else if (begins(r, "<style")) skip_past(r, "</style");
  skip_past(r, ">");
}


/* Adds a byte; a run of blanks becomes one, and leading blanks are dropped. */
static void add(reader *r, char c) {
  bool blank = is_blank(c);
  bool again = r->length == 0 || r->to[r->length - 1] == ' ';
  if ((blank && again) || r->length + 1 >= r->room) return;
  r->to[r->length++] = blank ? ' ' : c;
}


static void add_words(reader *r) {
  while (r->at < r->end && r->length + 1 < r->room) {
    if (*r->at != '<') {
      add(r, *r->at++);
    } else {
      skip_tag(r);
      add(r, ' ');
    }
  }
}


static void add_title(reader *r) {
  skip_past(r, "<title");
  skip_past(r, ">");
  while (r->at < r->end && *r->at != '<') add(r, *r->at++);
}


size_t co_html_words(const char *text, size_t length, char *to, size_t room) {
  reader r = {.at = text, .end = text + length, .to = to, .room = room};
  add_title(&r);
  if (r.length == 0) {
    r.at = text;
    add_words(&r);
  }
  if (r.length > 0 && to[r.length - 1] == ' ') r.length--;
  to[r.length] = '\0';
  return r.length;
}
