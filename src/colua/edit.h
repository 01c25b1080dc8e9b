/*
** The terminal that a session is typed at: whole lines as it gives them, and
** single bytes while lua/colua/line edits them. Plain C; one terminal, so the
** state is the process's. Called by lrepl.c and lterminal.c.
**
** What always holds: cl_edit_close, and cl_edit_raw(0), leave the terminal as
** cl_edit_open found it. In raw mode SIGWINCH is blocked but inside a wait of
** cl_edit_byte, so that no resize is missed between two waits.
*/
#ifndef COLUA_EDIT_H
#define COLUA_EDIT_H

enum co_edit_result {
  CO_EDIT_LINE,
  CO_EDIT_BYTE = CO_EDIT_LINE,
  CO_EDIT_END,
  CO_EDIT_INTERRUPTED,          /* by SIGINT */
  CO_EDIT_RESIZED,
  CO_EDIT_NONE                  /* nothing came in time */
};

/* Nonzero when lines can be edited: a terminal that moves its cursor. */
int cl_edit_open(void);
void cl_edit_close(void);

/* Shows the prompt, without its marks \1, and reads a line of any length,
** without its newline, into *line: ours until the next read. */
enum co_edit_result cl_edit_read(const char *prompt, const char **line);

/* While on, each key is a byte: nothing echoes, Ctrl-C, Ctrl-Z, Ctrl-S and
** Ctrl-Q are keys. */
void cl_edit_raw(int on);

/* The next byte, waiting so many milliseconds (< 0: for ever). */
enum co_edit_result cl_edit_byte(int ms, unsigned char *byte);

int cl_edit_byte_waits(void);

/* Columns and rows of the window; 80 and 24 where nobody knows. */
void cl_edit_size(int *columns, int *rows);

/* Stops the process group, as Ctrl-Z does, until it is told to go on. */
void cl_edit_suspend(void);

#endif
