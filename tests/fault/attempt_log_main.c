// SPDX-License-Identifier: Apache-2.0
//
// An exec hook that is fast and keeps no secrets: it reads its event, and appends one line "ID
// ATTEMPT CALL" to the file that is its first argument. With a second one it lives for so many
// microseconds, half of them before the line and half behind it, so that there is somebody to kill.
// While there is a file of the first one's name and ".held", it waits before the line.
// "-" stands for what it was not told; the B leg for a call that it was not.
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static const char* variable(const char* name) {
  const char* value = getenv(name);
  return value == NULL || value[0] == '\0' ? "-" : value;
}

static void live_for(long microseconds) {
  const struct timespec time = {microseconds / 1000000, microseconds % 1000000 * 1000};
  if (microseconds > 0) nanosleep(&time, NULL);
}

static void wait_while_held(const char* log) {
  char path[4096];
  snprintf(path, sizeof path, "%s.held", log);
  while (access(path, F_OK) == 0) live_for(5000);
}

int main(int count, char** arguments) {
  if (count < 2) return 64;
  const long half = count > 2 ? strtol(arguments[2], NULL, 10) / 2 : 0;
  char buffer[4096];
  while (read(STDIN_FILENO, buffer, sizeof buffer) > 0) {
  }
  const char* call = variable("PLIVO_CALL");
  if (call[0] == '-') call = variable("PLIVO_DIAL_B_LEG");
  char line[512];
  const int length = snprintf(line, sizeof line, "%s %s %s\n", variable("PLIVO_EVENT_ID"),
                              variable("PLIVO_ATTEMPT"), call);
  live_for(half);
  wait_while_held(arguments[1]);
  const int file = open(arguments[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (file < 0 || write(file, line, (size_t)length) != length) return 1;
  live_for(half);
  return 0;
}
