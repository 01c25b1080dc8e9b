/*
** Lines on standard error, which quote words of the user and errors of scripts.
*/
#ifndef COLUA_COMPLAINT_H
#define COLUA_COMPLAINT_H

/* Writes the text to standard error. The environment's token, users and
** passwords of URLs and words that begin as tokens do become asterisks. Control
** characters except tab and line end, and bytes that are not UTF-8, become Lua
** escapes (\027). */
void cl_complaint_write(const char *text);

#endif
