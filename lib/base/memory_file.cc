// SPDX-License-Identifier: Apache-2.0
#include "lib/base/memory_file.h"

#include <sys/mman.h>
#include <unistd.h>

namespace plivo_dial {

Descriptor memory_file(std::string_view text) {
  Descriptor file(memfd_create("plivo-dial", MFD_CLOEXEC));
  if (file.valid() && write_all(file.get(), "memory", text) &&
      lseek(file.get(), 0, SEEK_SET) == 0) {
    return file;
  }
  return Descriptor();
}

std::string content_of(int file) {
  std::string text;
  char buffer[4096];
  lseek(file, 0, SEEK_SET);
  for (ssize_t count = 0; (count = read(file, buffer, sizeof buffer)) > 0;) {
    text.append(buffer, static_cast<std::size_t>(count));
  }
  return text;
}

}  // namespace plivo_dial
