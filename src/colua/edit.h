/*
** The terminal of a session: reads whole lines, or single bytes while
** lua/colua/line edits a line. Plain C. There is one terminal, so the state is
** static. Called by lrepl.c and lterminal.c.
**
** What must hold: cl_edit_close and cl_edit_raw(0) leave the terminal as
** cl_edit_open found it. In raw mode SIGWINCH is blocked except while
** cl_edit_byte waits, so that no resize is missed between two waits.
*/
#ifndef COLUA_EDIT_H
#define COLUA_EDIT_H

enum cl_edit_result {
  CL_EDIT_LINE,
  CL_EDIT_BYTE = CL_EDIT_LINE,
  CL_EDIT_END,
  CL_EDIT_INTERRUPTED,          /* by SIGINT */
  CL_EDIT_RESIZED,
  CL_EDIT_NONE                  /* nothing came in time */
};

/* Nonzero if lines can be edited: the terminal can move its cursor. */
int cl_edit_open(void);
void cl_edit_close(void);

/* Shows the prompt (without its marks \1) and reads a line of any length,
** without its newline. *line is valid until the next read. */
enum cl_edit_result cl_edit_read(const char *prompt, const char **line);

/* While on, each key is a byte: nothing echoes, Ctrl-C, Ctrl-Z, Ctrl-S and
** Ctrl-Q are keys. */
void cl_edit_raw(int on);

/* Reads the next byte; waits at most `ms` milliseconds (< 0: for ever). */
enum cl_edit_result cl_edit_byte(int ms, unsigned char *byte);

int cl_edit_byte_waits(void);

/* Columns and rows of the window; 80 and 24 if unknown. */
void cl_edit_size(int *columns, int *rows);

/* Stops the process group, as Ctrl-Z does, until it is continued. */
void cl_edit_suspend(void);

#endif
