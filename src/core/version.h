#ifndef CO_VERSION_H
#define CO_VERSION_H

/* Semantic versioning; what is stable is what the README documents. */
#define CO_VERSION "0.1.0"

#endif
