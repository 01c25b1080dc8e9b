/*
** For the static analyser, which takes Lua's word that these return an int.
*/
struct lua_State;

__attribute__((noreturn)) int luaL_error(struct lua_State *L,
                                         const char *format, ...);
__attribute__((noreturn)) int luaL_argerror(struct lua_State *L, int arg,
                                            const char *message);
__attribute__((noreturn)) int luaL_typeerror(struct lua_State *L, int arg,
                                             const char *type);
__attribute__((noreturn)) int lua_error(struct lua_State *L);
