/*
** Makes the estate that a new sandbox starts with. Each asset is a function of
** its index and of today's date: a larger estate begins with the assets of a
** smaller one.
*/
#include "sandbox/estate/seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "sandbox/estate/search_index.h"
#include "sandbox/estate/seed_data.h"
#include "sandbox/estate/write.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))
#define DAY INT64_C(86400)
#define FIRST_DAY 1546300800   /* 2019-01-01 */
#define DAYS 2557              /* to the end of 2025 */
#define RECENT_DAYS 540

/* The index of each choice in the stream of an asset's random numbers. */
enum { MODALITY, WHEN, SUBJECT, KIND, TAGGED, TAG, PROJECT, QUALITY,
       ARCHIVED, FAVORITE, SHARED, FAILED, USED, FILES, SIZE, RIG, SOURCE,
       CHOICES };

/* The choices of a second stream; adding one here changes no other. */
enum { PROBES, SPECIES, OWNER, SPELLING, DIVERTED, LABELLED, RECENT, AGE,
       USE, PARAMETER, MORE_CHOICES = 32 };

typedef struct seedling {
  uint64_t index;
  const modality *modality;
  const oddity *odd;
  bool result;
  const char *type;
  int subject;
  int64_t today;      /* its first second */
  int64_t created;
  char id[40], name[160], description[200], commit[44];
  sb_text tags;
  char source[400], provenance[400], metadata[240], contained[400];
  char parameters[100];
} seedling;


static uint64_t choose(uint64_t index, int choice, uint64_t among) {
  return sb_mix(index * CHOICES + (uint64_t)choice) % among;
}


static uint64_t choose_more(uint64_t index, int choice, uint64_t among) {
  return sb_mix(~(index * MORE_CHOICES + (uint64_t)choice)) % among;
}


static bool chance(const seedling *it, int choice, uint64_t percent) {
  return choose(it->index, choice, 100) < percent;
}


static void write_id(char *id, size_t size, uint64_t index, uint64_t salt) {
  uint64_t high = sb_mix(index ^ salt), low = sb_mix(high);
  snprintf(id, size, "%08x-%04x-4%03x-%04x-%012" PRIx64, (unsigned)(high >> 32),
           (unsigned)(high >> 16 & 0xFFFF), (unsigned)(high & 0xFFF),
           (unsigned)(low >> 48 & 0x3FFF) | 0x8000u,
           low & UINT64_C(0xFFFFFFFFFFFF));
}


static const oddity *odd_at(uint64_t index) {
  for (size_t i = 0; i < COUNT(oddities); i++)
    if (oddities[i].index == (int64_t)index) return &oddities[i];
  return NULL;
}


static void write_time(char *stamp, size_t size, time_t when) {
  struct tm day;
  gmtime_r(&when, &day);
  strftime(stamp, size, "%Y-%m-%d_%H-%M-%S", &day);
}


/* Most dates are fixed, because names contain them and examples search for
** them. One asset in eight is recent, so that the estate does not grow old. */
static int64_t choose_time(const seedling *it) {
  int64_t second = (int64_t)choose(it->index, WHEN, (uint64_t)(DAYS * DAY));
  bool recent = !it->odd && choose_more(it->index, RECENT, 8) == 3;
  int64_t days = 5 + (int64_t)choose_more(it->index, AGE, RECENT_DAYS);
  return recent ? it->today - days * DAY + second % DAY : FIRST_DAY + second;
}


/* Chooses when an asset was used last, 0 for never: 25 % were never used, 40 %
** were used recently, the others some time after their creation. */
static int64_t choose_use(const seedling *it, int64_t created) {
  uint64_t drawn = choose_more(it->index, USE, 100);
  int64_t days = (int64_t)choose(it->index, USED, 400);
  bool recent = drawn >= 35 && drawn < 75;
  int64_t used = recent ? it->today - days / 2 * DAY : created + days * DAY;
  if (drawn < 25) return 0;
  if (used > it->today) used = it->today;
  return used < created ? created : used;
}


