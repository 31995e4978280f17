// SPDX-License-Identifier: Apache-2.0
//
// A syslog daemon to stop, kill and replace: listens at the path that is its first argument, which
// it takes from whoever had it, and appends each datagram and a newline to the file that is its
// second.
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

int main(int count, char** arguments) {
  if (count != 3) return 64;
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (strlen(arguments[1]) >= sizeof address.sun_path) return 64;
  strcpy(address.sun_path, arguments[1]);
  unlink(arguments[1]);
  const int listener = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  const int file = open(arguments[2], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  if (listener < 0 || file < 0) return 1;
  if (bind(listener, (const struct sockaddr*)&address, sizeof address) != 0) return 1;
  if (chmod(arguments[1], 0666) != 0) return 1;
  static char line[65537];
  for (;;) {
    const ssize_t length = recv(listener, line, sizeof line - 1, 0);
    if (length < 0) return 1;
    line[length] = '\n';
    if (write(file, line, (size_t)length + 1) != length + 1) return 1;
  }
}
