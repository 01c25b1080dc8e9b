/*
** Ctrl-R: the history searched while the pattern is typed. libedit's own
** search reads the pattern as a regular expression, in which "get(" is an
** error and "." matches all.
*/
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colua/editor.h"

#define search (co_editor.search)


/* The pattern as the terminal writes it; a static buffer. */
static const char *pattern_text(void) {
  static char text[PATTERN_MAX * 4 + 1];
  size_t used = 0;
  for (size_t i = 0; i < search.length; i++) {
    int n = wctomb(text + used, search.pattern[i]);
    if (n > 0) used += (size_t)n;
  }
  text[used] = '\0';
  return text;
}


/* The newest match but `skip`, or NULL. */
static const char *find(int skip) {
  HistEvent event;
  const char *pattern = pattern_text();
  if (search.length == 0) return NULL;
  int more = history(co_editor.history, &event, H_FIRST);
  for (; more != -1; more = history(co_editor.history, &event, H_NEXT)) {
    if (strstr(event.str, pattern) != NULL && skip-- == 0) return event.str;
  }
  return NULL;
}


const char *co_search_match(void) {
  const char *found = find(search.skip);
  return found != NULL ? found : search.before;
}


char *co_search_prompt(void) {
  static char text[PATTERN_MAX * 4 + 32];
  const char *missing = search.length > 0 && find(0) == NULL ? "no " : "";
  snprintf(text, sizeof text, "(%shistory: %s) ", missing, pattern_text());
  return text;
}


void co_search_start(void) {
  const LineInfo *info = el_line(co_editor.el);
  free(search.before);
  search = (struct co_search){.on = 1};
  search.before =
    strndup(info->buffer, (size_t)(info->lastchar - info->buffer));
}


void co_search_end(void) {
  free(search.before);
  search = (struct co_search){0};
}


static void type_key(wchar_t key) {
  if (search.length == PATTERN_MAX) return;
  search.pattern[search.length++] = key;
  search.skip = 0;
}


static void erase_key(void) {
  if (search.length > 0) search.length--;
  search.skip = 0;
}


static void give_up(void) {
  search.on = 0;
  search.length = 0;
}


wchar_t co_search_key(wchar_t key) {
  enum { CTRL_G = 7, BACKSPACE = 8, CTRL_R = 18, DELETE = 127 };
  if (key == CTRL_R) {
    if (find(search.skip + 1) != NULL) search.skip++;
  } else if (key == BACKSPACE || key == DELETE) {
    erase_key();
  } else if (key == CTRL_G || key == KEY_INTERRUPT) {
    give_up();
  } else if (key >= 32) {
    type_key(key);
  } else {      /* a key that means something for the line found */
    search.on = 0;
    co_editor_push_key(key);
  }
  return KEY_SHOW_MATCH;
}
