/*
** Reads the header Range of a request for a file, and tests whether a list of
** entity tags has one. Called by files.c.
*/
#ifndef SB_RANGE_H
#define SB_RANGE_H

#include <stdbool.h>
#include <stddef.h>

typedef enum sb_range { SB_ALL, SB_PART, SB_OUTSIDE } sb_range;

/* Reads one range of `total` bytes. SB_PART: `first` and `last` are set, both
** inside. SB_ALL if the header is NULL, of another unit, has several ranges or
** is no range: an object store then sends the whole file. SB_OUTSIDE if the
** range is empty or begins past the end. */
sb_range sb_range_read(const char *header, size_t total, size_t *first,
                       size_t *last);

/* Whether the list of entity tags has `tag`, or is "*". */
bool sb_tags_have(const char *list, const char *tag);

#endif
