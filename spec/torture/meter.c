/*
** The heaps. The project's own C comes here by the linker's --wrap, libcurl by
** curl_global_init_mem, Lua by its allocator, OpenSSL, if libcurl brings it, by
** CRYPTO_set_mem_functions. OpenSSL keeps what it likes: its blocks are not
** counted.
*/
#include "meter.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

typedef enum heap { LUA, LIBCURL, OWN, HEAPS, TLS = HEAPS } heap;

static const char *const names[] = {"Lua", "libcurl", "core and binding",
                                    "OpenSSL"};

static long live[HEAPS];
static long count, fails_at;
static bool armed, failed, insist;
static heap victim;

void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *block, size_t size);
void __real_free(void *block);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *block, size_t size);
char *__wrap_strdup(const char *text);
void __wrap_free(void *block);
int __wrap_getentropy(void *bytes, size_t size);


/* Lua collects garbage when an allocation fails and asks once more: that
** fails too, or no failure would ever be seen. */
static bool may_allocate(heap h) {
  if (!armed) return true;
  if (insist && h == LUA) {
    insist = false;
    return false;
  }
  if (++count != fails_at) return true;
  failed = true;
  insist = h == LUA;
  victim = h;
  errno = ENOMEM;
  return false;
}


static void *counted(heap h, void *block) {
  if (block != NULL) live[h]++;
  return block;
}


static void release(heap h, void *block) {
  if (block != NULL) live[h]--;
  __real_free(block);
}


static void *resize(heap h, void *block, size_t size) {
  if (!may_allocate(h)) return NULL;
  void *moved = __real_realloc(block, size);
  return block == NULL ? counted(h, moved) : moved;
}


static void *allocate(heap h, size_t n, size_t size) {
  return may_allocate(h) ? counted(h, __real_calloc(n, size)) : NULL;
}


static char *copy(heap h, const char *text) {
  size_t size = strlen(text) + 1;
  char *block = allocate(h, 1, size);
  return block == NULL ? NULL : memcpy(block, text, size);
}


void *meter_lua(void *data, void *block, size_t old, size_t size) {
  (void)data;
  if (size == 0) {
    release(LUA, block);
    return NULL;
  }
  /* What shrinks cannot fail: Lua relies on it. */
  if (block != NULL && size <= old) return __real_realloc(block, size);
  return resize(LUA, block, size);
}


static void *curl_malloc(size_t size) { return allocate(LIBCURL, 1, size); }
static void curl_release(void *block) { release(LIBCURL, block); }
static char *curl_copy(const char *text) { return copy(LIBCURL, text); }

static void *curl_calloc(size_t n, size_t size) {
  return allocate(LIBCURL, n, size);
}

static void *curl_realloc(void *block, size_t size) {
  return resize(LIBCURL, block, size);
}


void *__wrap_malloc(size_t size) { return allocate(OWN, 1, size); }
void *__wrap_calloc(size_t n, size_t size) { return allocate(OWN, n, size); }
char *__wrap_strdup(const char *text) { return copy(OWN, text); }
void __wrap_free(void *block) { release(OWN, block); }

void *__wrap_realloc(void *block, size_t size) {
  return resize(OWN, block, size);
}


/* A seed after which the first pause before a repeat is next to none. */
int __wrap_getentropy(void *bytes, size_t size) {
  memset(bytes, 0, size);
  return 0;
}


/* A prime, so that places whose number has a pattern fail too. */
enum { TLS_STEP = 13 };


static bool may_allocate_tls(void) {
  static unsigned skipped;
  if (!armed) skipped = 0;
  return ++skipped % TLS_STEP != 0 || may_allocate(TLS);
}


/* OpenSSL gives a place in its source with each. */
static void *tls_malloc(size_t size, const char *file, int line) {
  (void)file, (void)line;
  return may_allocate_tls() ? __real_malloc(size) : NULL;
}


static void *tls_realloc(void *block, size_t size, const char *file,
                         int line) {
  (void)file, (void)line;
  return may_allocate_tls() ? __real_realloc(block, size) : NULL;
}


static void tls_free(void *block, const char *file, int line) {
  (void)file, (void)line;
  __real_free(block);
}


typedef int set_functions(void *(*)(size_t, const char *, int),
                          void *(*)(void *, size_t, const char *, int),
                          void (*)(void *, const char *, int));

/* Before OpenSSL allocates for the first time. */
static void meter_tls(void) {
  set_functions *set = NULL;
  *(void **)&set = dlsym(RTLD_DEFAULT, "CRYPTO_set_mem_functions");
  if (set == NULL || !set(tls_malloc, tls_realloc, tls_free))
    puts("torture: without the allocations of TLS");
}


bool meter_start(void) {
  meter_tls();
  return curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_malloc, curl_release,
    curl_realloc, curl_copy, curl_calloc) == CURLE_OK;
}


void meter_arm(long number) {
  armed = true;
  failed = insist = false;
  fails_at = number;
  count = 0;
}


bool meter_disarm(void) {
  armed = false;
  return failed;
}


long meter_count(void) {
  return count;
}


void meter_note(long before[HEAPS]) {
  memcpy(before, live, sizeof live);
}


const char *meter_leak(long before[HEAPS]) {
  for (int h = 0; h < HEAPS; h++)
    if (live[h] != before[h]) return names[h];
  return NULL;
}


bool meter_struck_tls(void) {
  return failed && victim == TLS;
}


const char *meter_victim(void) {
  return names[victim];
}
