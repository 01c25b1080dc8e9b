/*
** Reads a line from the user: edited on a terminal, plain otherwise. Plain C
** over libedit.
*/
#ifndef COLUA_EDIT_H
#define COLUA_EDIT_H

/* The next line without its newline, to be freed by the caller; NULL at the
   end of the input. */
char *co_edit_read(const char *prompt);

/* Lets the user call `line` back with the arrow keys. */
void co_edit_keep(const char *line);

#endif
