#ifndef LSYSTEM_H
#define LSYSTEM_H

#include <lauxlib.h>
#include <lua.h>

/* For the module's table. */
extern const luaL_Reg cb_system_functions[];

/* Makes the name of a new file or folder outlive a power cut, as far as the
** file system can: syncs the folder that it stands in. */
void cb_system_sync_name(const char *path);

void cb_system_open(lua_State *L);

#endif
