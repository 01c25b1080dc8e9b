/*
** Hashes of texts, and the seals of a journal's lines.
*/
#ifndef LSEAL_H
#define LSEAL_H

#include <lauxlib.h>

/* fnv, seal and unseal, for the module's table. */
extern const luaL_Reg cb_seal_functions[];

#endif
