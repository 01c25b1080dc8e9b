/*
** Files and folders for codeocean.core, and for the journals' files.
*/
#ifndef LFILE_H
#define LFILE_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg cb_file_functions[];

void cb_file_open_type(lua_State *L);

/* Pushes nil, the message of the code and the code; returns their number. */
int cb_file_push_errno(lua_State *L, int code);

/* Makes the name of a new file or folder outlive a power cut, as far as the
** file system can: syncs the folder that it is in. */
void cb_file_sync_name(const char *path);

/* Opens a regular file; -1 and errno if it cannot be opened, EINVAL for a
** folder, a pipe or a device: opening a pipe would wait, opening a device may
** have effects. Does not wait even if a pipe takes the file's place meanwhile.
*/
int cb_file_open_regular(const char *path, int flags);

#endif
