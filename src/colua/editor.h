/*
** The editor as its own files share it: edit.c (lines), editkeys.c (keys),
** editsearch.c (the search in the history). Nobody else includes this.
*/
#ifndef COLUA_EDITOR_H
#define COLUA_EDITOR_H

#include <histedit.h>
#include <stddef.h>
#include <wchar.h>

#include "colua/edit.h"

/* Keys that no keyboard sends, for what one key makes another do: the C1
   controls, of which UTF-8 terminals have no use. */
enum co_key {
  KEY_INTERRUPT = 0x03,
  KEY_SHOW_MATCH = 0x80,
  KEY_ABANDON = 0x81,
  KEY_LINE_UP = 0x82,
  KEY_LINE_DOWN = 0x83,
  KEY_HISTORY_BACK = 0x84,
  KEY_HISTORY_ON = 0x85
};

enum { PENDING_MAX = 4, PATTERN_MAX = 256 };

struct co_search {
  int on;
  int skip;                     /* matches that were passed over */
  wchar_t pattern[PATTERN_MAX];
  size_t length;
  char *before;                 /* the line as it was */
};

struct co_editor {
  EditLine *el;
  History *history;
  char *prompt, *line;          /* of the last read */
  co_complete complete;
  void *context;
  wchar_t pending[PENDING_MAX]; /* keys to come before the terminal's */
  int pendings;
  int interrupted;
  struct co_search search;
};

extern struct co_editor co_editor;

void co_editor_push_key(wchar_t key);
void co_editor_replace_line(const char *text);
void co_editor_bind_keys(EditLine *el);

/* A key while the search is on; the key that the editor gets for it. */
wchar_t co_search_key(wchar_t key);
void co_search_start(void);
void co_search_end(void);
char *co_search_prompt(void);
const char *co_search_match(void);

#endif