/* Writes a name. A result is named by its source, the process, and the time of
** the process. */
static void write_name(seedling *it) {
  int64_t when = choose_time(it);
  int64_t then = when + 3 * DAY + 4711;
  char stamp[32], later[32];
  write_time(stamp, sizeof stamp, (time_t)when);
  write_time(later, sizeof later, (time_t)then);
  int length = snprintf(it->name, sizeof it->name, "%s_%d_%s",
                        it->modality->name, it->subject, stamp);
  if (it->result)
    snprintf(it->name + length, sizeof it->name - (size_t)length, "_%s_%s",
             it->modality->process, later);
  it->created = it->result ? then : when + 7200;
}


static void write_description(seedling *it) {
  if (it->result)
    snprintf(it->description, sizeof it->description, "%s of mouse %d, %s",
             it->modality->what, it->subject, it->modality->process);
  else
    snprintf(it->description, sizeof it->description, "%s, mouse %d, rig %c",
             it->modality->what, it->subject,
             (char)('A' + choose(it->index, RIG, 6)));
}


/* Adds untidy tags to some assets: the species in one of two spellings, another
** stray, the year, the rig. */
static void write_strays(seedling *it) {
  uint64_t species = choose_more(it->index, SPECIES, 10);
  uint64_t stray = choose_more(it->index, SPELLING, 8 * COUNT(strays));
  if (species < 3)
    sb_text_puts(&it->tags, species ? ",\"mouse\"" : ",\"Mouse\"");
  if (stray < COUNT(strays))
    sb_text_printf(&it->tags, ",\"%s\"", strays[stray]);
  if (choose_more(it->index, LABELLED, 4)) return;
  if (it->created < FIRST_DAY + 365 * DAY)
    sb_text_puts(&it->tags, ",\"raw-2019\"");
  if (choose(it->index, RIG, 6) == 2) sb_text_puts(&it->tags, ",\"rig3\"");
}


static void write_tags(seedling *it) {
  const char *project = projects[choose(it->index, PROJECT, COUNT(projects))];
  const char *quality = qualities[choose(it->index, QUALITY, COUNT(qualities))];
  sb_text_reset(&it->tags);
  sb_text_puts(&it->tags, "[");
  if (chance(it, TAGGED, 88))
    sb_text_printf(&it->tags, "\"%s\",\"%d\",\"%s\"", it->modality->tag,
                   it->subject, project);
  if (chance(it, TAGGED, 88) && chance(it, TAG, 60))
    sb_text_printf(&it->tags, ",\"%s\"", quality);
  if (chance(it, TAGGED, 88)) write_strays(it);
  sb_text_puts(&it->tags, "]");
}


/* Writes the origin. A result is in no bucket: the platform leaves the origin
** out, or names an empty bucket. A combined asset has parts instead. */
static void write_origin(seedling *it) {
  it->source[0] = '\0';
  if (strcmp(it->type, "result") == 0 && choose(it->index, SOURCE, 2))
    snprintf(it->source, sizeof it->source, "{\"origin\":\"local\","
             "\"bucket\":\"\",\"external\":false}");
  if (strcmp(it->type, "dataset") == 0)
    snprintf(it->source, sizeof it->source, "{\"origin\":\"aws\",\"bucket\":"
             "\"lab-%s-data\",\"prefix\":\"%s\",\"external\":%s}",
             it->modality->name, it->name,
             chance(it, SOURCE, 30) ? "true" : "false");
}


/* Writes the id of an earlier asset, from which this one was made. */
static void write_earlier(const seedling *it, int step, char id[static 40]) {
  uint64_t before = choose(it->index + (uint64_t)step, SOURCE,
                           it->index ? it->index : 1);
  const oddity *odd = odd_at(before);
  write_id(id, 40, before, 1);
  if (odd && odd->id) snprintf(id, 40, "%s", odd->id);
}


