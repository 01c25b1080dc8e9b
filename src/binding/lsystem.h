#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg cb_system_functions[];

/* Makes the name of a new file or folder outlive a power cut, as far as the
** file system can: syncs the folder that it stands in. */
void cb_system_sync_name(const char *path);

/* Opens a regular file; -1 and errno if it cannot be opened, EINVAL for a
** folder, a pipe or a device: a pipe would be waited for, and to open a device
** may do something. Where one is swapped in at the last moment, it does not
** wait. */
int cb_system_open_regular(const char *path, int flags);

void cb_system_open(lua_State *L);

#endif
