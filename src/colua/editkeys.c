/*
** What keys do beyond libedit's own: pasted blocks, Tab, Ctrl-C, Ctrl-Z,
** Ctrl-R, and arrows that move within a block of several lines.
*/
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "colua/editor.h"


void co_editor_replace_line(const char *text) {
  EditLine *el = co_editor.el;
  const LineInfoW *info = el_wline(el);
  el_cursor(el, (int)(info->lastchar - info->cursor));
  info = el_wline(el);
  el_wdeletestr(el, (int)(info->lastchar - info->buffer));
  if (text[0] != '\0') el_insertstr(el, text);
}


/*
** Pasted text comes between ESC [200~ and ESC [201~
*/

struct text {
  wchar_t *chars;
  size_t length, room;
};


static int add_char(struct text *text, wchar_t c) {
  if (text->length + 2 > text->room) {
    size_t room = text->room * 2 + 256;
    wchar_t *chars = realloc(text->chars, room * sizeof *chars);
    if (chars == NULL) return -1;
    text->chars = chars;
    text->room = room;
  }
  text->chars[text->length++] = c;
  text->chars[text->length] = L'\0';
  return 0;
}


static int ends_paste(struct text *text) {
  static const wchar_t mark[] = L"\033[201~";
  const size_t n = sizeof mark / sizeof mark[0] - 1;
  if (text->length < n ||
      wmemcmp(text->chars + text->length - n, mark, n) != 0)
    return 0;
  text->length -= n;
  return 1;
}


/* Terminals send a return for a newline. No other control character of what
   was copied somewhere does anything here. */
static void clean_pasted(struct text *text) {
  size_t kept = 0;
  for (size_t i = 0; i < text->length; i++) {
    wchar_t c = text->chars[i];
    int second = c == L'\n' && i > 0 && text->chars[i - 1] == L'\r';
    if (c == L'\r') c = L'\n';
    if ((c >= 32 && c != 127) || c == L'\t' || (c == L'\n' && !second))
      text->chars[kept++] = c;
  }
  while (kept > 0 && text->chars[kept - 1] == L'\n') kept--;
  text->length = kept;
  if (text->chars != NULL) text->chars[kept] = L'\0';
}


static unsigned char take_paste(EditLine *el, int key) {
  struct text text = {0};
  wchar_t c;
  (void)key;
  while (el_wgetc(el, &c) == 1 && add_char(&text, c) == 0) {
    if (ends_paste(&text)) break;
  }
  clean_pasted(&text);
  if (text.length > 0) el_winsertstr(el, text.chars);
  free(text.chars);
  return CC_REFRESH;
}


/*
** Tab
*/

static int only_blanks(const LineInfo *info) {
  for (const char *at = info->cursor; at > info->buffer; at--) {
    if (at[-1] == '\n') return 1;
    if (at[-1] != ' ' && at[-1] != '\t') return 0;
  }
  return 1;
}


static void put_lines(const char *text) {
  for (; *text != '\0'; text++) {
    if (*text == '\n') putchar('\r');
    putchar(*text);
  }
}


/* Below the line, which is then written once more. */
static void show_list(EditLine *el, const char *list) {
  const LineInfo *info = el_line(el);
  for (const char *at = info->cursor; at < info->lastchar; at++)
    if (*at == '\n') put_lines("\n");
  put_lines("\n");
  put_lines(list);
  put_lines("\n");
  el_set(el, EL_REFRESH);
}


static unsigned char complete(EditLine *el, int key) {
  struct co_completion answer = {0};
  const LineInfo *info = el_line(el);
  (void)key;
  if (only_blanks(info)) {
    el_insertstr(el, "  ");
    return CC_REFRESH;
  }
  size_t cursor = (size_t)(info->cursor - info->buffer);
  char *line = strndup(info->buffer, (size_t)(info->lastchar - info->buffer));
  if (line != NULL)
    co_editor.complete(co_editor.context, line, cursor, &answer);
  if (answer.insert != NULL) el_insertstr(el, answer.insert);
  if (answer.list != NULL) show_list(el, answer.list);
  unsigned char result = answer.list != NULL     ? CC_NORM
                         : answer.insert != NULL ? CC_REFRESH
                                                 : CC_REFRESH_BEEP;
  free(line);
  free(answer.insert);
  free(answer.list);
  return result;
}


/*
** Ctrl-C and Ctrl-Z
*/

/* The cursor goes behind the line first, so that what is typed next does not
   stand on it. */