static void write_provenance(seedling *it) {
  char capsule[40], computation[40], input[40];
  write_id(capsule, sizeof capsule, (uint64_t)it->modality->megabytes, 3);
  write_id(computation, sizeof computation, it->index, 4);
  write_earlier(it, 0, input);
  snprintf(it->commit, sizeof it->commit, "%016" PRIx64 "%016" PRIx64 "%08x",
           sb_mix(it->index), sb_mix(~it->index), (unsigned)it->subject);
  snprintf(it->provenance, sizeof it->provenance, "{\"commit\":\"%s\","
           "\"run_script\":\"%s\",\"capsule\":\"%s\",\"computation\":\"%s\","
           "\"data_assets\":[\"%s\"]}",
           it->commit, it->modality->script, capsule, computation, input);
}


static void write_parameters(seedling *it) {
  snprintf(it->parameters, sizeof it->parameters,
           "[{\"name\":\"%s\",\"value\":\"%d\"}]", it->modality->parameter,
           (int)choose_more(it->index, PARAMETER,
                            (uint64_t)it->modality->most));
}


static void write_contained(seedling *it) {
  char first[40], second[40];
  write_earlier(it, 1, first);
  write_earlier(it, 2, second);
  snprintf(it->contained, sizeof it->contained,
           "[{\"id\":\"%s\",\"mount\":\"first\"},"
           "{\"id\":\"%s\",\"mount\":\"second\"}]", first, second);
}


static void write_metadata(seedling *it) {
  int length = snprintf(it->metadata, sizeof it->metadata,
    "{\"modality\":\"%s\",\"subject\":\"%d\","
    "\"session date\":%" PRId64 ",\"rig\":%d", it->modality->name, it->subject,
    it->created / DAY * DAY, (int)choose(it->index, RIG, 6) + 1);
  char *end = it->metadata + length;
  size_t room = sizeof it->metadata - (size_t)length;
  if (it->modality == modalities)
    snprintf(end, room, ",\"probes\":%d}",
             1 + (int)choose_more(it->index, PROBES, 6));
  else
    snprintf(end, room, "}");
}


/* In a hundred assets, 35 are results, 3 are combined, one is a model, and the
** others are datasets. */
static const char *choose_type(const seedling *it) {
  uint64_t drawn = choose(it->index, KIND, 100);
  if (it->odd || it->index < 3 || (drawn >= 35 && drawn < 96)) return "dataset";
  return drawn < 35 ? "result" : drawn < 99 ? "combined" : "model";
}


static void make_seedling(seedling *it, uint64_t index) {
  it->index = index;
  it->odd = odd_at(index);
  it->modality = &modalities[choose(index, MODALITY, COUNT(modalities))];
  if (strcmp(it->modality->name, "behavior") == 0
      && choose_more(index, DIVERTED, 3) == 0)
    it->modality = &eeg;
  it->type = choose_type(it);
  it->result = strcmp(it->type, "result") == 0;
  it->subject = 612000 + (int)choose(index, SUBJECT, 400) * 331 % 120000;
  write_id(it->id, sizeof it->id, index, 1);
  write_name(it);
  write_description(it);
  write_tags(it);
  write_origin(it);
  write_provenance(it);
  write_parameters(it);
  write_contained(it);
  write_metadata(it);
}


/* The oddity's text if it has one, else the ordinary one. */
static const char *either(const char *odd, const char *ordinary) {
  return odd ? odd : ordinary;
}


