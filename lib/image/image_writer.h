// File: lib/image/image_writer.h
//
// Makes an image of lib/image/image.h: collects keys and values, gives the bytes, and puts them in
// the place of an older image.
//
//   ImageWriter writer;
//   writer.add("sales.called", "14155550199", value);
//   const Result<std::string> bytes = writer.bytes(wall_clock_us());
//   write_image("/run/apache2/plivo-dial.image", *bytes);
//
// Not for several threads at once.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "lib/base/result.h"

namespace plivo_dial {

inline constexpr std::size_t kMostTableName = 47;
inline constexpr std::size_t kMostImageTables = 4096;
inline constexpr std::size_t kMostImageKey = 1024;
inline constexpr std::size_t kMostImageValue = std::size_t{16} << 20;

class ImageWriter {
 public:
  // Makes sure of a table that may have no keys. Fails where the name is empty, longer than
  // kMostTableName or holds a zero byte, and on more than kMostImageTables.
  Result<void> add_table(std::string_view table);

  // Puts the value under the key; the table is made where there is none. Fails on what is larger
  // than the limits above.
  Result<void> add(std::string_view table, std::string_view key, std::string_view value);

  // The image. What is added in the same order gives the same bytes but for the time. Fails on a
  // key that a table has twice, and where all is more than kMostImageBytes.
  Result<std::string> bytes(std::int64_t made_us) const;

 private:
  struct Place {
    std::uint64_t hash;
    std::uint32_t record;  // where in the records
  };
  struct Table {
    std::string records;
    std::vector<Place> places;
    std::uint32_t lengths = 0;
  };
  struct Slots;

  Result<Table*> table_of(std::string_view name);
  static Result<Slots> place_all(const std::string& name, const Table& table);

  std::map<std::string, Table, std::less<>> tables_;
  std::size_t size_ = 0;  // of all records and slots
};

// Who may read an image.
struct ImageAccess {
  mode_t mode = 0640;
  gid_t group = static_cast<gid_t>(-1);  // that of httpd's processes; -1: the maker's own
};

// Replaces the image at `path` by `bytes`, which must be a whole one. They are written and synced
// under another name in the same directory, which then is renamed: whoever has the old one mapped
// keeps it, whoever opens finds one of the two, and after a failure the old one is there. Several
// processes may do that at once; the last one's stays. One that is
// killed meanwhile leaves `path` + ".tmp-" and its process id.
Result<void> write_image(const std::string& path, std::string_view bytes,
                         const ImageAccess& access = {});

}  // namespace plivo_dial
