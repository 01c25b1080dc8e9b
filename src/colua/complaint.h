/*
** Lines on standard error, which quote words of the user and errors of scripts.
*/
#ifndef COLUA_COMPLAINT_H
#define COLUA_COMPLAINT_H

/* Writes the text to standard error. Control characters except tab and line
** end, and bytes that are not UTF-8, become Lua escapes (\027). The letters of
** a word after "cop_", the prefix of tokens, become asterisks, and so do the
** environment's token and the users and passwords of URLs, with a scheme or
** without. */
void cl_complaint_write(const char *text);

/* Keeps the environment's present token, so that it becomes asterisks also
** after the variable has been changed or removed. */
void cl_complaint_keep_token(void);

#endif
