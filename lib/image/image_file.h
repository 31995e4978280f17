// File: lib/image/image_file.h
//
// The file an image lies in, opened and mapped. Errors name the path.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "lib/base/result.h"
#include "lib/base/system_file.h"

namespace plivo_dial {

// No image is larger; 100,000 numbers with their routes take about 8 MB.
inline constexpr std::size_t kMostImageBytes = std::size_t{1} << 30;

struct ImageFile {
  Descriptor descriptor;
  std::size_t size = 0;
};

// Opens the file to read; a symbolic link as the last part of `path` is not followed. Fails on what
// is no regular file, and on one that is larger than kMostImageBytes.
Result<ImageFile> open_image_file(const std::string& path);

// Maps all of it, at least one byte; all processes share the memory. unmap_image() gives it back.
Result<std::string_view> map_image(const ImageFile& file, const std::string& path);
void unmap_image(std::string_view bytes);

}  // namespace plivo_dial
