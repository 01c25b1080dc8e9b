/*
** The version of everything here: colua, the module, the packages. This is
** the only place; the packaging scripts read the line below.
*/
#ifndef COLUA_VERSION_H
#define COLUA_VERSION_H

/* Semantic versioning; what is stable is listed in CHANGELOG.md. */
#define COLUA_VERSION "0.1.0"

#endif
