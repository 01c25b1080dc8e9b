/*
** The checkout that this executable was built in. Its Lua files win over those
** compiled in. The executable must be <root>/build…/colua (or
** build/asan/colua), and <root>/lua/codeocean/init.lua must be there.
*/
#ifndef COLUA_CHECKOUT_H
#define COLUA_CHECKOUT_H

/* The root, looked for once; NULL when this colua is not in a checkout. */
const char *cl_checkout_root(void);

#endif
