// SPDX-License-Identifier: Apache-2.0
//
// A disk that fails on command, to be preloaded into any program (LD_PRELOAD). It stands between
// the program and pwrite, fdatasync, fsync and posix_fallocate, for files below a directory.
//
//   PLIVO_FAULT_BELOW   the directory (absolute); directories below it count as well
//   PLIVO_FAULT_RULES   a file with rules; it may be replaced (by rename) while the program runs
//   PLIVO_FAULT_LOG     optional: gets a line "PID CALL PATH RESULT" for each call
//
// A rule is a line "CALL FIRST COUNT ACTION [ARGUMENT]": from the FIRST-th such call (1: the next)
// after the rules were read, in this process, COUNT calls ("*": all that follow) get the ACTION:
//
//   fail ERROR      nothing is done; EIO ENOSPC EDQUOT EROFS EINTR
//   short           half of the bytes are written, at least one (pwrite)
//   skip            nothing is done, and success is told
//   delay MILLISECONDS   before the call, or until the rules are replaced
//   hang            before the call, until the rules are replaced
//   kill            SIGKILL before the call
//   kill-after      SIGKILL after it
//   tear            SIGKILL after half of the bytes are written (pwrite)
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum call { PWRITE, FDATASYNC, FSYNC, FALLOCATE, CALLS };
static const char* const kCallNames[CALLS] = {"pwrite", "fdatasync", "fsync", "posix_fallocate"};

enum action { NONE, FAIL, SHORT, SKIP, DELAY, HANG, KILL, KILL_AFTER, TEAR };
static const char* const kActionNames[] = {"",     "fail", "short",      "skip", "delay",
                                           "hang", "kill", "kill-after", "tear"};

struct rule {
  enum call call;
  unsigned long first;
  unsigned long last;
  enum action action;
  int error;
  long milliseconds;
};

enum { MOST_RULES = 32 };

static const long long kNoEnd = 1000LL * 3600 * 24;  // milliseconds

// All guarded by the mutex.
static pthread_mutex_t rules_mutex = PTHREAD_MUTEX_INITIALIZER;
static struct rule rules[MOST_RULES];
static size_t rule_count;
static struct stat rules_file;  // as it was when the rules were read
static unsigned long calls_made[CALLS];

// What a call has to suffer.
struct fate {
  enum action action;
  int error;
};

