/*
** Reads a line from the user: edited by libedit on a terminal that can, plain
** elsewhere. Plain C; one editor at a time, as there is one terminal.
*/
#ifndef COLUA_EDIT_H
#define COLUA_EDIT_H

#include <stddef.h>

enum co_edit_result { CO_EDIT_LINE, CO_EDIT_END, CO_EDIT_INTERRUPTED };

/* What Tab does: text to insert at the cursor and text to show below, both
   allocated, either NULL. */
struct co_completion {
  char *insert;
  char *list;
};

typedef void (*co_complete)(void *context, const char *line, size_t cursor,
                            struct co_completion *answer);

/* Nonzero when lines are edited. Else only co_edit_read does anything. */
int co_edit_open(co_complete complete, void *context);
void co_edit_close(void);

/* The next line without its newline, of any length, in *line; the editor's
   own until the next read. Between \1 and \1 the prompt may hold escape
   sequences. */
enum co_edit_result co_edit_read(const char *prompt, const char **line);

/* Lets the user call `text` back, of one line or more. */
void co_edit_remember(const char *text);

#endif
