/*
** The terminal of a session: reads whole lines, or single bytes while
** lua/colua/line edits a line. Plain C. There is one terminal, so the state is
** static. Called by lrepl.c and lterminal.c.
**
** What must hold: cl_terminal_close and cl_terminal_raw(0) leave the terminal
** as cl_terminal_open found it. In raw mode SIGWINCH is blocked except while
** cl_terminal_byte waits, so that no resize is missed between two waits.
*/
#ifndef COLUA_TERMINAL_H
#define COLUA_TERMINAL_H

enum cl_terminal_result {
  CL_TERMINAL_LINE,
  CL_TERMINAL_BYTE = CL_TERMINAL_LINE,
  CL_TERMINAL_END,
  CL_TERMINAL_INTERRUPTED,          /* by SIGINT */
  CL_TERMINAL_RESIZED,
  CL_TERMINAL_NONE                  /* nothing came in time */
};

/* Nonzero if lines can be edited: the terminal can move its cursor. */
int cl_terminal_open(void);
void cl_terminal_close(void);

/* Shows the prompt (without its marks \1) and reads a line of any length,
** without its newline. *line is valid until the next read. */
enum cl_terminal_result cl_terminal_read(const char *prompt, const char **line);

/* While on, each key is a byte: nothing echoes, Ctrl-C, Ctrl-Z, Ctrl-S and
** Ctrl-Q are keys. */
void cl_terminal_raw(int on);

/* Reads the next byte; waits at most `ms` milliseconds (< 0: for ever). */
enum cl_terminal_result cl_terminal_byte(int ms, unsigned char *byte);

int cl_terminal_byte_waits(void);

/* Columns and rows of the window; 80 and 24 if unknown. */
void cl_terminal_size(int *columns, int *rows);

/* Stops the process group, as Ctrl-Z does, until it is continued. */
void cl_terminal_suspend(void);

#endif