__attribute__((format(printf, 1, 2))) static void die(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("disk_shim: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  abort();
}

static const char* variable(const char* name) {
  const char* value = getenv(name);
  return value == NULL ? "" : value;
}

static int error_number(const char* name) {
  static const struct {
    const char* name;
    int number;
  } kErrors[] = {
      {"EIO", EIO}, {"ENOSPC", ENOSPC}, {"EDQUOT", EDQUOT}, {"EROFS", EROFS}, {"EINTR", EINTR}};
  for (size_t i = 0; i < sizeof kErrors / sizeof *kErrors; ++i) {
    if (strcmp(name, kErrors[i].name) == 0) return kErrors[i].number;
  }
  die("unknown error '%s'", name);
  return 0;
}

static size_t index_of(const char* name, const char* const* names, size_t count) {
  for (size_t i = 0; i < count; ++i) {
    if (strcmp(name, names[i]) == 0) return i;
  }
  die("unknown word '%s' in the rules", name);
  return 0;
}

static void read_rule(const char* line) {
  char call[32] = "";
  char count[32] = "";
  char action[32] = "";
  char argument[32] = "";
  unsigned long first = 0;
  if (sscanf(line, "%31s %lu %31s %31s %31s", call, &first, count, action, argument) < 4) {
    die("this is no rule: %s", line);
  }
  if (rule_count == MOST_RULES) die("more than %d rules", MOST_RULES);
  struct rule* rule = &rules[rule_count++];
  rule->call = (enum call)index_of(call, kCallNames, CALLS);
  rule->first = first;
  rule->last = count[0] == '*' ? (unsigned long)-1 : first + strtoul(count, NULL, 10) - 1;
  rule->action = (enum action)index_of(action, kActionNames, TEAR + 1);
  rule->error = rule->action == FAIL ? error_number(argument) : 0;
  rule->milliseconds = rule->action == DELAY ? strtol(argument, NULL, 10) : 0;
}

static bool is_same_file(const struct stat* a, const struct stat* b) {
  return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
         a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

// Under the mutex. Without a file there are no rules.
static void read_rules_when_new(void) {
  struct stat now;
  memset(&now, 0, sizeof now);
  const char* path = variable("PLIVO_FAULT_RULES");
  if (stat(path, &now) != 0) memset(&now, 0, sizeof now);
  if (is_same_file(&now, &rules_file)) return;
  rules_file = now;
  rule_count = 0;
  memset(calls_made, 0, sizeof calls_made);
  FILE* file = fopen(path, "re");
  if (file == NULL) return;
  char line[256];
  while (fgets(line, sizeof line, file) != NULL) {
    if (line[0] != '\n') read_rule(line);
  }
  fclose(file);
}

static long long now_ms(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}

static bool are_rules_still(const struct stat* before) {
  pthread_mutex_lock(&rules_mutex);
  read_rules_when_new();
  const bool same = is_same_file(before, &rules_file);
  pthread_mutex_unlock(&rules_mutex);
  return same;
}

// For so long, or until the rules are other ones than `before`.
static void wait_under(const struct stat* before, long long milliseconds) {
  static const struct timespec kMillisecond = {0, 1000000};
  const long long begun = now_ms();
  // What is cut off from a millisecond must not be missing at the end.
  while (now_ms() - begun <= milliseconds && are_rules_still(before)) {
    nanosleep(&kMillisecond, NULL);
  }
}

// Counts the call, lets it wait where a rule says so, and tells what else to do with it.
static struct fate fate_of(enum call call) {
  struct fate fate = {NONE, 0};
  long long milliseconds = 0;
  pthread_mutex_lock(&rules_mutex);
  read_rules_when_new();
  const struct stat before = rules_file;
  const unsigned long number = ++calls_made[call];
  for (size_t i = 0; i < rule_count; ++i) {
    const struct rule* rule = &rules[i];
    if (rule->call != call || number < rule->first || number > rule->last) continue;
    if (rule->action == DELAY) {
      milliseconds += rule->milliseconds;
    } else if (rule->action == HANG) {
      milliseconds += kNoEnd;
    } else {
      fate.action = rule->action;
      fate.error = rule->error;
    }
  }
  pthread_mutex_unlock(&rules_mutex);
  if (milliseconds > 0) wait_under(&before, milliseconds);
  if (fate.action == KILL) raise(SIGKILL);
  return fate;
}

// Fills in the path of `file`; false when it is not below our directory.
static bool is_ours(int file, char* path, size_t size) {
  const char* below = variable("PLIVO_FAULT_BELOW");
  const size_t length = strlen(below);
  if (length == 0) return false;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  const ssize_t got = readlink(link, path, size - 1);
  if (got < 0) return false;
  path[got] = '\0';
  // A file keeps the name here under which it was made, though that may be gone.
  static const char kDeleted[] = " (deleted)";
  const size_t suffix = sizeof kDeleted - 1;
  if ((size_t)got > suffix && strcmp(path + got - suffix, kDeleted) == 0) {
    path[(size_t)got - suffix] = '\0';
  }
  return strncmp(path, below, length) == 0 && (path[length] == '/' || path[length] == '\0');
}

static void log_call(enum call call, const char* path, long result) {
  const char* log = variable("PLIVO_FAULT_LOG");
  if (log[0] == '\0') return;
  const int former = errno;
  char line[4200];
  const int length =
      snprintf(line, sizeof line, "%d %s %s %ld\n", (int)getpid(), kCallNames[call], path, result);
  const int file = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (file < 0 || write(file, line, (size_t)length) != length) die("cannot write %s", log);
  close(file);
  errno = former;
}

// The next definition of `name`, into the function pointer at `function`.
static void find_next(const char* name, void* function) {
  void* found = dlsym(RTLD_NEXT, name);
  if (found == NULL) die("there is no %s", name);
  memcpy(function, &found, sizeof found);
}

static ssize_t next_pwrite(int file, const void* bytes, size_t length, off_t offset) {
  ssize_t (*function)(int, const void*, size_t, off_t) = NULL;
  find_next("pwrite", &function);
  return function(file, bytes, length, offset);
}

static ssize_t faulty_pwrite(struct fate fate, int file, const void* bytes, size_t length,
                             off_t offset) {
  if (fate.action == FAIL) {
    errno = fate.error;
    return -1;
  }
  if (fate.action == SKIP) return (ssize_t)length;
  if ((fate.action == SHORT || fate.action == TEAR) && length > 1) length /= 2;
  const ssize_t written = next_pwrite(file, bytes, length, offset);
  if (fate.action == TEAR || fate.action == KILL_AFTER) raise(SIGKILL);
  return written;
}

ssize_t pwrite(int file, const void* bytes, size_t length, off_t offset) {
  char path[4096];
  if (!is_ours(file, path, sizeof path)) return next_pwrite(file, bytes, length, offset);
  const ssize_t written = faulty_pwrite(fate_of(PWRITE), file, bytes, length, offset);
  log_call(PWRITE, path, written);
  return written;
}

ssize_t pwrite64(int file, const void* bytes, size_t length, off64_t offset) {
  return pwrite(file, bytes, length, offset);
}

static int faulty_sync(enum call call, int file) {
  int (*function)(int) = NULL;
  find_next(kCallNames[call], &function);
  char path[4096];
  if (!is_ours(file, path, sizeof path)) return function(file);
  const struct fate fate = fate_of(call);
  int result = 0;
  if (fate.action == FAIL) {
    errno = fate.error;
    result = -1;
  } else if (fate.action != SKIP) {
    result = function(file);
  }
  if (fate.action == KILL_AFTER) raise(SIGKILL);
  log_call(call, path, result);
  return result;
}

int fdatasync(int file) {
  return faulty_sync(FDATASYNC, file);
}

int fsync(int file) {
  return faulty_sync(FSYNC, file);
}

int posix_fallocate(int file, off_t offset, off_t length) {
  int (*function)(int, off_t, off_t) = NULL;
  find_next("posix_fallocate", &function);
  char path[4096];
  if (!is_ours(file, path, sizeof path)) return function(file, offset, length);
  const struct fate fate = fate_of(FALLOCATE);
  int result = 0;
  if (fate.action == FAIL) {
    result = fate.error;
  } else if (fate.action != SKIP) {
    result = function(file, offset, length);
  }
  if (fate.action == KILL_AFTER) raise(SIGKILL);
  log_call(FALLOCATE, path, result);
  return result;
}

int posix_fallocate64(int file, off64_t offset, off64_t length) {
  return posix_fallocate(file, offset, length);
}
