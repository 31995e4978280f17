// SPDX-License-Identifier: Apache-2.0
#include "lib/image/image_file.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <cstdint>

namespace plivo_dial {

Result<ImageFile> open_image_file(const std::string& path) {
  // Without O_NONBLOCK, a pipe under this name would stop a process of httpd's for ever.
  const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
  ImageFile file{Descriptor(::open(path.c_str(), flags)), 0};
  if (!file.descriptor.valid()) return system_error("cannot open the image", path);
  struct stat status {};
  if (fstat(file.descriptor.get(), &status) != 0) return system_error("cannot look at", path);
  if (!S_ISREG(status.st_mode)) {
    return Error{"'" + path + "' is no regular file, as an image is; move it away"};
  }
  if (static_cast<std::uint64_t>(status.st_size) > kMostImageBytes) {
    return Error{"'" + path + "' has " + std::to_string(status.st_size) +
                 " bytes, more than an image ever has; move it away"};
  }
  file.size = static_cast<std::size_t>(status.st_size);
  return file;
}

Result<std::string_view> map_image(const ImageFile& file, const std::string& path) {
  void* const address = mmap(nullptr, file.size, PROT_READ, MAP_SHARED, file.descriptor.get(), 0);
  if (address == MAP_FAILED) return system_error("cannot map the image", path);
  return std::string_view(static_cast<const char*>(address), file.size);
}

void unmap_image(std::string_view bytes) {
  munmap(const_cast<char*>(bytes.data()), bytes.size());
}

}  // namespace plivo_dial
