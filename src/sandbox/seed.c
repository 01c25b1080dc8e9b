/*
** The estate a new sandbox starts with. Each asset is a function of its
** index alone, so that the first thousand of ten thousand are the thousand.
*/
#include "sandbox/seed.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define COUNT(array) (sizeof (array) / sizeof *(array))
#define DAY INT64_C(86400)
#define FIRST_DAY 1546300800   /* 2019-01-01 */
#define DAYS 2557
#define LAST (FIRST_DAY + DAYS * DAY)   /* the end of 2025 */

/* Where in the stream of an asset's random numbers each choice is made. */
enum { MODALITY, WHEN, SUBJECT, RESULT, TAGGED, TAG, PROJECT, QUALITY,
       ARCHIVED, FAVORITE, SHARED, FAILED, USED, FILES, SIZE, RIG, SOURCE,
       CHOICES };

typedef struct modality {
  const char *name, *process, *what, *tag, *script;
  int megabytes;
} modality;

static const modality modalities[] = {
  {"ecephys", "sorted", "Neuropixels recording", "Neuropixels",
   "code/run_sorting.py", 240000},
  {"multiplane-ophys", "processed", "Two-photon imaging of eight planes",
   "Multiplane", "code/run_ophys.sh", 90000},
  {"single-plane-ophys", "processed", "Two-photon imaging of one plane",
   "ophys", "code/run_ophys.sh", 30000},
  {"SmartSPIM", "stitched", "Light-sheet volume of a cleared brain",
   "SmartSPIM", "code/stitch.py", 900000},
  {"exaSPIM", "fused", "Expanded brain, light sheet", "exaSPIM",
   "code/fuse.py", 4000000},
  {"behavior", "nwb", "Task events and wheel", "behavior",
   "code/to_nwb.py", 40},
  {"behavior-videos", "pose", "Face, eye and body cameras", "Behavior-Videos",
   "code/track_pose.py", 12000},
  {"FIP", "processed", "Fiber photometry of three channels", "photometry",
   "code/run_fip.py", 900},
};

static const char *const projects[] = {
  "Dynamic Routing", "OpenScope", "Thalamus in the middle", "Cell Census",
  "Learning mFISH", "pilot",
};

static const char *const qualities[] = {
  "QC-passed", "qc-passed", "QC-Failed", "needs review", "v1", "V2", "raw",
};

/* What a real estate has and a tidy test lacks. Where a field is NULL or 0
** the ordinary one stays. The first two are the vendor's own example. */
typedef struct oddity {
  int64_t index;
  const char *id, *name, *description, *tags;
  int64_t files, size, created;
} oddity;

#define TEN(text) text text text text text text text text text text

static const oddity oddities[] = {
  {1, "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0", "commoncrawl", "commoncrawl",
   "[\"x1\",\"x2\",\"y1\"]", 24212276, 7184869799906702, 1641473110},
  {2, "f3259982-5d3b-42b2-9069-302df8cbe1b8", "codeocean datasets",
   "codeocean datasets", "[\"x1\",\"x2\",\"y1\"]", 554879, 941697100208,
   1641473217},
  {3, NULL, "synthetic spike trains", "Size counted by a simulator.", NULL, 0,
   INT64_MAX, 0},
  {5, NULL, "Größenmessung µ-Netzwerk 神経回路 🧠", "Ünïcödé throughout.",
   "[\"Größe\",\"神経\",\"🧠\"]", 0, 0, 0},
  {8, NULL, NULL, "bell \a, red \033[31m, title \033]0;owned\a, tab\t,\r\n"
   "backspace \b, delete \x7f, C1 \xc2\x9b" "31m", NULL, 0, 0, 0},
  {13, NULL, TEN("ecephys_a-name-that-someone-kept-on-adding-to_"), NULL, NULL,
   0, 0, 0},
  {21, NULL, NULL, "", NULL, 0, 0, 0},
  {34, NULL, "it's \"quoted\" \\ back <b>slashed</b> & 100% done?", NULL,
   "[\"comma,tag\",\"colon:tag\",\" padded \",\"\\\"quoted\\\"\",\"\"]",
   0, 0, 0},
  {55, NULL, "reversed \u202egnp.exe\u202c and zero\u200bwidth", NULL, NULL,
   0, 0, 0},
  {89, NULL, NULL, TEN("A long description goes on. "), NULL, 0, 0, 0},
};

typedef struct seedling {
  uint64_t index;
  const modality *modality;
  const oddity *odd;
  bool result;
  int subject;
  int64_t created;
  char id[40], name[160], description[200], commit[44];
  sb_text tags;
  char source[400], provenance[400], metadata[200];
} seedling;


