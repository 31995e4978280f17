// SPDX-License-Identifier: Apache-2.0
//
// A hook that tells what it was started with. Writes it to the file named by its last argument: a
// line "name value" for each thing, standard input behind the rest. It is C without a library, so
// that nothing sets signals or environment on the way.
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

extern char** environ;

static void tell_descriptors(FILE* out, const int* open_ones, int count) {
  for (int i = 0; i < count; ++i) fprintf(out, "descriptor %d\n", open_ones[i]);
}

// Lines of /proc/self/status that begin with one of `names`.
static void tell_status(FILE* out) {
  static const char* const names[] = {"Uid:",    "Gid:",    "Groups:", "SigBlk:",    "SigIgn:",
                                      "CapInh:", "CapPrm:", "CapEff:", "NoNewPrivs:"};
  char line[4096];
  FILE* status = fopen("/proc/self/status", "r");
  while (status != NULL && fgets(line, sizeof line, status) != NULL) {
    for (size_t i = 0; i < sizeof names / sizeof *names; ++i) {
      if (strncmp(line, names[i], strlen(names[i])) == 0) fputs(line, out);
    }
  }
  if (status != NULL) fclose(status);
}

static void tell_limit(FILE* out, const char* name, int resource) {
  struct rlimit limit;
  if (getrlimit(resource, &limit) != 0) return;
  fprintf(out, "limit %s %llu %llu\n", name, (unsigned long long)limit.rlim_cur,
          (unsigned long long)limit.rlim_max);
}

int main(int argument_count, char** arguments) {
  int open_ones[64];
  int count = 0;
  for (int i = 0; i < 65536 && count < 64; ++i) {
    if (fcntl(i, F_GETFD) >= 0) open_ones[count++] = i;
  }
  const char* const target = arguments[argument_count - 1];
  char part[4096];
  snprintf(part, sizeof part, "%s.part", target);
  FILE* const out = fopen(part, "w");
  if (out == NULL) return 1;

  tell_descriptors(out, open_ones, count);
  for (int i = 0; i < argument_count; ++i) fprintf(out, "argument %s\n", arguments[i]);
  for (char** entry = environ; *entry != NULL; ++entry) fprintf(out, "environment %s\n", *entry);
  char directory[4096];
  fprintf(out, "directory %s\n", getcwd(directory, sizeof directory));
  fprintf(out, "session leader %d\n", getsid(0) == getpid());
  fprintf(out, "group leader %d\n", getpgrp() == getpid());
  fprintf(out, "umask %04o\n", (unsigned)umask(077));
  tell_status(out);
  tell_limit(out, "core", RLIMIT_CORE);
  tell_limit(out, "nofile", RLIMIT_NOFILE);
  for (int byte = getchar(); byte != EOF; byte = getchar()) fputc(byte, out);
  return fclose(out) == 0 && rename(part, target) == 0 ? 0 : 1;
}
