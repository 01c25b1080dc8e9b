/*
** The options of the command line as rows. The first rows behave as those of
** lua5.4, even in the wording of errors.
*/
#include "colua/options.h"

#include <string.h>

#include "colua/bundle.h"
#include "colua/complaint.h"


enum value { NO_VALUE, NEEDS_VALUE, MAY_HAVE_VALUE };

struct row {
  const char *name;
  unsigned flags;
  enum value value;
  const char *metavar;
  const char *help;
};

static const struct row rows[] = {
  {"-e", CL_EXECUTE, NEEDS_VALUE, " STAT", "run the string STAT"},
  {"-i", CL_INTERACTIVE | CL_LUA_VERSION, NO_VALUE, "",
   "go on as an interactive session after the script"},
  {"-l", CL_REQUIRE, NEEDS_VALUE, " MOD",
   "require MOD into the global MOD (G=MOD: into G)"},
  {"-v", CL_LUA_VERSION, NO_VALUE, "", "print the version of Lua"},
  {"-E", CL_NO_ENV, NO_VALUE, "",
   "ignore LUA_INIT, LUA_PATH and LUA_CPATH"},
  {"-W", CL_WARN, NO_VALUE, "", "turn warnings on"},
  {"--sandbox", CL_SANDBOX, MAY_HAVE_VALUE, "[=FILE]",
   "work on a simulated deployment (FILE keeps its data)"},
  {"--profile", CL_PROFILE, NEEDS_VALUE, " NAME",
   "work on that deployment of credentials.json"},
  {"--ca-file", CL_CA_FILE, NEEDS_VALUE, " FILE",
   "trust the authorities of that file alone (PEM)"},
  {"--dry-run", CL_DRY_RUN, NO_VALUE, "",
   "let no request that writes leave the process"},
  {"-V", CL_TRACE, NO_VALUE, "", "print each request on stderr"},
  {"--trace", CL_TRACE, NO_VALUE, "", "the same"},
  {"--help", CL_HELP, NO_VALUE, "", "print this text"},
  {"-h", CL_HELP, NO_VALUE, "", "the same; `help COMMAND`: a command's own"},
  {"--version", CL_VERSION, NO_VALUE, "", "print the version of colua"},
};

enum { ROWS = sizeof rows / sizeof rows[0] };


/* Whether `arg` is a short option: its value may follow the letter directly. */
static int is_short(const char *arg) {
  return arg[1] != '-';
}


static size_t name_length(const char *arg) {
  return is_short(arg) ? 2 : strcspn(arg, "=");
}


static const struct row *find(const char *arg) {
  size_t length = name_length(arg);
  for (size_t i = 0; i < ROWS; i++) {
    if (strlen(rows[i].name) == length &&
        strncmp(rows[i].name, arg, length) == 0)
      return &rows[i];
  }
  return NULL;
}


static int refuse(struct cl_options *options, const char *arg,
                  int lacks_value) {
  options->bad = arg;
  options->lacks_value = lacks_value;
  return -1;
}


int cl_options_is_database(const char *word) {
  size_t n = word != NULL ? strlen(word) : 0;
  return n > 3 && word[0] != '-' && strcmp(word + n - 3, ".db") == 0;
}


/* Whether the value of an option that may have one is missing: --sandbox= with
** an unset shell variable, or --sandbox FILE, which would run FILE as a script.
** `rest` is what follows the option's name, `next` the next argument. */
static int lacks_value(const char *rest, const char *next) {
  return *rest == '=' ? rest[1] == '\0' : cl_options_is_database(next);
}


/* Reads the option at argv[i]. Returns the index of its last word, or -1. */
static int read_option(struct cl_options *options, char **argv, int i) {
  const struct row *row = find(argv[i]);
  const char *rest = argv[i] + name_length(argv[i]);
  if (row == NULL || (row->value == NO_VALUE && *rest != '\0'))
    return refuse(options, argv[i], 0);
  options->flags |= row->flags;
  if (row->value == MAY_HAVE_VALUE && lacks_value(rest, argv[i + 1]))
    return refuse(options, row->name, 1);
  if (row->value == MAY_HAVE_VALUE && *rest == '=') options->sandbox = rest + 1;
  if (row->value != NEEDS_VALUE) return i;
  int last = *rest != '\0' ? i : i + 1;
  if (last > i && (argv[last] == NULL || argv[last][0] == '-'))
    return refuse(options, argv[i], 1);
  const char *value = last > i ? argv[last] : rest + 1;
  /* An empty value (an unset shell variable) must not select a deployment. */
  if ((row->flags & (CL_PROFILE | CL_CA_FILE)) && *value == '\0')
    return refuse(options, row->name, 1);
  if (row->flags == CL_PROFILE) options->profile = value;
  if (row->flags == CL_CA_FILE) options->ca_file = value;
  return last;
}


int cl_options_read(struct cl_options *options, char **argv) {
  int i = argv[0] != NULL ? 1 : 0;
  *options = (struct cl_options){0};
  for (; argv[i] != NULL; i++) {
    if (argv[i][0] != '-' || argv[i][1] == '\0') break;
    if (strcmp(argv[i], "--") == 0) {
      i++;
      break;
    }
    i = read_option(options, argv, i);
    if (i < 0) return -1;
  }
  options->script = i;
  return 0;
}


unsigned cl_options_next(char **argv, int last, int *i, const char **value) {
  const unsigned wanted = CL_EXECUTE | CL_REQUIRE | CL_WARN;
  while (*i < last) {
    const char *arg = argv[(*i)++];
    const struct row *row = arg[1] != '\0' ? find(arg) : NULL;
    if (row == NULL) continue;    /* "-" or "--" */
    *value = arg + name_length(arg);
    if (row->value == NEEDS_VALUE && **value == '\0') *value = argv[(*i)++];
    if (row->flags & wanted) return row->flags;
  }
  return 0;
}


const char *cl_options_name(size_t row) {
  return row < ROWS ? rows[row].name : NULL;
}


static void print_usage(FILE *out, const char *program) {
  fprintf(out, "usage: %s [options] [command | script [args]]\n", program);
  fputs("Options:\n", out);
  for (size_t i = 0; i < ROWS; i++) {
    char left[40];
    snprintf(left, sizeof left, "%s%s", rows[i].name, rows[i].metavar);
    fprintf(out, "  %-18s %s\n", left, rows[i].help);
  }
  fputs("  --                 the options end here\n"
        "  -                  run what stdin holds\n", out);
}


void cl_options_complain(const struct cl_options *options,
                         const char *program) {
  fprintf(stderr, options->lacks_value ? "%s: '" : "%s: unrecognized option '",
          program);
  cl_complaint_write(options->bad);
  fputs(options->lacks_value ? "' needs argument\n" : "'\n", stderr);
}


void cl_options_help(FILE *out, const char *program) {
  print_usage(out, program);
  fputs("\nCommands (each has its own --help):\n", out);
  for (size_t i = 0; i < cl_bundle_count; i++) {
    if (cl_bundle[i].kind == CL_BUNDLE_COMMAND)
      fprintf(out, "  %-18s %s\n", cl_bundle[i].name, cl_bundle[i].about);
  }
  fprintf(out,
          "\nA command wins over a file of the same name here: run the file"
          " as ./NAME.\nWithout arguments, on a terminal: an interactive"
          " session.\n");
}