static uint64_t choose(uint64_t index, int choice, uint64_t among) {
  return sb_mix(index * CHOICES + (uint64_t)choice) % among;
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


/* A result has the name of what it was made of, the process, and the time of
** that. */
static void write_name(seedling *it) {
  uint64_t second = choose(it->index, WHEN, (uint64_t)(DAYS * DAY));
  int64_t when = FIRST_DAY + (int64_t)second;
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
  sb_text_puts(&it->tags, "]");
}


static void write_origin(seedling *it) {
  if (it->result)
    snprintf(it->source, sizeof it->source, "{\"origin\":\"local\"}");
  else
    snprintf(it->source, sizeof it->source, "{\"origin\":\"aws\",\"bucket\":"
             "\"lab-%s-data\",\"prefix\":\"%s\",\"external\":%s}",
             it->modality->name, it->name,
             chance(it, SOURCE, 30) ? "true" : "false");
}


static void write_provenance(seedling *it) {
  char capsule[40], input[40];
  write_id(capsule, sizeof capsule, (uint64_t)it->modality->megabytes, 3);
  write_id(input, sizeof input, choose(it->index, SOURCE, it->index + 1), 1);
  snprintf(it->commit, sizeof it->commit, "%016" PRIx64 "%016" PRIx64 "%08x",
           sb_mix(it->index), sb_mix(~it->index), (unsigned)it->subject);
  snprintf(it->provenance, sizeof it->provenance, "{\"commit\":\"%s\","
           "\"run_script\":\"%s\",\"capsule\":\"%s\",\"data_assets\":[\"%s\"]}",
           it->commit, it->modality->script, capsule, input);
}


static void write_metadata(seedling *it) {
  snprintf(it->metadata, sizeof it->metadata, "{\"modality\":\"%s\","
           "\"subject\":\"%d\",\"session date\":%" PRId64 ",\"probes\":%d}",
           it->modality->name, it->subject, it->created / DAY * DAY,
           (int)choose(it->index, RIG, 6) + 1);
}


static void grow(seedling *it, uint64_t index) {
  it->index = index;
  it->odd = odd_at(index);
  it->modality = &modalities[choose(index, MODALITY, COUNT(modalities))];
  it->result = !it->odd && chance(it, RESULT, 35);
  it->subject = 612000 + (int)choose(index, SUBJECT, 400) * 331 % 120000;
  write_id(it->id, sizeof it->id, index, 1);
  write_name(it);
  write_description(it);
  write_tags(it);
  write_origin(it);
  write_provenance(it);
  write_metadata(it);
}


/* The oddity's text where it has one. */
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
  sb_store_bind(insert, 6, it->result ? "result" : "dataset");
  sb_store_bind(insert, 7, it->source);
  sb_store_bind(insert, 8, it->result ? it->modality->script : NULL);
  sb_store_bind(insert, 9, it->result ? it->commit : NULL);
  sb_store_bind(insert, 10, it->result ? it->provenance : NULL);
  sb_store_bind(insert, 11, it->metadata);
}


static void bind_numbers(sqlite3_stmt *insert, const seedling *it) {
  static const oddity none;
  const oddity *odd = it->odd ? it->odd : &none;
  int64_t created = odd->created ? odd->created : it->created;
  int64_t used = (int64_t)choose(it->index, USED, 400) * DAY;
  int64_t files = 1 + (int64_t)choose(it->index, FILES, 40000);
  int64_t size = it->modality->megabytes
    * (int64_t)(250000 + choose(it->index, SIZE, 1750000));
  sqlite3_bind_int64(insert, 12, created);
  int64_t last = created + used < LAST ? created + used : LAST;
  sqlite3_bind_int64(insert, 13, used < 150 * DAY ? 0 : last);
  sqlite3_bind_int64(insert, 14, odd->files ? odd->files : files);
  sqlite3_bind_int64(insert, 15, odd->size ? odd->size : size);
}


static void bind_flags(sqlite3_stmt *insert, const seedling *it) {
  bool odd = it->odd != NULL;
  bool shared = !odd && chance(it, SHARED, 15);
  sb_store_bind(insert, 16, !odd && chance(it, FAILED, 1)
                              ? "the bucket could not be read" : NULL);
  sqlite3_bind_int(insert, 17, !odd && chance(it, ARCHIVED, 10));
  sqlite3_bind_int(insert, 18, chance(it, FAVORITE, 4));
  sqlite3_bind_int(insert, 19, shared);
  sb_store_bind(insert, 20, shared ? "a.colleague" : "you");
}


static int insert_all(sb_store *store, void *closure) {
  int64_t count = *(const int64_t *)closure;
  sqlite3_stmt *insert = sb_store_prepare(store,
    "INSERT INTO asset (id, name, description, mount, tags, type, source,"
    " run_script, commit_id, provenance, custom_metadata, created, last_used,"
    " files, size, failure, archived, favorite, shared, owner, ready_at)"
    " VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,0)");
  seedling it = {0};
  sb_text_init(&it.tags, 1000);
  int64_t done = 0;
  for (; insert && done < count; done++) {
    grow(&it, (uint64_t)done);
    bind_texts(insert, &it);
    bind_numbers(insert, &it);
    bind_flags(insert, &it);
    if (sb_store_write(store, insert) != 1) break;
  }
  sb_text_free(&it.tags);
  return done == count ? 0 : -1;
}


int sb_seed(sb_store *store, int64_t count) {
  if (count == 0 || !sb_store_empty(store)) return 0;
  return sb_store_fill(store, insert_all, &count);
}
