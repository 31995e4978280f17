// SPDX-License-Identifier: Apache-2.0
#include "lib/image/image.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "lib/base/crc32c.h"
#include "lib/base/fnv1a.h"
#include "lib/image/image_file.h"
#include "lib/image/image_layout.h"

namespace plivo_dial {
namespace {

namespace layout = image_layout;
using layout::load;

constexpr std::string_view kMakeAnew = "; make it anew with plivo-dialctl compile";

Error broken_image(const std::string& what) {
  return Error{"the image " + what + std::string(kMakeAnew)};
}

// Of a file: the same with its name in front.
Error error_of_file(const std::string& path, const Error& error) {
  return Error{"'" + path + "': " + error.message};
}

// The stamp of the header that `bytes` begin with, which belongs to an image of `size` bytes.
Result<ImageStamp> check_image_header(std::string_view bytes, std::size_t size) {
  const bool ours = bytes.starts_with(layout::kMagic);
  if (!ours && bytes.size() >= layout::kMagic.size()) {
    return Error{"this is no image of maps and lists, but some other file; move it away" +
                 std::string(kMakeAnew)};
  }
  if (bytes.size() < layout::kHeaderSize) {
    return broken_image("is cut short: it has " + std::to_string(size) + " bytes");
  }
  const auto version = load<std::uint32_t>(bytes.data() + layout::kVersionAt);
  if (version != layout::kImageVersion) {
    return broken_image("has version " + std::to_string(version) +
                        ", and this program knows version " +
                        std::to_string(layout::kImageVersion));
  }
  const auto crc = load<std::uint32_t>(bytes.data() + layout::kHeaderCrcAt);
  if (crc32c(bytes.substr(0, layout::kHeaderCrcAt)) != crc) {
    return broken_image("is damaged in its header");
  }
  const auto told = load<std::uint64_t>(bytes.data() + layout::kSizeAt);
  if (told != size) {
    return broken_image("has " + std::to_string(size) + " bytes, and " + std::to_string(told) +
                        " when it was made");
  }
  return ImageStamp{load<std::int64_t>(bytes.data() + layout::kMadeAt),
                    load<std::uint64_t>(bytes.data() + layout::kContentAt)};
}

std::string_view entry_at(std::string_view bytes, std::size_t index) {
  return bytes.substr(layout::kHeaderSize + index * layout::kEntrySize, layout::kEntrySize);
}

std::string_view name_of_entry(std::string_view entry) {
  const std::string_view field = entry.substr(0, layout::kNameSize);
  return field.substr(0, field.find('\0'));
}

// Whether a table's slots lie behind the directory, which ends at `floor`, and within the image,
// and a look-up looks at each of them at most once.
bool is_sound(std::string_view entry, std::size_t floor, std::size_t size) {
  const std::uint64_t slots = load<std::uint32_t>(entry.data() + layout::kSlotsAt);
  const auto bits = load<std::uint32_t>(entry.data() + layout::kSlotBitsAt);
  const auto probes = load<std::uint32_t>(entry.data() + layout::kProbesAt);
  if (bits < 1 || bits > layout::kMostSlotBits || slots < floor) return false;
  if (probes > std::uint32_t{1} << bits) return false;
  return slots + (std::uint64_t{layout::kSlotSize} << bits) <= size;
}

// The number of tables of an image with a sound header.
Result<std::uint32_t> check_directory(std::string_view bytes) {
  const auto tables = load<std::uint32_t>(bytes.data() + layout::kTablesAt);
  const std::uint64_t length = std::uint64_t{layout::kEntrySize} * tables;
  if (length > bytes.size() - layout::kHeaderSize) {
    return broken_image("is damaged: its directory reaches behind its end");
  }
  const std::string_view directory = bytes.substr(layout::kHeaderSize, length);
  if (crc32c(directory) != load<std::uint32_t>(bytes.data() + layout::kDirectoryCrcAt)) {
    return broken_image("is damaged in its directory");
  }
  for (std::uint32_t i = 0; i < tables; ++i) {
    const std::string_view entry = entry_at(bytes, i);
    if (!is_sound(entry, layout::kHeaderSize + length, bytes.size())) {
      return broken_image("is damaged: a table of it reaches behind its end");
    }
  }
  return tables;
}

}  // namespace

std::optional<std::string_view> ImageTable::value_at(std::size_t place,
                                                     std::string_view key) const {
  const std::size_t size = bytes_.size();
  if (place > size || size - place < layout::kRecordSize) return std::nullopt;
  const char* const record = bytes_.data() + place;
  const std::size_t room = size - place - layout::kRecordSize;
  const std::size_t key_size = load<std::uint32_t>(record);
  const std::size_t value_size = load<std::uint32_t>(record + 4);
  if (key_size != key.size() || key_size > room || value_size > room - key_size) {
    return std::nullopt;
  }
  const std::string_view found(record + layout::kRecordSize, key_size);
  if (found != key) return std::nullopt;
  return std::string_view(found.data() + key_size, value_size);
}

std::optional<std::string_view> ImageTable::look_up(std::string_view key, std::uint64_t fnv) const {
  const std::uint64_t hash = layout::key_hash(fnv);
  const std::uint32_t tag = layout::tag_of(hash);
  const std::size_t mask = (std::size_t{1} << slot_bits_) - 1;
  std::size_t slot = layout::first_slot(hash, slot_bits_);
  for (std::uint32_t probe = 0; probe < probes_; ++probe, slot = (slot + 1) & mask) {
    const char* const at = slots_ + slot * layout::kSlotSize;
    const auto place = load<std::uint32_t>(at + 4);
    if (place == 0) return std::nullopt;
    if (load<std::uint32_t>(at) != tag) continue;
    if (auto value = value_at(place, key)) return value;
  }
  return std::nullopt;
}

std::optional<std::string_view> ImageTable::find(std::string_view key) const {
  return look_up(key, fnv1a(key));
}

std::optional<PrefixMatch> ImageTable::find_longest(std::string_view number) const {
  if (lengths_ == 0) return std::nullopt;
  const std::size_t most = std::min(number.size(), kMostPrefix);
  std::array<std::uint64_t, kMostPrefix + 1> fnv{fnv1a("")};
  for (std::size_t i = 0; i < most; ++i) fnv[i + 1] = fnv1a(number.substr(i, 1), fnv[i]);
  for (std::size_t length = most; length > 0; --length) {
    if ((lengths_ >> length & 1u) == 0) continue;
    const std::string_view key = number.substr(0, length);
    if (const auto value = look_up(key, fnv[length])) return PrefixMatch{key, *value};
  }
  return std::nullopt;
}

Image::Image(std::string_view bytes, bool mapped) : bytes_(bytes), mapped_(mapped) {}

Image::~Image() {
  if (mapped_) unmap_image(bytes_);
}

Image::Image(Image&& other) noexcept
    : bytes_(other.bytes_),
      mapped_(std::exchange(other.mapped_, false)),
      tables_(std::exchange(other.tables_, 0)),
      stamp_(other.stamp_) {}

Image& Image::operator=(Image&& other) noexcept {
  std::swap(bytes_, other.bytes_);
  std::swap(mapped_, other.mapped_);
  std::swap(tables_, other.tables_);
  std::swap(stamp_, other.stamp_);
  return *this;
}

Result<Image> Image::over(std::string_view bytes) {
  const Result<ImageStamp> stamp = check_image_header(bytes, bytes.size());
  if (!stamp) return stamp.error();
  const Result<std::uint32_t> tables = check_directory(bytes);
  if (!tables) return tables.error();
  Image image(bytes, false);
  image.stamp_ = *stamp;
  image.tables_ = *tables;
  return image;
}

Result<Image> Image::open(const std::string& path) {
  const Result<ImageFile> file = open_image_file(path);
  if (!file) return file.error();
  if (file->size == 0) return error_of_file(path, broken_image("is empty"));
  const Result<std::string_view> bytes = map_image(*file, path);
  if (!bytes) return bytes.error();
  Result<Image> image = over(*bytes);
  if (!image) {
    unmap_image(*bytes);
    return error_of_file(path, image.error());
  }
  image->mapped_ = true;
  return image;
}

std::vector<std::string_view> Image::table_names() const {
  std::vector<std::string_view> names;
  for (std::uint32_t i = 0; i < tables_; ++i) names.push_back(name_of_entry(entry_at(bytes_, i)));
  return names;
}

std::optional<ImageTable> Image::table(std::string_view name) const {
  std::uint32_t first = 0;
  std::uint32_t end = tables_;
  while (first < end) {
    const std::uint32_t middle = first + (end - first) / 2;
    const std::string_view entry = entry_at(bytes_, middle);
    const int order = name_of_entry(entry).compare(name);
    if (order < 0) {
      first = middle + 1;
    } else if (order > 0) {
      end = middle;
    } else {
      ImageTable table;
      table.bytes_ = bytes_;
      table.slots_ = bytes_.data() + load<std::uint32_t>(entry.data() + layout::kSlotsAt);
      table.slot_bits_ = load<std::uint32_t>(entry.data() + layout::kSlotBitsAt);
      table.keys_ = load<std::uint32_t>(entry.data() + layout::kKeysAt);
      table.probes_ = load<std::uint32_t>(entry.data() + layout::kProbesAt);
      table.lengths_ = load<std::uint32_t>(entry.data() + layout::kLengthsAt);
      return table;
    }
  }
  return std::nullopt;
}

std::optional<std::string_view> Image::find(std::string_view table_name,
                                            std::string_view key) const {
  const std::optional<ImageTable> found = table(table_name);
  return found ? found->find(key) : std::nullopt;
}

std::optional<PrefixMatch> Image::find_longest(std::string_view table_name,
                                               std::string_view number) const {
  const std::optional<ImageTable> found = table(table_name);
  return found ? found->find_longest(number) : std::nullopt;
}

Result<void> Image::verify() const {
  if (fnv1a(bytes_.substr(layout::kHeaderSize)) == stamp_.content) return {};
  return broken_image("is damaged: its content is not what it was when it was made");
}

}  // namespace plivo_dial