static void bind_texts(sqlite3_stmt *insert, const seedling *it) {
  static const oddity none;
  const oddity *odd = it->odd ? it->odd : &none;
  sb_store_bind(insert, 1, either(odd->id, it->id));
  sb_store_bind(insert, 2, either(odd->name, it->name));
  sb_store_bind(insert, 3, either(odd->description, it->description));
  sb_store_bind(insert, 4, it->modality->name);
  sb_store_bind(insert, 5, either(odd->tags, it->tags.bytes));
  sb_store_bind(insert, 6, it->type);
  sb_store_bind(insert, 7, *it->source ? it->source : NULL);
  sb_store_bind(insert, 8, it->result ? it->modality->script : NULL);
  sb_store_bind(insert, 9, it->result ? it->commit : NULL);
  sb_store_bind(insert, 10, it->result ? it->provenance : NULL);
  sb_store_bind(insert, 11, it->metadata);
  sb_store_bind(insert, 23, it->result ? it->parameters : NULL);
  sb_store_bind(insert, 24, it->result ? it->modality->profile : NULL);
}


static void bind_numbers(sqlite3_stmt *insert, const seedling *it) {
  static const oddity none;
  const oddity *odd = it->odd ? it->odd : &none;
  int64_t created = odd->created ? odd->created : it->created;
  int64_t files = 1 + (int64_t)choose(it->index, FILES, 40000);
  int64_t size = it->modality->megabytes
    * (int64_t)(250000 + choose(it->index, SIZE, 1750000));
  sqlite3_bind_int64(insert, 12, created);
  sqlite3_bind_int64(insert, 13, choose_use(it, created));
  sqlite3_bind_int64(insert, 14, odd->files ? odd->files : files);
  sqlite3_bind_int64(insert, 15, odd->size ? odd->size : size);
}


static void bind_flags(sqlite3_stmt *insert, const seedling *it) {
  bool odd = it->odd != NULL;
  bool shared = !odd && chance(it, SHARED, 15);
  size_t owner = choose_more(it->index, OWNER, COUNT(colleagues));
  sb_store_bind(insert, 16, !odd && chance(it, FAILED, 1)
                              ? "the bucket could not be read" : NULL);
  sqlite3_bind_int(insert, 17, odd ? it->odd->archived
                                   : chance(it, ARCHIVED, 10));
  sqlite3_bind_int(insert, 18, chance(it, FAVORITE, 4));
  sqlite3_bind_int(insert, 19, shared);
  sb_store_bind(insert, 20, shared ? colleagues[owner].id : "you");
  sb_store_bind(insert, 21, shared ? colleagues[owner].email
                                   : "you@example.org");
  sb_store_bind(insert, 22, strcmp(it->type, "combined") == 0 ? it->contained
                                                              : NULL);
}


static int insert_all(sb_store *store, void *closure) {
  int64_t count = *(const int64_t *)closure;
  sqlite3_stmt *insert = sb_store_prepare(store,
    "INSERT INTO asset (id, name, description, mount, tags, type, source,"
    " run_script, commit_id, provenance, custom_metadata, created, last_used,"
    " files, size, failure, archived, favorite, shared, owner, owner_email,"
    " contained, app_parameters, nextflow_profile, ready_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)");
  seedling it = {.today = (int64_t)sb_wall() / DAY * DAY};
  sb_text_init(&it.tags, 1000);
  int64_t done = 0;
  for (; insert && done < count; done++) {
    make_seedling(&it, (uint64_t)done);
    bind_texts(insert, &it);
    bind_numbers(insert, &it);
    bind_flags(insert, &it);
    if (sb_write(store, insert) != 1) break;
  }
  sb_text_free(&it.tags);
  return done == count ? 0 : -1;
}


static bool write_schema(sb_store *store) {
  sqlite3_stmt *update = sb_store_prepare(store,
    "UPDATE estate SET custom_metadata = ?1");
  if (!update) return false;
  sb_store_bind(update, 1, schema);
  return sb_write(store, update) == 1;
}


int sb_seed(sb_store *store, int64_t count) {
  if (count == 0 || !sb_store_empty(store)) return 0;
  if (!write_schema(store)) return -1;
  return sb_search_index_fill(store, insert_all, &count);
}
