/*
** The tables that the seeded estate is made from. Only seed.c uses them.
*/
#ifndef SB_SEED_DATA_H
#define SB_SEED_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A result's app panel has one parameter, whose value is below `most`. If there
** is a `profile`, a pipeline makes the results. */
typedef struct modality {
  const char *name, *process, *what, *tag, *script;
  int megabytes;
  const char *parameter;
  int most;
  const char *profile;
} modality;

static const modality modalities[] = {
  {"ecephys", "sorted", "Neuropixels recording", "Neuropixels",
   "code/run_sorting.py", 240000, "detection threshold", 9, "batch"},
  {"multiplane-ophys", "processed", "Two-photon imaging of eight planes",
   "Multiplane", "code/run_ophys.sh", 90000, "planes", 8, "batch"},
  {"single-plane-ophys", "processed", "Two-photon imaging of one plane",
   "ophys", "code/run_ophys.sh", 30000, "sigma", 20, NULL},
  {"SmartSPIM", "stitched", "Light-sheet volume of a cleared brain",
   "SmartSPIM", "code/stitch.py", 300000, "overlap", 30, "slurm"},
  {"exaSPIM", "fused", "Expanded brain, light sheet", "exaSPIM",
   "code/fuse.py", 1400000, "downsampling", 6, "slurm"},
  {"behavior", "nwb", "Task events and wheel", "behavior",
   "code/to_nwb.py", 40, "version", 3, NULL},
  {"behavior-videos", "pose", "Face, eye and body cameras", "Behavior-Videos",
   "code/track_pose.py", 12000, "key points", 24, NULL},
  {"FIP", "processed", "Fiber photometry of three channels", "photometry",
   "code/run_fip.py", 900, "baseline seconds", 60, NULL},
};

/* Some experiments of behavior also record this. */
static const modality eeg = {
  "EEG", "filtered", "EEG of 30 channels", "EEG", "code/filter_eeg.py", 2000,
  "cutoff", 100, NULL,
};

static const char *const projects[] = {
  "Dynamic Routing", "OpenScope", "Thalamus in the middle", "Cell Census",
  "Learning mFISH", "pilot",
};

/* Spelled by different people over the years. */
static const char *const qualities[] = {
  "QC-passed", "qc-passed", "QC-Failed", "needs review", "v1", "V2", "raw",
};

/* Untidy tags of a few assets: other spellings, and notes. */
static const char *const strays[] = {
  "QCpassed", "released", "qc-failed", "keep", "scratch", "Pilot",
};

/* The owners of assets that are shared with the caller. */
static const struct { const char *id, *email; } colleagues[] = {
  {"a.okafor", "a.okafor@example.org"},
  {"m.lindqvist", "m.lindqvist@example.org"},
  {"j.tanaka", "j.tanaka@example.org"},
  {"r.castillo", "r.castillo@example.org"},
};

/* The custom fields of the estate. */
static const char schema[] =
  "{\"fields\":["
  "{\"name\":\"modality\",\"type\":\"string\",\"category\":\"acquisition\","
  "\"allowed_values\":[\"ecephys\",\"multiplane-ophys\",\"single-plane-ophys\","
  "\"SmartSPIM\",\"exaSPIM\",\"behavior\",\"behavior-videos\",\"FIP\","
  "\"EEG\"]},"
  "{\"name\":\"subject\",\"type\":\"string\",\"category\":\"subject\"},"
  "{\"name\":\"acquired\",\"type\":\"string\",\"category\":\"acquisition\"},"
  "{\"name\":\"session date\",\"type\":\"date\",\"category\":\"acquisition\"},"
  "{\"name\":\"rig\",\"type\":\"number\",\"range\":{\"min\":1,\"max\":99},"
  "\"category\":\"acquisition\"},"
  "{\"name\":\"probes\",\"type\":\"number\",\"range\":{\"min\":1,\"max\":8},"
  "\"category\":\"acquisition\"}],"
  "\"categories\":[\"acquisition\",\"subject\"]}";

/* Unusual assets, as real deployments have them. A field that is NULL or 0
** keeps its ordinary value. The first two rows are the vendor's own example,
** made smaller; the archived one has the id in the examples of commands. */
typedef struct oddity {
  int64_t index;
  const char *id, *name, *description, *tags;
  int64_t files, size, created;
  bool archived;
} oddity;

#define TEN(text) text text text text text text text text text text

static const oddity oddities[] = {
  {1, "27b4d7ec-a2f8-4c8d-9be5-361d33e50bf0", "commoncrawl", "commoncrawl",
   "[\"x1\",\"x2\",\"y1\"]", 24212276, 7184869799906, 1641473110, false},
  {2, "f3259982-5d3b-42b2-9069-302df8cbe1b8", "codeocean datasets",
   "codeocean datasets", "[\"x1\",\"x2\",\"y1\"]", 554879, 941697100208,
   1641473217, false},
  {3, NULL, "synthetic spike trains", "Made by a simulator.", NULL, 0, 0, 0,
   false},
  {5, NULL, "Größenmessung µ-Netzwerk 神経回路 🧠", "Ünïcödé throughout.",
   "[\"Größe\",\"神経\",\"🧠\"]", 0, 0, 0, false},
  {8, NULL, NULL, "bell \a, red \033[31m, title \033]0;owned\a, tab\t,\r\n"
   "backspace \b, delete \x7f, C1 \xc2\x9b" "31m", NULL, 0, 0, 0, false},
  {13, NULL, TEN("ecephys_a-name-that-someone-kept-on-adding-to_"), NULL, NULL,
   0, 0, 0, false},
  {21, NULL, NULL, "", NULL, 0, 0, 0, false},
  {24, "fea84ebf-b58b-4ad2-994d-7169dc3880fb", NULL, NULL,
   "[\"ephys\",\"raw\",\"keep?\"]", 0, 0, 0, true},
  {34, NULL, "it's \"quoted\" \\ back <b>slashed</b> & 100% done?", NULL,
   "[\"comma,tag\",\"colon:tag\",\" padded \",\"\\\"quoted\\\"\",\"\"]",
   0, 0, 0, false},
  {55, NULL, "reversed \u202egnp.exe\u202c and zero\u200bwidth", NULL, NULL,
   0, 0, 0, false},
  {89, NULL, NULL, TEN("A long description goes on. "), NULL, 0, 0, 0, false},
};

#endif
