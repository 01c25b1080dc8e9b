/*
** Lines on standard error, which quote what users type and scripts raise.
*/
#ifndef COLUA_COMPLAINT_H
#define COLUA_COMPLAINT_H

/* Writes the text to standard error. Control characters except tab and line end
** become Lua escapes ("\\27"); what follows "cop_" in a word, with which tokens
** begin, becomes asterisks. */
void cl_complaint_write(const char *text);

#endif