static unsigned char interrupt(EditLine *el, int key) {
  const LineInfoW *info = el_wline(el);
  (void)key;
  el_cursor(el, (int)(info->lastchar - info->cursor));
  co_editor_push_key(KEY_ABANDON);
  return CC_REFRESH;
}


static unsigned char abandon(EditLine *el, int key) {
  (void)el;
  (void)key;
  co_editor.interrupted = 1;
  put_lines("^C\n");
  return CC_EOF;
}


static unsigned char suspend(EditLine *el, int key) {
  (void)key;
  put_lines("\n");
  fflush(stdout);
  el_set(el, EL_PREP_TERM, 0);
  kill(0, SIGTSTP);
  el_set(el, EL_PREP_TERM, 1);
  el_set(el, EL_REFRESH);
  return CC_NORM;
}


/*
** Ctrl-R
*/

static unsigned char start_search(EditLine *el, int key) {
  (void)el;
  (void)key;
  co_search_start();
  return CC_REFRESH;
}


static unsigned char show_match(EditLine *el, int key) {
  const char *match = co_search_match();
  (void)el;
  (void)key;
  co_editor_replace_line(match != NULL ? match : "");
  return CC_REFRESH;
}


/*
** Arrows
*/

static unsigned char move_up(EditLine *el, int key) {
  const LineInfoW *info = el_wline(el);
  size_t before = (size_t)(info->cursor - info->buffer);
  (void)key;
  co_editor_push_key(wmemchr(info->buffer, L'\n', before) != NULL
                       ? KEY_LINE_UP : KEY_HISTORY_BACK);
  return CC_NORM;
}


static unsigned char move_down(EditLine *el, int key) {
  const LineInfoW *info = el_wline(el);
  size_t behind = (size_t)(info->lastchar - info->cursor);
  (void)key;
  co_editor_push_key(wmemchr(info->cursor, L'\n', behind) != NULL
                       ? KEY_LINE_DOWN : KEY_HISTORY_ON);
  return CC_NORM;
}


/*
** Who does what
*/

/* Wide, as libedit would keep copies of narrow names for ever. */
static const struct {
  const wchar_t *name;
  unsigned char (*act)(EditLine *el, int key);
} functions[] = {
  {L"colua-paste", take_paste},     {L"colua-complete", complete},
  {L"colua-interrupt", interrupt},  {L"colua-abandon", abandon},
  {L"colua-suspend", suspend},      {L"colua-search", start_search},
  {L"colua-show-match", show_match},
  {L"colua-up", move_up},           {L"colua-down", move_down}
};

static const struct {
  const char *keys, *name;
} bindings[] = {
  {"\\033[200~", "colua-paste"}, {"\\t", "colua-complete"},
  {"^C", "colua-interrupt"},     {"\\201", "colua-abandon"},
  {"^Z", "colua-suspend"},       {"^R", "colua-search"},
  {"\\200", "colua-show-match"},
  {"^P", "colua-up"},            {"^N", "colua-down"},
  {"\\033[A", "colua-up"},       {"\\033[B", "colua-down"},
  {"\\033OA", "colua-up"},       {"\\033OB", "colua-down"},
  {"\\202", "ed-prev-line"},     {"\\203", "ed-next-line"},
  {"\\204", "ed-prev-history"},  {"\\205", "ed-next-history"},
  {"\\033p", "ed-search-prev-history"},
  {"\\033n", "ed-search-next-history"},
  {"\\033[5~", "ed-search-prev-history"},
  {"\\033[6~", "ed-search-next-history"},
  {"\\033[H", "ed-move-to-beg"}, {"\\033[F", "ed-move-to-end"},
  {"\\033[1~", "ed-move-to-beg"}, {"\\033[4~", "ed-move-to-end"},
  {"\\033[3~", "ed-delete-next-char"},
  {"\\033[1;5C", "em-next-word"}, {"\\033[1;5D", "ed-prev-word"},
  {"^W", "ed-delete-prev-word"}, {"^U", "vi-kill-line-prev"}
};


/* libedit takes the letters from U+00A0 to U+00FF for meta keys. */
static void bind_letters(EditLine *el) {
  char key[8];
  for (unsigned c = 0xA0; c <= 0xFF; c++) {
    snprintf(key, sizeof key, "\\%o", c);
    el_set(el, EL_BIND, key, "ed-insert", NULL);
  }
}


void co_editor_bind_keys(EditLine *el) {
  for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
    el_wset(el, EL_ADDFN, functions[i].name, L"", functions[i].act);
  bind_letters(el);
  for (size_t i = 0; i < sizeof bindings / sizeof bindings[0]; i++)
    el_set(el, EL_BIND, bindings[i].keys, bindings[i].name, NULL);
}
