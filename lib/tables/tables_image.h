// File: lib/tables/tables_image.h
//
// The image of all tables (lib/image) and what it says of itself: of which configuration and which
// files it was made. Who makes it adds that, who has one asks whether it still holds.
//
//   const Result<Image> image = Image::open(path_in_spool(spool, kTablesFile));
//   if (image && !outdated(*image, digest_of(config), now_us)) return;   // nothing to do
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/file_version.h"
#include "lib/image/image.h"
#include "lib/image/image_writer.h"

namespace plivo_dial {

inline constexpr std::string_view kSchedulesTable = "schedules";  // names to openings

// Older tables are made anew: schedules are worked out for two years, and zones change their rules.
inline constexpr std::int64_t kLongestTablesUs = std::int64_t{30} * 86'400 * 1'000'000;

// A file that the tables were made of.
struct TablesSource {
  std::string path;
  FileVersion version;  // noted before it was read
};

// What the map or list in the file at `path` is called in the image.
std::string name_in_image(std::string_view path);

// Notes of which configuration (digest_of) and files the tables are.
Result<void> add_origin(ImageWriter& writer, std::uint64_t digest,
                        const std::vector<TablesSource>& sources);

// The digest of the configuration it was made of; nothing of an image that says none.
std::optional<std::uint64_t> digest_in(const Image& image);

// Why other tables would be made now, for people: "'/etc/plivo-dial/numbers.txt' has changed".
// Nothing where the image is what would be made.
std::optional<std::string> outdated(const Image& image, std::uint64_t digest, std::int64_t now_us);

}  // namespace plivo_dial
