/*
** Lines on standard error, which quote what users type and scripts raise.
*/
#ifndef COLUA_COMPLAINT_H
#define COLUA_COMPLAINT_H

/* Writes the text to standard error. Control characters except tab and line end
** become Lua escapes ("\\27"); what follows "cop_" in a word, with which tokens
** begin, becomes asterisks, and so does the environment's token. */
void cl_complaint_write(const char *text);

/* Keeps the token that the environment has now: it becomes asterisks also after
** the variable has been changed or removed. */
void cl_complaint_keep_token(void);

#endif
