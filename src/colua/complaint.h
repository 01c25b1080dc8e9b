/*
** Lines on standard error. They quote what users type and what scripts raise.
*/
#ifndef COLUA_COMPLAINT_H
#define COLUA_COMPLAINT_H

/* Writes the text to standard error: control characters but for tab and line
** end as Lua writes them ("\\27"), what follows "cop_", as tokens begin, as
** asterisks. Any text but for these comes out as it is. */
void cl_complaint_write(const char *text);

#endif
