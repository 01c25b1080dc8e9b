/*
** The version of colua, of the module codeocean and of the packages. It is
** defined here only; the packaging scripts read the #define below.
*/
#ifndef COLUA_VERSION_H
#define COLUA_VERSION_H

/* Semantic versioning; what is stable is listed in CHANGELOG.md. */
#define COLUA_VERSION "0.1.0"

#endif
