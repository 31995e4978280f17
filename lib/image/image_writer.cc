// SPDX-License-Identifier: Apache-2.0
#include "lib/image/image_writer.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <bit>
#include <cstdio>

#include "lib/base/crc32c.h"
#include "lib/base/fnv1a.h"
#include "lib/base/in_quotes.h"
#include "lib/base/system_file.h"
#include "lib/base/text.h"
#include "lib/image/image.h"
#include "lib/image/image_file.h"
#include "lib/image/image_layout.h"

namespace plivo_dial {
namespace {

namespace layout = image_layout;
using layout::load;
using layout::store;

}  // namespace

// The slots of a table as they come to lie in the file, with places in the table's records, plus
// one, so that 0 is a free slot.
struct ImageWriter::Slots {
  std::string bytes;
  std::uint32_t bits = 1;
  std::uint32_t probes = 0;
};

namespace {

Error too_large(const std::string& what, std::size_t size, std::size_t most) {
  return Error{what + " has " + std::to_string(size) + " bytes, and an image takes " +
               std::to_string(most) + "; make it shorter"};
}

std::string_view key_of_record(const std::string& records, std::size_t record) {
  const auto size = load<std::uint32_t>(records.data() + record);
  return std::string_view(records).substr(record + layout::kRecordSize, size);
}

// Half of the slots stay free.
std::uint32_t bits_for(std::size_t keys) {
  const auto width = static_cast<std::uint32_t>(std::bit_width(std::bit_ceil(2 * keys)));
  return std::max(std::uint32_t{2}, width) - 1;
}

// Moves the places of all taken slots to where the records lie in the file.
void move_slots(std::string& slots, std::size_t records) {
  for (char* slot = slots.data(); slot != slots.data() + slots.size(); slot += layout::kSlotSize) {
    const auto place = load<std::uint32_t>(slot + 4);
    if (place != 0) store(static_cast<std::uint32_t>(place - 1 + records), slot + 4);
  }
}

Result<void> fill_image(int file, const std::string& path, std::string_view bytes,
                        const ImageAccess& access) {
  if (Result<void> written = write_all(file, path, bytes); !written) return written;
  const bool own_group = access.group == static_cast<gid_t>(-1);
  if (!own_group && fchown(file, static_cast<uid_t>(-1), access.group) != 0) {
    return system_error("cannot give httpd's group", path);
  }
  // Whatever the umask took away.
  if (fchmod(file, access.mode) != 0) return system_error("cannot set the mode of", path);
  if (fsync(file) != 0) return system_error("cannot sync", path);
  return {};
}

Result<void> sync_directory(const std::string& directory) {
  const Descriptor parent(open(directory.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (parent.valid() && fsync(parent.get()) == 0) return {};
  return system_error("cannot sync directory", directory);
}

}  // namespace

Result<ImageWriter::Table*> ImageWriter::table_of(std::string_view name) {
  if (const auto found = tables_.find(name); found != tables_.end()) return &found->second;
  if (name.empty() || name.find('\0') != std::string_view::npos) {
    return Error{in_quotes(name) + " cannot be the name of an image's table"};
  }
  if (name.size() > kMostTableName) {
    return too_large("the name " + in_quotes(name), name.size(), kMostTableName);
  }
  if (tables_.size() == kMostImageTables) {
    return Error{"an image takes " + std::to_string(kMostImageTables) +
                 " tables; put fewer maps and lists into it"};
  }
  return &tables_.emplace(std::string(name), Table()).first->second;
}

Result<void> ImageWriter::add_table(std::string_view table) {
  const Result<Table*> made = table_of(table);
  if (!made) return made.error();
  return {};
}

Result<void> ImageWriter::add(std::string_view table, std::string_view key,
                              std::string_view value) {
  const Result<Table*> found = table_of(table);
  if (!found) return found.error();
  if (key.size() > kMostImageKey) {
    return too_large("the key " + in_quotes(key.substr(0, 40)) + "...", key.size(), kMostImageKey);
  }
  if (value.size() > kMostImageValue) {
    return too_large("the value of " + in_quotes(key), value.size(), kMostImageValue);
  }
  size_ += layout::kRecordSize + key.size() + value.size() + 4 * layout::kSlotSize;
  if (size_ > kMostImageBytes) {
    return too_large("all that is to be looked up", size_, kMostImageBytes);
  }
  Table& own = **found;
  own.places.push_back(
      {layout::key_hash(fnv1a(key)), static_cast<std::uint32_t>(own.records.size())});
  if (!key.empty() && key.size() <= kMostPrefix) own.lengths |= 1u << key.size();
  char sizes[layout::kRecordSize];
  store(static_cast<std::uint32_t>(key.size()), sizes);
  store(static_cast<std::uint32_t>(value.size()), sizes + 4);
  own.records.append(sizes, sizeof sizes).append(key).append(value);
  return {};
}

Result<ImageWriter::Slots> ImageWriter::place_all(const std::string& name, const Table& table) {
  Slots slots;
  slots.bits = bits_for(table.places.size());
  const std::size_t mask = (std::size_t{1} << slots.bits) - 1;
  slots.bytes.assign((mask + 1) * layout::kSlotSize, '\0');
  for (const Place& place : table.places) {
    const std::uint32_t tag = layout::tag_of(place.hash);
    std::size_t index = layout::first_slot(place.hash, slots.bits);
    std::uint32_t probes = 1;
    char* slot = slots.bytes.data() + index * layout::kSlotSize;
    for (; load<std::uint32_t>(slot + 4) != 0; ++probes) {
      const std::string_view key = key_of_record(table.records, place.record);
      const std::size_t other = load<std::uint32_t>(slot + 4) - 1;
      if (load<std::uint32_t>(slot) == tag && key_of_record(table.records, other) == key) {
        return Error{"the table " + in_quotes(name) + " has the key " + in_quotes(key) +
                     " twice; give it once"};
      }
      index = (index + 1) & mask;
      slot = slots.bytes.data() + index * layout::kSlotSize;
    }
    store(tag, slot);
    store(place.record + 1, slot + 4);
    slots.probes = std::max(slots.probes, probes);
  }
  return slots;
}

Result<std::string> ImageWriter::bytes(std::int64_t made_us) const {
  const std::size_t directory_size = tables_.size() * layout::kEntrySize;
  std::string image(layout::kHeaderSize + directory_size, '\0');
  std::size_t entry = layout::kHeaderSize;
  for (const auto& [name, table] : tables_) {
    Result<Slots> slots = place_all(name, table);
    if (!slots) return slots.error();
    const std::size_t begin = image.size();
    const std::size_t end = begin + slots->bytes.size() + table.records.size();
    if (end > kMostImageBytes) {
      return too_large("all that is to be looked up", end, kMostImageBytes);
    }
    name.copy(image.data() + entry, layout::kNameSize - 1);
    char* const fields = image.data() + entry;
    store(static_cast<std::uint32_t>(begin), fields + layout::kSlotsAt);
    store(slots->bits, fields + layout::kSlotBitsAt);
    store(static_cast<std::uint32_t>(table.places.size()), fields + layout::kKeysAt);
    store(slots->probes, fields + layout::kProbesAt);
    store(table.lengths, fields + layout::kLengthsAt);
    entry += layout::kEntrySize;
    move_slots(slots->bytes, begin + slots->bytes.size());
    image.append(slots->bytes).append(table.records);
  }
  const std::string_view content = std::string_view(image).substr(layout::kHeaderSize);
  layout::kMagic.copy(image.data(), layout::kMagic.size());
  store(layout::kImageVersion, image.data() + layout::kVersionAt);
  store(static_cast<std::uint32_t>(tables_.size()), image.data() + layout::kTablesAt);
  store(std::uint64_t{image.size()}, image.data() + layout::kSizeAt);
  store(made_us, image.data() + layout::kMadeAt);
  store(fnv1a(content), image.data() + layout::kContentAt);
  store(crc32c(content.substr(0, directory_size)), image.data() + layout::kDirectoryCrcAt);
  store(crc32c(std::string_view(image).substr(0, layout::kHeaderCrcAt)),
        image.data() + layout::kHeaderCrcAt);
  return image;
}

Result<void> write_image(const std::string& path, std::string_view bytes,
                         const ImageAccess& access) {
  const Result<Image> image = Image::over(bytes);
  if (!image) return image.error();
  if (Result<void> whole = image->verify(); !whole) return whole;

  // With the process's id: httpd's parent and the dispatcher may make one at the same time.
  const std::string temporary = path + ".tmp-" + std::to_string(getpid());
  unlink(temporary.c_str());
  const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
  const Descriptor file(::open(temporary.c_str(), flags, S_IRUSR | S_IWUSR));
  if (!file.valid()) return system_error("cannot create", temporary);
  Result<void> done = fill_image(file.get(), temporary, bytes, access);
  if (done && rename(temporary.c_str(), path.c_str()) != 0) {
    done = system_error("cannot replace", path);
  }
  if (!done) {
    unlink(temporary.c_str());
    return done;
  }
  return sync_directory(directory_of(path));
}

}  // namespace plivo_dial
