// SPDX-License-Identifier: Apache-2.0
//
// A stream program that keeps what it needs for an account: of each event the line "ID" goes to the
// file that is its argument, and then OK to standard output.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count < 2) return 64;
  const int log = open(arguments[1], O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644);
  if (log < 0) return 73;
  static const char kId[] = "\"id\":\"";
  char* line = NULL;
  size_t size = 0;
  puts("OK");
  fflush(stdout);
  while (getline(&line, &size, stdin) > 0) {
    const char* const id = strstr(line, kId);
    if (id == NULL) return 65;
    char entry[64];
    const int length = snprintf(entry, sizeof entry, "%.*s\n", (int)strcspn(id + strlen(kId), "\""),
                                id + strlen(kId));
    if (length <= 0 || length >= (int)sizeof entry || write(log, entry, (size_t)length) != length) {
      return 74;
    }
    puts("OK");
    fflush(stdout);
  }
  free(line);
  return 0;
}
